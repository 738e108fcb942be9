package read

import (
	"bytes"
	"strings"

	"dateline"
)

// Where a page's markup has no text, its text may stand in what the page hands
// to its own scripts: JSON-LD articleBody, or the state of the application.

// enoughWords is the length from which a body in the markup is taken as it is.
const enoughWords = 60

// fromData replaces a missing body by one from JSON-LD or the page's state.
func (p *page) fromData(a *dateline.Article, words int) bool {
	if words >= enoughWords {
		return false
	}
	if s := p.articleBody; s != "" {
		if blocks, n := blocksOf(s); n > words*2 && n >= 20 {
			a.Blocks, a.Related = blocks, nil
			a.Warnings = append(a.Warnings, warnFromLD)
			return true
		}
	}
	best, most := []dateline.Block(nil), max(words*2, 80)
	for _, s := range p.state() {
		i := strings.IndexAny(s, "{[")
		if i < 0 || len(s) > 8<<20 {
			continue
		}
		var d jdoc
		parseJSON(s[i:], &d)
		if blocks, n := d.prose(a.Title); n > most {
			best, most = blocks, n
		}
	}
	if best == nil {
		return false
	}
	a.Blocks, a.Related = best, nil
	a.Warnings = append(a.Warnings, warnFromState)
	return true
}

// What is looked at of a page's scripts.
const (
	maxStates  = 64
	leastState = 500 // bytes
)

// state returns the scripts that hold the page's state. They are looked for
// when they are asked for: most pages say all in their markup.
func (p *page) state() []string {
	if p.looked {
		return p.states
	}
	p.looked = true
	s := sifter{src: p.source}
	for i := s.next(0); i >= 0 && len(p.states) < maxStates; i = s.next(i) {
		if i++; !s.scriptAt(i) {
			continue
		}
		t := s.tag(i, false)
		end := s.rawEnd(i-1, t.end, "script")
		if text := s.src[t.end:end]; len(text) > leastState && holdsState(&t, text) {
			p.states = append(p.states, string(text))
		}
		i = end
	}
	return p.states
}

// scriptAt tells whether the name of a script's tag stands at i.
func (s *sifter) scriptAt(i int) bool {
	const name = "script"
	end := i + len(name)
	return end < len(s.src) && equalFold(s.src[i:end], name) && (space(s.src[end]) || s.src[end] == '>')
}

// holdsState tells whether a script holds data for others: it says so, or
// begins by putting some into the window.
func holdsState(t *tag, text []byte) bool {
	switch {
	case equalFold(t.typ, "application/json"):
		return true
	case len(t.typ) == 0, bytes.HasSuffix(t.typ, []byte("javascript")):
		return bytes.Contains(text[:200], []byte("window.__"))
	}
	return false
}

// blocksOf makes blocks of a text that may hold markup, and counts its words.
func blocksOf(s string) (blocks []dateline.Block, words int) {
	if strings.Contains(s, "<p") || strings.Contains(s, "<br") || strings.Contains(s, "<div") || strings.Contains(s, "&lt;p") {
		if strings.Contains(s, "&lt;p") {
			s = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`).Replace(s)
		}
		p := pages.Get().(*page)
		defer func() { p.reset(); pages.Put(p) }()
		p.reset()
		p.walk(parse([]byte(s)))
		p.flush()
		p.lookUp()
		for i := range p.blocks {
			b := &p.blocks[i]
			if b.phrase.is(alone) || b.phrase.begins(readAlso) && p.isLinkLine(b) {
				continue
			}
			b.role = kept
			words += int(b.stats.words)
		}
		var a dateline.Article
		p.build(&a, nil)
		return a.Blocks, words
	}
	for _, para := range paragraphs(s) {
		blocks = append(blocks, dateline.Block{Kind: dateline.Paragraph, Text: cleanText(para)})
		words += int(count([]byte(para)).words)
	}
	return blocks, words
}

// prose finds the article in a page's state: the smallest value that holds
// most of its sentences, as strings of prose or of markup.
func (d *jdoc) prose(title string) ([]dateline.Block, int) {
	if len(d.values) == 0 {
		return nil, 0
	}
	// Words of prose below each value; children stand behind their parents.
	words := make([]int32, len(d.values))
	parent := make([]int32, len(d.values))
	parent[0] = -1
	for i := range d.values {
		for c := d.values[i].first; c >= 0; c = d.values[c].next {
			parent[c] = int32(i)
		}
	}
	for i := len(d.values) - 1; i >= 0; i-- {
		v := &d.values[i]
		if v.kind == jString && len(v.str) >= 60 && !strings.HasPrefix(v.str, "http") && strings.ContainsAny(v.str, ".。।۔") || v.kind == jString && strings.HasPrefix(v.str, "<p") {
			if isProse(v.text()) {
				words[i] = count([]byte(v.str)).words
			}
		}
		if i > 0 {
			words[parent[i]] += words[i]
		}
	}
	at := int32(0)
	for {
		next := int32(-1)
		for c := d.values[at].first; c >= 0; c = d.values[c].next {
			if words[c]*10 >= words[at]*7 && words[c] > 0 {
				next = c
			}
		}
		if next < 0 {
			break
		}
		at = next
	}
	var blocks []dateline.Block
	total := 0
	seen := map[string]bool{}
	var walk func(i int32, depth int)
	walk = func(i int32, depth int) {
		v := &d.values[i]
		if v.kind == jString {
			s := v.text()
			if words[i] > 0 && !seen[s] {
				seen[s] = true
				b, n := blocksOf(s)
				blocks = append(blocks, b...)
				total += n
			}
			return
		}
		for c := v.first; c >= 0 && depth < maxJSONDepth; c = d.values[c].next {
			walk(c, depth+1)
		}
	}
	walk(at, 0)
	return blocks, total
}

// isProse tells sentences from code, addresses and lists of words.
func isProse(s string) bool {
	if strings.ContainsAny(s[:min(len(s), 200)], "{}=") && !strings.Contains(s, "<p") {
		return false
	}
	st := count([]byte(s))
	return st.words >= 10 && st.stops > 0 && st.symbols*8 < st.words || strings.Contains(s, "</p>")
}
