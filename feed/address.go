package feed

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"dateline/lang"
)

// What an address looks like says much about what is there. Its pattern is its
// path with the kind of each segment for the segment, so that all articles of
// an outlet have one pattern or a few:
//
//	/politics/2026/11/28/ministers-talk-all-night   /w/Y/n/n/S
//	/read/1234567/ministers-talk.html               /w/N/S.html
//	/index.php?id=1234                              /w.php?id=N

// shape is what is seen in an address.
type shape struct {
	pattern string
	folder  string // its first segment, if there are more and it is a word
	depth   int
	slug    bool // a segment of several words
	id      int  // digits of the longest number that is no date
	date    bool
	file    bool // an ending of a page
}

func shapeOf(u *url.URL) shape {
	var s shape
	var b strings.Builder
	b.WriteString(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."))
	segments := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	s.depth = len(segments)
	for i, seg := range segments {
		ending := ""
		if i == len(segments)-1 {
			if j := strings.LastIndexByte(seg, '.'); j > 0 && len(seg)-j <= 7 && !number(seg[j+1:]) {
				ending = strings.ToLower(seg[j:])
				seg = seg[:j]
				s.file = true
			}
		}
		kind, digits := segmentKind(seg)
		if i == 0 && len(segments) > 1 && kind == "w" {
			s.folder = seg
		}
		s.id = max(s.id, digits)
		s.slug = s.slug || kind[0] == 'S'
		b.WriteByte('/')
		b.WriteString(kind)
		b.WriteString(ending)
	}
	if u.RawQuery != "" {
		for pair := range strings.SplitSeq(u.RawQuery, "&") {
			name, v, _ := strings.Cut(pair, "=")
			kind, digits := "w", 0
			if v != "" {
				kind, digits = segmentKind(v)
			}
			s.id = max(s.id, digits)
			b.WriteString("?" + name + "=" + kind)
		}
	}
	if d, ok := lang.URLDate(u.Path); ok && d.Month > 0 {
		s.date = true
	}
	s.pattern = b.String()
	return s
}

// segmentKind names the kind of a path's segment and the digits of a number in
// it: n of one or two digits, N longer, Y a year, H an id in letters and
// digits, S a slug of several words, w anything else; an I behind says that an
// id is part of it.
func segmentKind(seg string) (kind string, digits int) {
	if number(seg) {
		switch {
		case len(seg) <= 2:
			return "n", 0
		case year(seg):
			return "Y", 0
		}
		return "N", len(seg)
	}
	parts, run, longest, letterCount, foreign, changes := 1, 0, 0, 0, 0, 0
	for _, c := range seg {
		switch {
		case c >= '0' && c <= '9':
			if run == 0 {
				changes++
			}
			run++
			longest = max(longest, run)
			continue
		case c == '-' || c == '_' || c == ' ' || c == '+' || c == ',':
			parts++
		case c >= 0x80:
			foreign++
			letterCount++
		default:
			letterCount++
		}
		run = 0
	}
	if longest == 8 && strings.Contains(seg, "20") && parts == 1 {
		longest = 6 // most likely a date, with a letter before it
	}
	id := ""
	if longest >= 4 {
		id, digits = "I", longest
	}
	switch {
	case parts >= 4 || parts == 3 && letterCount >= 14 || letterCount >= 24 || foreign >= 8:
		return "S" + id, digits
	case changes >= 3 && len(seg) >= 8:
		return "H", len(seg)
	}
	return "w" + id, digits
}

// registrable is the part of a host that one owner registers, the host itself
// where it has none.
func registrable(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if site, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return site
	}
	return host
}

// otherEndings are of files that are no page.
var otherEndings = map[string]bool{
	".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".svg": true, ".ico": true, ".pdf": true, ".mp3": true, ".mp4": true,
	".m3u8": true, ".zip": true, ".apk": true, ".exe": true, ".doc": true, ".docx": true, ".xls": true, ".xlsx": true, ".ppt": true, ".css": true,
	".js": true, ".json": true, ".xml": true, ".rss": true, ".atom": true, ".txt": true, ".ics": true, ".epub": true,
}

// machinery are segments of addresses by which the common systems of
// publishing name what is no article.
var machinery = map[string]bool{
	"login": true, "signin": true, "sign-in": true, "signup": true, "sign-up": true, "register": true, "logout": true, "account": true, "accounts": true,
	"tag": true, "tags": true, "author": true, "authors": true, "search": true, "share": true, "print": true, "feed": true, "feeds": true, "rss": true,
	"cart": true, "wp-login": true, "wp-admin": true, "wp-content": true, "wp-json": true, "cdn-cgi": true, "user": true, "users": true,
	"subscribe": true,
}

// questions are parameters that ask for something other than an article.
var questions = map[string]bool{
	"s": true, "q": true, "query": true, "search": true, "keyword": true, "paged": true, "replytocom": true, "share": true, "print": true,
	"login": true, "redirect": true, "redirect_to": true, "return": true, "returnurl": true,
}

// noArticle tells an address that cannot be an article's.
func noArticle(u *url.URL) bool {
	path := strings.ToLower(strings.Trim(u.Path, "/"))
	if path == "" && u.RawQuery == "" {
		return true
	}
	if i := strings.LastIndexByte(path, '.'); i >= 0 && otherEndings[path[i:]] {
		return true
	}
	segments := strings.Split(path, "/")
	for i, seg := range segments {
		base, _, _ := strings.Cut(seg, ".")
		after := segments[i+1:]
		switch {
		case machinery[base],
			base == "page" && len(after) > 0 && number(after[0]),
			(base == "category" || base == "categories") && len(after) < 2:
			return true
		}
	}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(strings.ToLower(pair), "=")
		if questions[name] || name == "page" && number(value) {
			return true
		}
	}
	return trap(u)
}
