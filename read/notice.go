package read

import (
	"math/bits"
	"slices"
	"strings"

	"dateline"
	"dateline/lang"
)

// A notice stands in the way of a page or in its place: it asks for consent, a
// sign-in or proof of being human, or says that there is nothing. Its phrases
// stand beside true articles too, so a page whose sentences are about its
// headline is an article whatever stands around them.

// notice tells a page that stands in the way of another, or in its place.
func (p *page) notice(a *dateline.Article, words int) (bool, string) {
	if words > 220 {
		return false, ""
	}
	set := lang.Phrases()
	var seen lang.CategorySet
	for _, s := range [...]string{a.Title, p.head.title} {
		if s != "" {
			seen |= wholeOrAnywhere(set, s)
		}
	}
	inTitle := seen
	total, own := 0, 0 // words; of sentences that are of no notice
	over := articleOver{}
	begins := lang.CategorySet(0) // what the page begins, but need not be
	tells := p.headline(a, inTitle != 0)
	for i := range p.blocks {
		b := &p.blocks[i]
		total += int(b.stats.words)
		if !b.phrase.found || i >= 60 {
			if b.role == kept && b.prose() {
				own += int(b.stats.words)
				over.add(p.elems[b.elem].parent, b.stats.words)
				tells.hear(str(p.buf[b.start:b.end]))
			}
			continue
		}
		if b.phrase.match.Category == lang.Cookie {
			over.end(p.elems[b.elem].parent)
		}
		switch c := b.phrase.match.Category; {
		case b.phrase.match.Mode != lang.Prefix:
			seen |= lang.CategoriesOf(c)
		case c == lang.NotFound && p.elems[b.elem].tags&inHeading != 0, c == lang.Challenge:
			begins |= lang.CategoriesOf(c)
		}
	}
	declared := a.Published != "" && len(a.Authors) > 0 && own >= ownWords
	if t := p.article(); t != nil && t.rank >= 4 && t.str("headline") != "" {
		declared = true
	}
	if own >= toldWords && tells.told() {
		declared = true // by its own words: they are about what its headline says
	}
	switch {
	case declared && !(p.head.refresh && total < 30):
		return false, ""
	case inTitle.Has(lang.Challenge), seen.Has(lang.Challenge) && total < 150, begins.Has(lang.Challenge) && total < 40:
		return true, warnChallenge
	case inTitle.Has(lang.NotFound), (seen.Has(lang.NotFound) || begins.Has(lang.NotFound)) && words < 60:
		return true, warnError
	case p.head.refresh && total < 30:
		return true, warnRedirect
	case seen.Has(lang.Cookie) && words < 120 && p.mostlyNotice(total) && !(over.found && tells.heard != 0):
		return true, warnConsent
	case (p.password || seen.Has(lang.Login) && p.forms > 0) && words < 60 && total < 250:
		return true, warnLogin
	}
	return false, ""
}

// toldWords is what an article has at least: a sentence or two.
const toldWords = 18

// headlineWords are the words of a headline, and which of them the sentences
// below it have too. What stands around an article may be that of any notice,
// but no notice is about its headline.
type headlineWords struct {
	parts []string
	words [24]uint32
	heard uint32 // a bit for each
	n     int
	pairs bool // of characters, of a script without spaces
}

// headline gives the words of the page's headline: none where it is the
// site's name or what a notice says. Where the title of the page is a notice's
// the headline has to stand beside that.
func (p *page) headline(a *dateline.Article, noticed bool) (h headlineWords) {
	site, title := lang.Fold(a.Site.Name), a.Title
	if noticed {
		title = p.head.title
	}
	for _, part := range splitTitle(title) {
		part = strings.TrimSpace(part)
		if _, ok := lang.Phrases().MatchOf(part, noticePhrases); ok || lang.Fold(part) == site {
			continue
		}
		h.parts = append(h.parts, part)
		for _, r := range part {
			h.pairs = h.pairs || unspaced(r)
		}
		eachWord(part, func(word uint32) {
			if h.n < len(h.words) && !slices.Contains(h.words[:h.n], word) {
				h.words[h.n] = word
				h.n++
			}
		})
	}
	return h
}

var noticePhrases = lang.CategoriesOf(lang.Cookie, lang.Challenge, lang.NotFound, lang.Login)

func (h *headlineWords) hear(text string) {
	if h.n == 0 {
		return
	}
	for _, part := range h.parts {
		if strings.Contains(text, part) {
			return // what is repeated whole is a name
		}
	}
	eachWord(text, func(word uint32) {
		if i := slices.Index(h.words[:h.n], word); i >= 0 {
			h.heard |= 1 << i
		}
	})
}

// told tells whether the sentences are about the headline. Two words in common
// are no chance; pairs of characters have to be more.
func (h *headlineWords) told() bool {
	least := 2
	if h.pairs {
		least = 4
	}
	n := bits.OnesCount32(h.heard)
	return n >= least && n*4 >= h.n
}

// articleOver looks for paragraphs of an article that stand before the first
// words of a notice, in another element: the notice is laid over a short
// article.
type articleOver struct {
	parent          int32 // of the paragraphs
	words, n        int32
	found, searched bool
}

func (o *articleOver) add(parent, words int32) {
	if o.searched {
		return
	}
	if o.n > 0 && parent != o.parent {
		o.words, o.n = 0, 0
	}
	o.parent = parent
	o.words += words
	o.n++
}

// end is told where the notice begins.
func (o *articleOver) end(parent int32) {
	if !o.searched {
		o.searched = true
		o.found = o.n >= 2 && o.words >= ownWords && parent != o.parent
	}
}

// mostlyNotice tells whether a page has little beside its notice.
func (p *page) mostlyNotice(total int) bool {
	links := 0
	for i := range p.blocks {
		if b := &p.blocks[i]; b.linkBytes > 0 {
			links++
		}
	}
	return total < 400 && links < 15
}

func wholeOrAnywhere(set *lang.PhraseSet, s string) (c lang.CategorySet) {
	for _, part := range splitTitle(s) {
		if m, ok := set.MatchOf(part, lang.CategoriesOf(lang.NotFound, lang.Challenge)); ok && m.Mode != lang.Prefix {
			c |= lang.CategoriesOf(m.Category)
		}
	}
	return c
}
