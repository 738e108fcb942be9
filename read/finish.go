package read

import (
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/lang"
)

// finish settles what depends on the whole body: the language, the dateline,
// the notes of correction, and last the text with the blocks' places in it.
func finish(a *dateline.Article, names []string, declared string) {
	if a.Language == "" {
		var sample strings.Builder
		for i := range a.Blocks {
			if b := &a.Blocks[i]; b.Kind != dateline.Caption && sample.Len() < languageSample {
				sample.WriteString(b.Text)
				sample.WriteByte('\n')
			}
		}
		a.Language = language(sample.String(), a.Title, declared)
	}
	for i := range a.Blocks {
		if a.Dateline != nil {
			break
		}
		b := &a.Blocks[i]
		if b.Kind == dateline.Caption || b.Kind == dateline.Heading || b.Kind == dateline.ListItem {
			continue // agencies put the points of a report above it
		}
		if d, n := lang.FindDateline(b.Text, a.Language, lang.DatelineHints{Names: names, Text: textFrom(a.Blocks[i:])}); n > 0 {
			cut := d
			a.Dateline = &cut
			cutBlock(b, n)
			break
		}
		if m, ok := lang.Phrases().MatchOf(beginning(b.Text, 200), correction); b.Kind != dateline.Standfirst && !(ok && m.Start <= 1) {
			break
		}
	}
	set := lang.Phrases()
	under := false // a heading of corrections
	for i := range a.Blocks {
		b := &a.Blocks[i]
		if b.Kind == dateline.Caption {
			continue
		}
		// Amid the body they are told by how they begin, at its head and foot
		// by what stands in them too.
		m, ok := set.MatchOf(beginning(b.Text, 200), correction)
		if b.Kind == dateline.Heading && ok && headsCorrections(m) {
			under = true
			continue
		}
		if under || ok && (m.Start == 0 || i < 4 || i >= len(a.Blocks)-6) {
			a.Corrections = append(a.Corrections, b.Text)
		}
		under = false
	}
	join(a)
}

// datelineApart finds a dateline that stands in a block of its own before the
// first paragraph.
func (p *page) datelineApart(a *dateline.Article) {
	const most = 8 // words
	first := -1
	for i := range p.blocks {
		if b := &p.blocks[i]; b.role == kept && b.prose() {
			first = i
			break
		}
	}
	if first < 1 {
		return
	}
	b := &p.blocks[first-1]
	e := &p.elems[b.elem]
	if b.role == caption || b.stats.words > most || b.linkBytes > 0 || p.headingLevel(first-1) > 0 || int32(first-1) == p.title ||
		e.tags&(inFigure|inCaption|inNav|inAside|inFooter) != 0 || (e.own|b.inline)&(clCaption|clKicker|clNav|clTags|clRelated) != 0 {
		return
	}
	apart := string(p.blockText(first - 1))
	text := apart + " " + string(p.blockText(first))
	if d, n := lang.FindDateline(text, a.Language, lang.DatelineHints{Names: p.siteNames(), Text: text}); n == len(apart)+1 && (d.Agency != "" || !b.stats.endsColon) {
		a.Dateline = &d
		b.role = dropped
	}
}

// textFrom is the beginning of the text of blocks.
func textFrom(blocks []dateline.Block) string {
	const enough = 8 << 10
	var text strings.Builder
	for i := range blocks {
		if text.Len() > enough {
			break
		}
		text.WriteString(blocks[i].Text)
		text.WriteByte('\n')
	}
	return text.String()
}

// beginning is at most the first n bytes of s, cut between characters.
func beginning(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// cutBlock drops the first n bytes of a block, and the links that stood there.
func cutBlock(b *dateline.Block, n int) {
	b.Text = b.Text[n:]
	links := b.Links[:0]
	for _, l := range b.Links {
		if l.Start >= n {
			l.Start -= n
			l.End -= n
			links = append(links, l)
		}
	}
	b.Links = links
}

// join makes the text of the blocks.
func join(a *dateline.Article) {
	n := 0
	for i := range a.Blocks {
		n += len(a.Blocks[i].Text) + 2
	}
	var text strings.Builder
	text.Grow(n)
	for i := range a.Blocks {
		b := &a.Blocks[i]
		if b.Kind == dateline.Caption {
			b.Start = -1
			continue
		}
		if text.Len() > 0 {
			text.WriteString("\n\n")
		}
		b.Start = text.Len()
		text.WriteString(b.Text)
	}
	a.Text = text.String()
}

// languageSample is how much of the body its language is told by, in bytes.
const languageSample = 6000

// language decides on the body's words; what the page declares decides only
// where there are too few of them, or between near relatives.
func language(sample, title, declared string) string {
	if len(sample) < shortSample {
		sample += title
	}
	tag, sure := lang.Detect(sample)
	declared = primary(canonicalTag(declared))
	if !lang.Known(declared) {
		declared = ""
	}
	switch {
	case declared == "" && len(sample) < fewBytes && sure < 0.99:
		return ""
	case declared == "" || declared == tag:
	case tag == "":
		return declared
	case len(sample) < fewBytes || len(sample) < shortSample && sure < 0.99:
		tag, _ = lang.DetectAmong(sample, declared)
	case sure < 0.95:
		for _, c := range lang.Candidates(sample) {
			if primary(c.Tag) == declared && c.Confidence > 0.05 {
				return c.Tag
			}
		}
	}
	return tag
}

// Bytes under which a text is too short to tell its language, and under which
// what the page declares is as good where its script allows it.
const (
	fewBytes    = 16
	shortSample = 40
)

// canonicalTag tidies what stands in lang attributes and meta elements.
func canonicalTag(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if len(s) < 2 || len(s) > 35 {
		return ""
	}
	for _, c := range []byte(s) {
		if c != '-' && (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			return ""
		}
	}
	return s
}

func primary(tag string) string {
	b, _, _ := strings.Cut(tag, "-")
	if len(b) > 3 {
		return ""
	}
	return strings.ToLower(b)
}
