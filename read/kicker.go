package read

import (
	"strings"

	"golang.org/x/net/html"
)

// splitKicker parts a heading into a kicker and the rest where an element of
// the heading sets the kicker apart: `<h1><span>Harbour</span> Ferry runs
// aground</h1>`. The heading alone proves nothing, as an element may as well
// stress the first words; so the element has to be named for kickers, or
// another source has to have the rest alone.
func (t *titles) splitKicker(s string, h *html.Node) (kicker, rest string) {
	n := h
	// The kicker is the first element in the heading, or in an element that
	// holds all of the heading's text.
	for range 4 {
		c := firstContent(n)
		if c == nil || c.Type != html.ElementNode {
			return "", ""
		}
		k := nodeText(c)
		if k != "" && len(k) < len(s) && strings.HasPrefix(s, k) {
			rest = strings.TrimLeft(s[len(k):], kickerSigns)
			kicker = strings.TrimRight(k, kickerSigns)
			if rest == "" || kicker == "" || wordCount(kicker) > 10 {
				return "", ""
			}
			if t.p.classOf(c)&clKicker != 0 && !t.stated(s) || t.apart(s[:len(s)-len(rest)], rest) {
				return kicker, rest
			}
			return "", ""
		}
		n = c
	}
	return "", ""
}

// stated tells whether the head has a text, signs aside.
func (t *titles) stated(s string) bool {
	var words [maxTokens]uint32
	key, _ := tokenize(s, &words)
	for i := range t.n {
		if c := &t.list[i]; c.key == key && c.from&(fromLD|fromOG|fromTwitter|fromMeta) != 0 {
			return true
		}
	}
	return false
}

// kickerSigns part a kicker from the headline where they stand in one line.
const kickerSigns = " :|-–—•·/+."

// apart tells whether what the head says has the rest of a heading without its
// kicker: alone, or with a sign between them that the heading does not show.
func (t *titles) apart(kicker, rest string) bool {
	h := hash([]byte(rest))
	const fromHeadOnly = fromLD | fromLDName | fromOG | fromTwitter | fromTitle | fromMeta
	for i := range t.n {
		if c := &t.list[i]; c.from&fromHeadOnly != 0 && c.hash == h {
			return true
		}
	}
	sign := strings.TrimRight(kicker, " ") != strings.TrimRight(kicker, kickerSigns)
	for i := range t.n {
		c := &t.list[i]
		if c.from&fromHeadOnly == 0 || sign || len(rest) < 12 || len(c.text) <= len(rest) {
			continue
		}
		if before, ok := strings.CutSuffix(c.text, rest); ok {
			if c.from&fromLD != 0 {
				return false // the outlet itself counts it to the headline
			}
			before = strings.TrimRight(before, " ")
			if before != strings.TrimRight(before, kickerSigns) {
				return true
			}
		}
		if after, ok := strings.CutPrefix(c.text, rest); ok {
			after = strings.TrimLeft(after, " ")
			if after != strings.TrimLeft(after, kickerSigns) && strings.HasSuffix(after, strings.TrimRight(kicker, kickerSigns)) {
				return true
			}
		}
	}
	return false
}

// firstContent returns a node's first child that is an element with text or
// text itself.
func firstContent(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			if strings.TrimSpace(c.Data) != "" {
				return c
			}
		case html.ElementNode:
			if !skipped(c.DataAtom) && nodeText(c) != "" {
				return c
			}
		}
	}
	return nil
}

// kickerAbove returns the kicker in the blocks right above the headline: an
// element is named so, or the head has block and headline in one.
func (t *titles) kickerAbove(headline int32, title string) string {
	p := t.p
	for i := headline - 1; i >= 0 && i >= headline-2; i-- {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.stats.words > 8 || b.end-b.start > 80 {
			return ""
		}
		if e.tags&(inNav|inFooter|inForm|inList) != 0 || (e.own|b.inline)&(clDate|clByline|clCaption) != 0 {
			continue
		}
		s := string(p.blockText(int(i)))
		if (e.own|b.inline)&clKicker == 0 && !t.joined(s, title) {
			continue
		}
		if p.isSiteName(s) || strings.Contains(title, s) {
			return ""
		}
		return strings.TrimRight(s, kickerSigns)
	}
	return ""
}

// joined tells whether the head has a kicker and the headline in one.
func (t *titles) joined(kicker, title string) bool {
	for i := range t.n {
		s := t.list[i].text
		if len(s) > len(kicker)+len(title) && strings.HasPrefix(s, kicker) && strings.HasSuffix(s, title) {
			return true
		}
	}
	return false
}

// subtitleBelow returns the second headline that stands right under the
// headline, where one does that is not part of the body.
func (p *page) subtitleBelow(headline int32, title string) string {
	for i := headline + 1; int(i) < len(p.blocks) && i <= headline+2; i++ {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.prob >= 0.5 || b.stats.words < 3 || b.stats.words > 40 || b.linkBytes > 0 {
			continue
		}
		if e.tags&inHeading == 0 || (e.own|b.inline)&clLead == 0 || e.tags&(inNav|inFooter|inForm|inAside) != 0 {
			continue
		}
		if s := string(p.blockText(int(i))); !strings.EqualFold(s, title) && !p.isSiteName(s) {
			return s
		}
	}
	if th := p.article(); th != nil {
		alt := th.str("alternativeHeadline")
		if alt == "" || len(alt) > 300 || strings.EqualFold(alt, title) {
			return ""
		}
		// It is the second headline only where the page shows it under the first.
		h := hash([]byte(alt))
		for i := headline + 1; int(i) < len(p.blocks) && i <= headline+6; i++ {
			if p.blocks[i].hash == h && p.blocks[i].prob < 0.5 {
				return alt
			}
		}
	}
	return ""
}
