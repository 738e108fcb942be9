package read

import (
	"bytes"
	"strings"

	"dateline"
)

// findBody lets the classifier look at every block.
func (p *page) findBody(opt *Options) {
	if len(p.blocks) == 0 {
		return
	}
	st := p.measure()
	p.description = []byte(strings.Join(strings.Fields(p.head.meta("og:description", "description", "twitter:description")), " "))
	st.title = p.titleBlock()
	p.describe(&st)
	m := opt.Model
	if m == nil {
		m = builtin()
	}
	m.classify(p)
	if opt.Observe != nil {
		obs := make([]Observation, len(p.blocks))
		for i := range p.blocks {
			b := &p.blocks[i]
			obs[i] = Observation{Text: p.blockText(i), Row: &b.feat, Prob: b.prob, Words: int(b.stats.words), Heading: p.elems[b.elem].tags&inHeading != 0}
		}
		opt.Observe(obs)
	}
}

// titleBlock returns the block that shows the headline, -1 if none does.
func (p *page) titleBlock() int32 {
	og := p.head.meta("og:title", "twitter:title")
	doc := p.head.title
	for _, i := range p.h1 {
		t := string(p.blockText(int(i)))
		if og != "" && (strings.Contains(og, t) || strings.Contains(t, og)) || doc != "" && strings.Contains(doc, t) {
			return i
		}
	}
	if og != "" {
		h := hash([]byte(og))
		for i := range p.blocks {
			if p.blocks[i].hash == h {
				return int32(i)
			}
		}
	}
	if len(p.h1) > 0 {
		return p.h1[0]
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if p.elems[b.elem].tags&inHeading != 0 && len(doc) > 20 && bytes.Contains([]byte(doc), p.blockText(i)) && b.stats.words > 3 {
			return int32(i)
		}
	}
	return -1
}

func (p *page) body(a *dateline.Article) {
	var text strings.Builder
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.prob < 0.5 {
			continue
		}
		if text.Len() > 0 {
			text.WriteString("\n\n")
		}
		a.Blocks = append(a.Blocks, dateline.Block{Kind: dateline.Paragraph, Text: string(p.blockText(i)), Start: text.Len()})
		text.Write(p.blockText(i))
	}
	a.Text = text.String()
}
