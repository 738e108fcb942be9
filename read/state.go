package read

import (
	"bytes"
	"strings"

	"dateline"
	"dateline/lang"
)

// Where a page's markup has no text, its text may stand in what the page hands
// to its own scripts: JSON-LD articleBody, or the state of the application.

// enoughWords is the length from which a body in the markup is taken as it is.
const enoughWords = 60

// fromData replaces a missing body by one from JSON-LD or the page's state and
// returns how many words that has, 0 where there is none.
func (p *page) fromData(a *dateline.Article, src *Source, words int) int {
	if words >= enoughWords {
		return 0
	}
	if s := p.articleBody; s != "" {
		if blocks, n := p.blocksOf(s); n > words*2 && n >= 20 {
			a.Blocks, a.Related = blocks, nil
			a.Warnings = append(a.Warnings, warnFromLD)
			return n
		}
	}
	if blocks, n := p.liveEntries(); n > words*2 && n >= 20 {
		a.Blocks, a.Related = blocks, nil
		a.Warnings = append(a.Warnings, warnFromLD)
		return n
	}
	var best story
	left := maxJSONValues
	for _, s := range p.state() {
		for range maxValues {
			i := strings.IndexAny(s, "{[")
			if i < 0 || len(s) > 8<<20 || left <= 0 {
				break
			}
			d := &jdoc{most: left}
			parseJSON(s[i:], d)
			left -= len(d.values)
			t := d.prose(a.Title, p)
			if t.words > max(words*2, best.words) && (t.at >= 0 || t.words > 80) {
				best = t
			}
			s = s[i+max(1, d.i):]
		}
	}
	if best.blocks == nil {
		return 0
	}
	a.Blocks, a.Related = best.blocks, nil
	p.fromStory(a, src, &best)
	a.Warnings = append(a.Warnings, warnFromState)
	return best.words
}

// maxEntries bounds the entries of a live blog in JSON-LD.
const maxEntries = 2000

// liveEntries makes blocks of the entries that the JSON-LD of a live blog has,
// each with its time and headline as headings, and counts their words.
func (p *page) liveEntries() (blocks []dateline.Block, words int) {
	t := p.article()
	if t == nil {
		return nil, 0
	}
	n := 0
	t.each("liveBlogUpdate", func(at int32) {
		if n++; n > maxEntries || t.doc.values[at].kind != jObject {
			return
		}
		entry := thing{doc: t.doc, at: at}
		body, w := p.blocksOf(t.doc.str(at, "articleBody"))
		if w == 0 {
			return
		}
		words += w
		if s := entry.str("datePublished"); s != "" { // as written: nothing else says when
			blocks = append(blocks, dateline.Block{Kind: dateline.Heading, Level: 3, Text: s})
		}
		if s := entry.str("headline"); s != "" {
			blocks = append(blocks, dateline.Block{Kind: dateline.Heading, Level: 3, Text: s})
		}
		blocks = append(blocks, body...)
	})
	return blocks, words
}

// What is looked at of a page's scripts.
const (
	maxStates  = 64
	leastState = 60 // bytes
	maxValues  = 32 // of a script
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
		switch c := s.at(i + 1); {
		case c == '!' && s.at(i+2) == '-' && s.at(i+3) == '-':
			i = commentEnd(s.src, i)
			continue
		case !letter(c):
			i++
			continue
		}
		t := s.tag(i+1, false)
		raw := rawElement(t.name)
		if raw == "" || t.end == len(s.src) {
			i = t.end
			continue
		}
		end := len(s.src)
		if raw != "plaintext" {
			end = s.rawEnd(i, t.end, raw)
		}
		if text := s.src[t.end:end]; raw == "script" && len(text) > leastState && holdsState(&t, text) {
			p.states = append(p.states, string(text))
		}
		i = end
	}
	return p.states
}

// leastHidden is the length of text in bytes from which what a page hides from
// scripts is looked at.
const leastHidden = 300

// unwrap opens what the parser takes for no text: noscript, noframes, and
// templates of shadow roots that are to be shown. ok tells that there was some.
func unwrap(text []byte) (out []byte, ok bool) {
	s := sifter{src: text}
	var shown []bool // of the open templates
	for i := s.next(0); i >= 0; i = s.next(i) {
		from, c := i+1, s.at(i+1)
		if c == '/' {
			from++
		}
		switch {
		case c == '!' && s.at(i+2) == '-' && s.at(i+3) == '-':
			i = commentEnd(text, i)
			continue
		case !letter(s.at(from)):
			i++
			continue
		}
		t := s.tag(from, false)
		end := t.end
		switch raw := rawElement(t.name); {
		case t.is("template"):
			if c != '/' {
				shown = append(shown, bytes.Contains(bytes.ToLower(text[i:end]), []byte("shadowrootmode")))
			}
			if n := len(shown) - 1; n >= 0 && shown[n] {
				s.cut(from, from+len(t.name))
				s.out = append(s.out, "div"...)
				ok = true
			}
			if c == '/' && len(shown) > 0 {
				shown = shown[:len(shown)-1]
			}
		case t.is("noscript"), t.is("noframes"):
			s.cut(from, from+len(t.name))
			s.out = append(s.out, "div"...)
			if c != '/' && raw != "" {
				ok = ok || s.rawEnd(i, end, raw)-end >= leastHidden
			}
		case raw == "plaintext":
			end = len(text)
		case c != '/' && raw != "":
			end = s.rawEnd(i, end, raw)
		}
		i = end
	}
	return append(s.out, text[s.from:]...), ok
}

// holdsState tells whether a script holds data for others: it says so, or
// begins by putting some into the window.
func holdsState(t *tag, text []byte) bool {
	typ, _, _ := bytes.Cut(t.typ, []byte(";"))
	switch {
	case equalFold(bytes.TrimSpace(typ), "application/json"):
		return true
	case len(typ) == 0, bytes.HasSuffix(typ, []byte("javascript")), equalFold(typ, "module"):
		return bytes.Contains(text[:min(len(text), 200)], []byte("window.")) || bytes.Contains(text[:min(len(text), 400)], []byte(`={"`))
	}
	return false
}

// blocksOf makes blocks of a text that may hold markup, and counts its words.
// Links are made whole by the base of page p.
func (p *page) blocksOf(s string) (blocks []dateline.Block, words int) {
	if strings.Contains(s, "<p") || strings.Contains(s, "<br") || strings.Contains(s, "<div") || strings.Contains(s, "&lt;p") {
		if strings.Contains(s, "&lt;p") {
			s = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`).Replace(s)
		}
		in := pages.Get().(*page)
		defer func() { in.reset(); pages.Put(in) }()
		in.reset()
		in.walk(parse([]byte(s)))
		in.flush()
		in.lookUp()
		for i := range in.blocks {
			b := &in.blocks[i]
			if b.phrase.is(alone) || b.phrase.begins(readAlso) && in.isLinkLine(b) {
				continue
			}
			b.role = kept
			words += int(b.stats.words)
		}
		var a dateline.Article
		in.build(&a, p.base)
		return a.Blocks, words
	}
	for _, para := range paragraphs(s) {
		if m, ok := lang.Phrases().MatchOf(beginning(para, longPhrase), alone); ok && len(para) < longPhrase &&
			(m.Mode == lang.Whole || m.Start == 0 && offers.Has(m.Category) && len(para) < 120) {
			continue
		}
		blocks = append(blocks, dateline.Block{Kind: dateline.Paragraph, Text: cleanText(para)})
		words += int(count([]byte(para)).words)
	}
	return blocks, words
}
