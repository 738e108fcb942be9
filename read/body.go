package read

import (
	"strings"

	"dateline"
	"dateline/lang"
)

// bodyFrom returns the probability from which blocks are taken for body: two
// fifths, and on a page of an unknown make, where that leaves hardly any words,
// the one that makes the expected F1 over the words greatest
// (Lewis, "Evaluating and optimizing autonomous text classification systems",
// SIGIR 1995), so that such a page keeps its text. A page of one block is that block.
func (p *page) bodyFrom() float32 {
	if len(p.blocks) == 1 {
		return 0
	}
	const steps = 64
	var words, prob [steps]float32 // sums by probability
	var all, sure float32
	for i := range p.blocks {
		b := &p.blocks[i]
		k := min(steps-1, int(b.prob*steps))
		w := float32(b.stats.words)
		words[k] += w
		prob[k] += b.prob * w
		all += b.prob * w
		if b.prob >= 0.5 {
			sure += w
		}
	}
	if sure >= enoughWords {
		return 0.4
	}
	best, from := float32(0), steps/2
	var w, hit float32
	for k := steps - 1; k >= steps/5; k-- {
		w += words[k]
		hit += prob[k]
		if f1 := 2 * hit / (w + all); f1 > best {
			best, from = f1, k
		}
	}
	return float32(min(from, steps/2)) / steps
}

// role is what becomes of a block.
type role uint8

const (
	dropped role = iota
	kept
	caption
	related
)

// findBody lets the classifier look at every block.
func (p *page) findBody(opt *Options) {
	p.title = -1
	p.description = []byte(foldSpace(p.head.meta("og:description", "description", "twitter:description")))
	for i := range p.things {
		if s := p.things[i].doc.str(p.things[i].at, "articleBody"); p.things[i].rank >= 3 && len(s) > len(p.articleBody) {
			p.articleBody = s
		}
	}
	if len(p.blocks) == 0 {
		return
	}
	p.lookUp()
	st := p.measure()
	p.about.set(firstOf(p.head.meta("og:title", "twitter:title"), p.head.title))
	p.summary.set(string(p.description))
	st.title = p.titleBlock()
	p.title = st.title
	p.describe(&st)
	m := opt.Model
	if m == nil {
		m = builtin()
	}
	m.classify(p)
	if opt.Trial != nil && opt.Trial.Observe != nil {
		obs := make([]Observation, len(p.blocks))
		for i := range p.blocks {
			b := &p.blocks[i]
			obs[i] = Observation{Text: p.blockText(i), Row: &b.feat, Prob: b.prob}
		}
		opt.Trial.Observe(obs)
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// titleBlock returns the block that shows the headline, -1 if none does.
func (p *page) titleBlock() int32 {
	og := p.ogTitle()
	doc := p.head.title
	if len(doc) > maxTitle {
		doc = ""
	}
	for _, i := range p.h1[:min(len(p.h1), maxH1)] {
		t := str(p.blockText(int(i)))
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
	if len(doc) > 20 {
		for i := range p.blocks {
			b := &p.blocks[i]
			if b.stats.words > 3 && p.elems[b.elem].tags&inHeading != 0 && strings.Contains(doc, str(p.blockText(i))) {
				return int32(i)
			}
		}
	}
	return -1
}

// Categories of phrases that are never a block of the body by themselves.
var (
	furniture = lang.CategoriesOf(lang.CommentForm, lang.Share, lang.Newsletter, lang.Ad, lang.Copyright,
		lang.Cookie, lang.Login, lang.More, lang.Nav, lang.Listen, lang.PageNext, lang.PagePrev)
	alone       = furniture | lang.CategoriesOf(lang.ReadAlso, lang.Popular, lang.CommentHeading, lang.TagList, lang.Paywall, lang.Published, lang.Updated, lang.Byline, lang.PhotoCredit)
	photoCredit = lang.CategoriesOf(lang.PhotoCredit)
	correction  = lang.CategoriesOf(lang.Correction)
	paywall     = lang.CategoriesOf(lang.Paywall)
	linkList    = lang.CategoriesOf(lang.Share, lang.TagList, lang.Nav) // with links behind them
	readAlso    = lang.CategoriesOf(lang.ReadAlso)
	popular     = lang.CategoriesOf(lang.Popular)
	comments    = lang.CategoriesOf(lang.CommentForm, lang.CommentHeading)
	notText     = lang.CategoriesOf(lang.CommentForm, lang.Cookie, lang.Newsletter, lang.Login)
)

// assign decides what becomes of each block.
func (p *page) assign(a *dateline.Article) {
	titleHash := hash([]byte(a.Title))
	first, last := -1, -1
	from := p.bodyFrom()
	for i := range p.blocks {
		b := &p.blocks[i]
		b.role = dropped
		if b.prob < from {
			continue
		}
		e := &p.elems[b.elem]
		switch {
		case a.Title != "" && b.hash == titleHash, int32(i) == p.title && e.tags&inHeading != 0:
			continue
		case b.phrase.is(furniture | paywall), b.phrase.is(alone) && b.prob < sureBody:
			continue
		case b.phrase.found && b.phrase.match.Mode == lang.Anywhere && notText.Has(b.phrase.match.Category):
			continue
		case b.phrase.begins(readAlso) && p.isLinkLine(b):
			continue
		case b.phrase.begins(linkList) && b.links[1] > b.links[0] && p.isLinkLine(b):
			continue
		case e.tags&inCaption != 0, p.titleLine(i, a.Title), p.linkBar(b):
			continue
		case b.imgBefore && b.stats.words < 60 && p.endsInCredit(i):
			b.role = caption
			continue
		}
		b.role = kept
	}
	p.keepSiblings()
	p.keepHeadings()
	p.keepLead()
	p.keepQuotes()
	p.dropLinkRuns()
	p.dropOffers()
	p.dropHidden()
	p.dropComments()
	p.dropMail()
	p.dropEcho()
	p.dropBio(a.Authors)
	p.dropHead(a.Authors)
	p.dropNext()
	p.dropTail()
	p.dropWall()
	for i := range p.blocks {
		if p.blocks[i].role == kept {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	// A heading with nothing under it headed something that was dropped.
	for last >= first && first >= 0 && (p.blocks[last].role != kept || p.headingLevel(last) > 0) {
		p.blocks[last].role = dropped
		last--
	}
	if first < 0 || last < first {
		p.keepSentences()
		return
	}
	first, last = p.keepTables(first, last)
	p.keepLists(first, last)
	last = p.keepCorrections(first, last)
	p.findRelated(first, last)
	like := uint32(0) // the make of the caption before
	for i, end := max(0, first-6), last+2; i <= min(end, len(p.blocks)-1); i++ {
		b := &p.blocks[i]
		if b.role == dropped && b.copies == 1 && p.isCaption(b) && !authorWords().labelled(str(p.blockText(i))) {
			b.role = caption
			// A gallery goes on under the text while its captions are alike.
			if sig := p.elems[b.elem].sig; i <= last+2 || sig == like {
				like, end = sig, max(end, i+1)
			}
		}
	}
}

// endsInCredit tells whether a block is or ends with the credit of a picture.
func (p *page) endsInCredit(i int) bool {
	b := &p.blocks[i]
	_, _, ok := cutCredit(str(p.blockText(i)), stops)
	return ok || b.phrase.found && photoCredit.Has(b.phrase.match.Category)
}

// isLinkLine tells whether what follows a block's phrase is a link, or a
// short line that could be a headline.
func (p *page) isLinkLine(b *textBlock) bool {
	if b.links[1] > b.links[0] {
		return b.linkBytes*3 >= (b.end-b.start)-int32(b.phrase.match.End)
	}
	return b.stats.words < 30 && b.stats.stops <= 1
}

// findRelated marks the "read also" lines in and right under the body, and
// the links of the lists they head.
func (p *page) findRelated(first, last int) {
	open, found := false, 0 // links of the list at hand
	body := &p.elems[p.blocks[last].elem]
	for i := first; i < min(len(p.blocks), last+30); i++ {
		b := &p.blocks[i]
		if b.role == kept {
			open = false
			continue
		}
		if i > last && apart(&p.elems[b.elem], body) {
			continue
		}
		linked := b.linkBytes*4 >= (b.end-b.start)*3
		switch {
		case b.phrase.begins(popular):
			open = false
		case b.phrase.is(readAlso):
			open, found = true, 0
		case b.phrase.begins(readAlso) && b.stats.words < 40 && p.isLinkLine(b) && !(b.linkBytes == 0 && dateOnly(string(p.blockText(i))[b.phrase.match.End:])):
			b.role = related
			open = false
		case open && found > 0 && !linked && b.stats.digits == 0 && b.stats.words < 8 && b.linkBytes == 0:
			open = false // the heading of another list
		case open && linked && b.stats.words > 2 && b.stats.digits*3 < b.stats.runes:
			b.role = related
			found++
		case open && b.stats.words > 12:
			open = false
		}
		if i > last && !open && b.role == dropped && b.stats.words > 4 && !b.phrase.begins(readAlso) {
			break
		}
	}
}

// apart tells whether an element belongs to the page and not to the article
// that ends in body: a sidebar's list of what is read most is no part of it.
func apart(e, body *elem) bool {
	if e.acc&^body.acc&clSide != 0 || (e.tags&^body.tags)&(inNav|inFooter) != 0 {
		return true
	}
	return e.tags&inAside != 0 && e.tags&(inArticle|inMain) == 0 && body.tags&inAside == 0
}

func (p *page) isCaption(b *textBlock) bool {
	e := &p.elems[b.elem]
	named := (e.own|b.inline)&clCaption != 0
	if b.stats.words < 2 || b.stats.words > 120 || b.stats.letters+b.stats.wide == 0 || b.linkBytes*2 > b.end-b.start {
		return false
	}
	if e.tags&(inAside|inNav|inFooter|inHidden) != 0 || e.tags&inCell != 0 && !named && p.gridRow(b.elem) >= 0 || e.acc&(clRelated|clComment|clNav|clAd|clSide) != 0 {
		return false
	}
	return e.tags&inCaption != 0 || e.tags&inFigure != 0 || named
}
