package read

import (
	"strings"
	"unicode/utf8"
)

// Headlines in a page's head carry the site's name and often the section's:
// "Ferry runs aground - Harbour - The Hale Courier". They are cut off where
// there is evidence: the part is a name of the site (siteNames), a section the
// page states, or what is left stands in the page as a block of its own.

// bond says how firmly a sign parts two names rather than the halves of a
// sentence.
type bond uint8

const (
	loose  bond = iota // ": ", " / ", signs without spaces: also within headlines
	medium             // dashes
	strong             // bars and the like
)

// cut is a place where a title may be parted.
type cut struct {
	start, end int // of the sign with the spaces around it
	bond       bond
}

const maxCuts = 12

// separators finds the places where a title may be parted.
func separators(s string, out *[maxCuts]cut) int {
	n := 0
	for i := 0; i < len(s) && n < maxCuts; {
		c := s[i]
		r, k := rune(c), 1
		if c >= utf8.RuneSelf {
			r, k = utf8.DecodeRuneInString(s[i:])
		}
		j := i + k
		before := i > 0 && s[i-1] == ' '
		after := j < len(s) && s[j] == ' '
		b, ok := loose, false
		switch r {
		case '|', '｜', '│', '»', '«', '›', '‹', '·', '•', '∙', '▷', '>', '<', '⋆', '~':
			// Guillemets are quotes as well, unless they stand free.
			ok = before && after || r == '|' || r == '｜' || r == '│'
			b = strong
		case '-', '–', '—', '−', '―':
			switch {
			case before && after:
				ok, b = true, medium
			case before || after || wideBeside(s, i, j):
				ok = true
			}
		case ':', '：':
			if j < len(s) && s[j] == ':' {
				j++
				ok, b = true, strong
			} else {
				ok = before || after || r == '：' || wideBeside(s, i, j)
			}
		case '/', '+':
			ok = before && after
			if ok && j < len(s)-2 && s[j+1] == '/' {
				ok = false
			}
		case '_', ',', '(', '[', '．':
			ok = r == '_' || r == ',' && after || (r == '(' || r == '[') && before
		}
		if ok {
			x := cut{start: i, end: j, bond: b}
			for x.start > 0 && s[x.start-1] == ' ' {
				x.start--
			}
			for x.end < len(s) && s[x.end] == ' ' {
				x.end++
			}
			if x.start > 0 && x.end < len(s) {
				out[n] = x
				n++
			}
		}
		i = j
	}
	return n
}

// wideBeside tells whether a sign stands beside a script without spaces.
func wideBeside(s string, i, j int) bool {
	a, _ := utf8.DecodeLastRuneInString(s[:i])
	b, _ := utf8.DecodeRuneInString(s[j:])
	return wide(a) || wide(b)
}

// wide tells whether a character is of a script without spaces, or one of its
// brackets and stops.
func wide(r rune) bool { return unspaced(r) || r >= 0x3000 && r < 0x3040 }

// trimSite cuts the names of the site and its sections off a headline from
// the page's head.
func (p *page) trimSite(s string) string {
	if len(s) > maxTitle || s == "" {
		return ""
	}
	for k := range 4 {
		t := p.trimOnce(s, false, k == 0)
		if t == s {
			break
		}
		s = t
	}
	return s
}

// trimShown does the same to a heading in the page, which carries less.
func (p *page) trimShown(s string) string {
	if len(s) > maxTitle {
		return ""
	}
	return p.trimOnce(s, true, false)
}

// trimTitle cuts <title>, which nearly always carries more than the headline:
// where no evidence is found, a short last part behind a bar goes as well.
func (p *page) trimTitle(s string) string {
	s = p.trimSite(s)
	var cuts [maxCuts]cut
	for range 2 {
		n := separators(s, &cuts)
		if n == 0 || p.shows(s) {
			break
		}
		last := cuts[n-1]
		tail, rest := s[last.end:], s[:last.start]
		tw, rw := wordCount(tail), wordCount(rest)
		if last.bond == strong && tw <= 5 && rw >= 3 && rw >= tw || last.bond == medium && tw <= 3 && rw >= 4 {
			s = rest
			continue
		}
		break
	}
	return s
}

// trimOnce cuts one part off, at the end or the beginning. shown tells that
// the text is a heading, untouched that no site name has been cut off it yet.
func (p *page) trimOnce(s string, shown, untouched bool) string {
	var cuts [maxCuts]cut
	n := separators(s, &cuts)
	if n == 0 {
		return s
	}
	whole := !shown && p.shows(s)
	// What the page shows as it stands loses nothing but the site's own name.
	// In front of or behind a bar there is no half of a headline.
	is := func(part string, b bond) bool {
		if (whole || shown) && b != strong {
			b = loose
		}
		return p.isSite(part, b)
	}
	for _, c := range cuts[:n] {
		tail, rest := s[c.end:], s[:c.start]
		if tail[len(tail)-1] == ')' || tail[len(tail)-1] == ']' {
			tail = tail[:len(tail)-1]
		} else if b := s[c.start:c.end]; strings.HasSuffix(b, "(") || strings.HasSuffix(b, "[") {
			continue
		}
		if is(tail, c.bond) && !p.isSite(rest, medium) {
			return rest
		}
	}
	for k := n - 1; k >= 0; k-- {
		c := cuts[k]
		b := s[c.start:c.end]
		if strings.HasSuffix(b, "(") || strings.HasSuffix(b, "[") || strings.HasPrefix(b, ",") {
			continue
		}
		head, rest := s[:c.start], s[c.end:]
		if is(head, c.bond) && !p.isSite(rest, medium) {
			if c.bond == loose && !p.shows(rest) {
				continue // "The Courier: ten years on"
			}
			return rest
		}
	}
	if shown || whole {
		return s
	}
	// What is left stands in the page by itself.
	for k := n - 1; k >= 0; k-- {
		if c := cuts[k]; c.bond == loose {
			// "Outlet: headline", where the page shows the headline alone.
			if rest := s[c.end:]; untouched && p.ogTitle() == "" && c.start < len(rest) && s[c.start] == ':' && wordCount(rest) >= 4 && p.shows(rest) && !p.shows(s) {
				return rest
			}
		} else {
			if rest, tail := s[:c.start], s[c.end:]; wordCount(rest) >= 2 && p.shows(rest) {
				if untouched && len(tail) > len(rest) && p.shows(tail) {
					return tail // the name of a site that nothing else names
				}
				return rest
			}
		}
	}
	for _, c := range cuts[:n] {
		if c.bond != loose {
			if rest := s[c.end:]; wordCount(rest) >= 3 && p.shows(rest) {
				return rest
			}
		}
	}
	// The last part is a section: the page states it or shows it elsewhere.
	c := cuts[n-1]
	tail, rest := s[c.end:], s[:c.start]
	if c.bond != loose && (p.isSection(tail) || wordCount(tail) <= 3 && wordCount(rest) >= 4 && p.shows(tail)) {
		return rest
	}
	return s
}

// shows tells whether the page has a block with just this text.
func (p *page) shows(s string) bool {
	return len(p.blocks) > 0 && p.copies[hash([]byte(s))] > 0
}

// wordCount counts a text's words.
func wordCount(s string) int32 {
	t := count([]byte(s))
	return t.words
}
