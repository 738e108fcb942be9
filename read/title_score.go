package read

import "strings"

// What is seen of a candidate; weights says what each counts.
const (
	ftSource  = 0            // one a source: found there
	ftAgree   = sources      // one a source: how like its candidates are
	ftShown   = 2 * sources  // the page shows it
	ftNear    = ftShown + 1  // up to 12 blocks before the body
	ftBefore  = ftShown + 2  // up to 40 blocks
	ftAfter   = ftShown + 3  // after the body's beginning
	ftFar     = ftShown + 4  // by more than six blocks
	ftClass   = ftShown + 5  // in an element named for headlines
	ftOutside = ftShown + 6  // in navigation, an aside, the footer, a form
	ftBox     = ftShown + 7  // in a box for related articles or the like
	ftLinked  = ftShown + 8  // all of it a link
	ftHidden  = ftShown + 9  // not visible
	ftSite    = ftShown + 10 // a name of the site
	ftOneWord = ftShown + 11
	ftCut     = ftShown + 12 // ends in an ellipsis
	ftLone    = ftShown + 13 // an h1 with nothing that agrees
	ftBacked  = ftShown + 14 // an h1 of three words or more with something that agrees
	ftSplit   = ftShown + 15 // its kicker was cut off
	ftAside   = ftShown + 16 // a kicker, byline or date
	ftTop     = ftShown + 17 // a heading near the body that the head states
	ftPlain   = ftShown + 18 // the only h1, near the body, of four words or more
	ftMast    = ftShown + 19 // an h1 with nothing that agrees, and cut off <title> or beginning with the site's name
	ftCount   = ftShown + 20
)

// weights are set by hand and checked against 1,485 pages whose headline is
// known; weights learned from those pages did no better on pages of hosts left
// out.
var weights = [ftCount]float32{
	// Found in: h1, named for it, other heading, JSON-LD headline and name,
	// og:title, twitter:title, <title>, other meta, line of an h1.
	3.4, 2.0, 0.5, 1.7, 0.6, 1.4, 0.7, 0.4, 0.9, 2.6,
	// Like what was found in them.
	1.2, 0.5, 0, 1.8, 0.8, 1.8, 0.8, 1.6, 0.9, 0,
	ftShown: 0.6, ftNear: 1.2, ftBefore: 0.5, ftAfter: -1.2, ftFar: -1.8, ftClass: 0.5, ftOutside: -1.2, ftBox: -0.8,
	ftLinked: -0.8, ftHidden: -0.6, ftSite: -5, ftOneWord: -0.8, ftCut: -2, ftLone: -1.5, ftBacked: 1, ftSplit: 1,
	ftAside: -3, ftTop: 1.5, ftPlain: 1.5, ftMast: -2.5,
}

// choose scores the candidates and returns the best, nil where there is none.
func (t *titles) choose() *candidate {
	var best *candidate
	h1s := 0
	for i := range t.n {
		if c := &t.list[i]; c.from&fromH1 != 0 && c.block >= 0 && c.block <= t.body && !t.p.isSiteName(c.text) {
			h1s++
		}
	}
	for i := range t.n {
		c := &t.list[i]
		var x [ftCount]float32
		t.see(i, &x)
		if c.from&fromH1 != 0 && c.block >= 0 && c.block <= t.body && x[ftSite] == 0 {
			x[ftPlain] = num(h1s == 1) * x[ftNear] * num(c.n >= 4)
		}
		for k, w := range &weights {
			c.score += w * x[k]
		}
		if best == nil || c.score > best.score {
			best = c
		}
	}
	return best
}

// see writes what is seen of a candidate.
func (t *titles) see(i int, x *[ftCount]float32) {
	p, c := t.p, &t.list[i]
	var support float32
	for j := range t.n {
		d := &t.list[j]
		like := float32(1)
		if i != j {
			like = 2 * float32(c.common(d)) / float32(c.n+d.n)
			if like < 0.3 {
				like = 0
			}
		}
		for s := range sources {
			if d.from>>s&1 != 0 {
				x[ftAgree+s] = max(x[ftAgree+s], like)
			}
		}
	}
	for s := range sources {
		x[ftSource+s] = num(c.from>>s&1 != 0)
		if s >= 3 && s < 9 {
			support += x[ftAgree+s]
		}
	}
	x[ftSite] = num(p.isSiteName(c.text))
	x[ftOneWord] = num(c.n == 1)
	x[ftCut] = num(cutShort(c.text))
	x[ftSplit] = num(c.split)
	x[ftAside] = num(c.aside)
	if c.from&fromH1 != 0 {
		x[ftLone] = num(support < 0.5)
		x[ftMast] = num(support < 0.5 && (p.beginsWithName(c.text) || len(c.text) > 3 && strings.Contains(p.head.title, c.text)))
		x[ftBacked] = num(support >= 0.5 && c.n >= 3 && c.block <= t.body)
	}
	if c.from == fromHeading && t.list[0].from&(fromH1|fromHeading) == 0 {
		x[ftLone] = num(support < 0.5)
	}
	if c.block < 0 {
		return
	}
	b := &p.blocks[c.block]
	e := &p.elems[b.elem]
	x[ftShown] = 1
	switch d := t.body - c.block; {
	case d < 0 && t.body < int32(len(p.blocks)):
		x[ftAfter] = 1
		x[ftFar] = num(d < -6)
	case d <= 12:
		x[ftNear] = 1
	case d <= 40:
		x[ftBefore] = 1
	}
	x[ftTop] = x[ftNear] * num(c.from&fromH1 == 0 && c.from&(fromOG|fromLD|fromTitle) != 0 && e.tags&(inHeading|inNav) == inHeading)
	x[ftClass] = num((e.own|b.inline)&clHeadline != 0)
	x[ftOutside] = num(e.tags&(inNav|inAside|inFooter|inForm|inDialog) != 0)
	x[ftBox] = num(e.acc&(clRelated|clNewsletter|clModal|clComment) != 0 && e.tags&(inArticle|inMain) == 0)
	x[ftLinked] = num(b.linkBytes*10 > (b.end-b.start)*9)
	x[ftHidden] = num(e.tags&inHidden != 0 || e.own&clHidden != 0)
}

func num(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// cutShort tells whether a text ends in an ellipsis.
func cutShort(s string) bool {
	return len(s) > 3 && (s[len(s)-3:] == "..." || s[len(s)-3:] == "…")
}
