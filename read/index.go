package read

import (
	"net/url"
	"slices"
	"strings"

	"dateline"
)

// A list of articles is told from an article by what the page is made of: links
// that are headlines, alike and many, and beside them no prose but their
// summaries. What speaks for an article is counted against it.

// What a page must have to be a list.
const (
	fewTeasers    = 5
	manyTeasers   = 8
	sureTeasers   = 12
	ownWords      = 40 // of prose that is no summary
	teaserSummary = 3  // blocks between a headline and its summary
)

// isIndex tells a list of articles, the front page of a host among them.
func (p *page) isIndex(a *dateline.Article, t *thing, og string, words int) bool {
	teasers := p.teasers()
	if len(teasers) < fewTeasers {
		return false
	}
	own, summaries := p.ownProse(teasers)
	collection := false
	for i := range p.things {
		switch strings.ToLower(p.things[i].typ) {
		case "collectionpage", "searchresultspage":
			collection = true
		}
	}
	front := frontPage(a.URL) || a.URL == "" && frontPage(p.head.canonical)
	declared := t != nil && t.rank >= 4 || og == "article"
	switch {
	case front:
		return !declared || len(teasers) >= manyTeasers
	case declared:
		return false
	case collection:
		return own < 3*ownWords
	case own >= ownWords && own >= summaries/2:
		return false
	}
	signs := p.articleSigns(a, own)
	switch {
	case len(teasers) >= sureTeasers && summaries > own:
		return signs < 3
	case words < 2*ownWords || own < ownWords:
		return signs < 2
	}
	return false
}

// teasers returns the blocks that are headlines of other articles: whole links
// of some words outside of menus, of which there are several of one make.
func (p *page) teasers() []int32 {
	makes := map[uint32]int{}
	var out []int32
	seen := map[string]bool{}
	for i := range p.blocks {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.stats.words < 3 || b.stats.words > 30 || b.linkBytes*10 < (b.end-b.start)*9 || e.tags&(inNav|inFooter|inForm|inDialog) != 0 || e.acc&clNav != 0 {
			continue
		}
		if href := p.links[b.links[0]].href; !seen[href] {
			seen[href] = true
			makes[e.sig]++
			out = append(out, int32(i))
		}
	}
	return slices.DeleteFunc(out, func(i int32) bool { return makes[p.elems[p.blocks[i].elem].sig] < fewTeasers })
}

// ownProse counts the words of the sentences that are taken for body: those of
// the page's own, and those that are summaries of teasers.
func (p *page) ownProse(teasers []int32) (own, summaries int) {
	next := 0
	last := int32(-1000) // the teaser before
	for i := range p.blocks {
		if next < len(teasers) && teasers[next] == int32(i) {
			last = int32(i)
			next++
			continue
		}
		b := &p.blocks[i]
		if b.role != kept || b.stats.words < 6 || b.linkBytes*2 > b.end-b.start {
			continue
		}
		if int32(i)-last <= teaserSummary && p.item(b.elem) == p.item(p.blocks[last].elem) {
			summaries += int(b.stats.words)
		} else if b.prose() {
			own += int(b.stats.words)
		}
	}
	return own, summaries
}

// articleSigns counts what speaks for an article: a headline of several words, a
// writer or a date at it, prose of its own, an address as articles have it.
func (p *page) articleSigns(a *dateline.Article, own int) (n int) {
	if p.title >= 0 {
		if b := &p.blocks[p.title]; b.stats.words >= 5 && b.linkBytes == 0 && p.elems[b.elem].tags&inHeading != 0 {
			n++
		}
	}
	if own >= 15 {
		n++
	}
	if len(a.Authors) > 0 {
		n++
	}
	for _, d := range a.Dates {
		if d.Chosen && (d.From == "json-ld" || d.From == "meta" || d.From == "url") {
			n++
		}
	}
	if articleAddress(p.url) {
		n++
	}
	return n
}

// frontPage tells the address of a host itself.
func frontPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Path == "" || u.Path == "/") && u.RawQuery == ""
}

// articleAddress tells an address as articles have it: with a number of five
// digits or more in its last part, or with four words or more.
func articleAddress(u *url.URL) bool {
	if u == nil {
		return false
	}
	path := strings.TrimRight(u.Path, "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	digits, run := 0, 0
	for _, c := range []byte(last + "?" + u.RawQuery) {
		if c >= '0' && c <= '9' {
			run++
			digits = max(digits, run)
		} else {
			run = 0
		}
	}
	return digits >= 5 || strings.Count(last, "-") >= 3 || strings.Count(last, "_") >= 3
}
