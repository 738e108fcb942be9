package read

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Single line breaks within a block are white space, as where a page was filled
// by hand. But old pages part their paragraphs with nothing else, and lists of
// the dead or of results, verses and addresses are lines.

// lines parts a block at its line breaks where they part paragraphs or the
// lines of a list; nil where the block is one.
func (p *page) lines(b *textBlock) [][2]int32 {
	if b.brs[1] == b.brs[0] {
		return nil
	}
	var out [][2]int32
	start := b.start
	add := func(end int32) {
		s, e := start, end
		for e > s && p.buf[e-1] == ' ' {
			e--
		}
		if e > s {
			out = append(out, [2]int32{s, e})
		}
		start = end
	}
	for _, at := range p.brs[b.brs[0]:b.brs[1]] {
		if at > b.start && at < b.end {
			add(at)
		}
	}
	add(b.end)
	if len(out) < 2 || !p.paragraphLines(out) && !p.listLines(out) {
		return nil
	}
	return out
}

// paragraphLines tells whether lines are paragraphs: each of some length, and
// all but the last end with their sentence.
func (p *page) paragraphLines(lines [][2]int32) bool {
	const least = 12 // words, on average
	words := int32(0)
	for i, l := range lines {
		st := count(p.buf[l[0]:l[1]])
		if !st.endsStop && i < len(lines)-1 {
			return false
		}
		words += st.words
	}
	return words >= least*int32(len(lines))
}

// listLines tells whether lines are those of a list or a verse: three or more
// short ones that begin with a number, a mark or a capital and have no
// sentence's end within them.
func (p *page) listLines(lines [][2]int32) bool {
	const most = 20 // words
	if len(lines) < 3 {
		return false
	}
	for _, l := range lines {
		s := p.buf[l[0]:l[1]]
		if r, _ := utf8.DecodeRune(s); unicode.IsLower(r) || unicode.IsPunct(r) && !strings.ContainsRune("-–—•*(\"“„«‘", r) {
			return false
		}
		if st := count(s); st.words > most || st.stops > 1 {
			return false
		}
	}
	return true
}

// textIn is a part of the page's text.
func (p *page) textIn(start, end int32) string { return string(p.buf[start:end]) }

// items tells whether lines begin with numbers or with marks.
func (p *page) items(lines [][2]int32) bool {
	for _, l := range lines {
		r, _ := utf8.DecodeRune(p.buf[l[0]:l[1]])
		if !unicode.IsDigit(r) && !strings.ContainsRune("-–—•*", r) {
			return false
		}
	}
	return true
}
