package read

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/lang"
)

// An article over several pages has links to the others: numbers, or words for
// the next, to addresses that differ from its own by the number of a page.

// morePages returns the addresses of an article's other pages.
func (p *page) morePages() []string {
	const most, near = 50, 20 // pages, blocks behind the body
	if p.url == nil {
		return nil
	}
	var out []string
	add := func(s string) {
		if s != "" && len(out) < most && s != p.url.String() && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.role == kept || p.elems[b.elem].acc&clComment != 0 || int32(i) > p.extent().last+near {
			continue
		}
		for _, l := range p.links[b.links[0]:b.links[1]] {
			n, ok := pageLink(p.buf[l.start:l.end])
			if !ok {
				continue
			}
			if to := resolve(p.base, l.href); pageAddress(p.url, to, n) {
				add(to)
			}
		}
	}
	for _, s := range [...]string{p.head.prev, p.head.next} {
		if to := resolve(p.base, s); pageAddress(p.url, to, anyPage) {
			add(to)
		}
	}
	return out
}

// mostPages is the greatest number that is still a page's.
const mostPages = 99

// anyPage stands for a page whose number is not known.
const anyPage = 0

// pageLink tells which page the text of a link leads to: a number, alone or
// behind a word ("2", "Page 2"), or words for the next page or the one before.
func pageLink(text []byte) (n int, ok bool) {
	const most = 40 // bytes
	if len(text) == 0 || len(text) > most {
		return 0, false
	}
	s := strings.Trim(string(text), " »›>→«‹<←")
	if n := number(s[strings.LastIndexByte(s, ' ')+1:]); n > 0 && strings.Count(s, " ") <= 1 {
		return n, n <= mostPages
	}
	_, ok = lang.Phrases().MatchOf(s, lang.CategoriesOf(lang.PageNext, lang.PagePrev))
	return anyPage, ok
}

// number reads a number of up to three digits, of any script; 0 is none.
func number(s string) int {
	n := 0
	if utf8.RuneCountInString(s) > 3 {
		return 0
	}
	for _, r := range s {
		if !unicode.IsDigit(r) {
			return 0
		}
		n = n*10 + digitValue(r)
	}
	return n
}

// pageAddress tells whether an address is that of base with another page's
// number: the same path with /2, -2, _2 or ?page=2 added, changed or, for the
// first page, left out. n is the page asked for.
func pageAddress(base *url.URL, other string, n int) bool {
	u, err := url.Parse(other)
	if base == nil || err != nil || u.Host != base.Host {
		return false
	}
	a, b := strings.TrimSuffix(base.Path, "/"), strings.TrimSuffix(u.Path, "/")
	if ext := strings.LastIndexByte(a, '.'); ext > strings.LastIndexByte(a, '/') && strings.HasSuffix(b, a[ext:]) {
		a, b = a[:ext], strings.TrimSuffix(b, a[ext:])
	}
	if len(a) < 2 || len(b) < 2 {
		return false
	}
	first := n == 1 || n == anyPage
	if a == b {
		return pageQuery(base.Query(), u.Query(), n)
	}
	if u.RawQuery != "" && base.RawQuery != u.RawQuery {
		return false
	}
	own, was := numbered(a)
	to, is := numbered(b)
	switch {
	case n == anyPage && is > 0 && (was > 0 && (was > mostPages || is != was+1 && is != was-1) || was == 0 && is != 2):
		return false // another article with a number
	case is > 0 && (n == anyPage || is == n):
		// Numbered where this one is not, or both with numbers of their own.
		return slices.Contains(to[:], a) || was > 0 && to[0] == own[0]
	case first && was > 1:
		return slices.Contains(own[:], b)
	}
	return false
}

// pageQuery tells whether a query differs from another in one parameter alone,
// which has the number of page n or of its first entry, or none for the first
// page. Where this page has no such parameter, the next is the second; a
// parameter that both have may be the article's number, and then only a link
// with the page's own leads to another page.
func pageQuery(was, is url.Values, n int) bool {
	const fewEntries = 5 // a page
	key := ""
	for _, q := range [...]url.Values{was, is} {
		for k := range q {
			if k != key && was.Get(k) != is.Get(k) {
				if key != "" {
					return false
				}
				key = k
			}
		}
	}
	if key == "" {
		return false
	}
	from, to := number(was.Get(key)), number(is.Get(key))
	switch {
	case !is.Has(key): // the first page has none
		return from > 1 && n <= 1
	case to == 0:
		return false
	case n == anyPage:
		return !was.Has(key) && to == 2
	case to == n:
		return true
	}
	return !was.Has(key) && n > 1 && to%(n-1) == 0 && to/(n-1) >= fewEntries
}

// numbered takes the page number off the end of a path: /a-2 is /a, and where a
// short word stands before it, /a/page/2 and /a,seite-2 are /a with or without
// it. n is 0 where there is none.
func numbered(path string) (rest [2]string, n int) {
	i := len(path)
	for i > 0 && path[i-1] >= '0' && path[i-1] <= '9' {
		i--
	}
	if n = number(path[i:]); n == 0 || i == 0 {
		return [2]string{path, path}, 0
	}
	path = strings.TrimRight(path[:i], "-_/.,=")
	rest = [2]string{path, path}
	w := len(path)
	for w > 0 && path[w-1]|0x20 >= 'a' && path[w-1]|0x20 <= 'z' {
		w--
	}
	// A word of the address itself is longer, or stands behind another sign.
	if l := len(path) - w; w > 0 && l > 0 && l <= 8 && strings.IndexByte("/,", path[w-1]) >= 0 {
		rest[1] = path[:w-1]
	}
	return rest, n
}
