package lang

import (
	"fmt"
	"slices"
	"strings"
)

// Category says what a phrase of page furniture belongs to.
type Category uint8

// The categories, by the names that phrases.tsv has for them.
const (
	CommentForm    Category = iota // comment_form: the form in which readers write
	CommentHeading                 // comment_heading: what stands over or under readers' comments
	ReadAlso                       // read_also: other articles
	Share                          // share: sharing, printing, saving
	Newsletter                     // newsletter: newsletters, channels, apps, subscriptions offered
	Ad                             // ad: advertising
	PhotoCredit                    // photo_credit: who took or owns a picture
	Byline                         // byline: who wrote
	AuthorBio                      // author_bio: about who wrote
	Published                      // published: when
	Updated                        // updated: when changed
	Copyright                      // copyright: rights and terms
	TagList                        // tags: keywords
	SourceNote                     // source: where the text came from
	More                           // more: go on, show all, collapse
	Login                          // login: signing in
	Cookie                         // cookie: consent banners
	Paywall                        // paywall: the rest is for subscribers
	Correction                     // correction: notes of correction
	NotFound                       // not_found: the page is not there
	Challenge                      // challenge: proof of being human, refusal, scripts required
	Listen                         // listen: read-aloud players, reading time
	Gallery                        // gallery: series of pictures
	Video                          // video
	Live                           // live: running coverage
	Opinion                        // opinion: section words of opinion
	Interview                      // interview: section words of interviews
	Review                         // review: section words of reviews
	PageNext                       // page_next: the following page of this article or list
	PagePrev                       // page_prev: the page before
	Nav                            // nav: menus, search, the site's own pages
	Popular                        // popular: what is read most, newest, chosen: lists that are not of one article
	categories
)

var categoryNames = [categories]string{
	"comment_form", "comment_heading", "read_also", "share", "newsletter", "ad", "photo_credit", "byline",
	"author_bio", "published", "updated", "copyright", "tags", "source", "more", "login", "cookie", "paywall",
	"correction", "not_found", "challenge", "listen", "gallery", "video", "live", "opinion", "interview",
	"review", "page_next", "page_prev", "nav", "popular",
}

// String is the category's name in phrases.tsv.
func (c Category) String() string {
	if c < categories {
		return categoryNames[c]
	}
	return fmt.Sprintf("Category(%d)", uint8(c))
}

// CategorySet is a set of categories; the zero value is empty.
type CategorySet uint64

// AllCategories has every category.
const AllCategories = CategorySet(1)<<categories - 1

// CategoriesOf makes a set.
func CategoriesOf(cs ...Category) CategorySet {
	var set CategorySet
	for _, c := range cs {
		set |= 1 << c
	}
	return set
}

// Has reports whether c is in the set.
func (s CategorySet) Has(c Category) bool { return s&(1<<c) != 0 }

// Mode says how much of a block a match accounts for.
type Mode uint8

// The modes of a match.
const (
	Whole    Mode = iota // the block is the phrase and nothing but marks, icons and numbers
	Prefix               // the block begins with the phrase, and what follows belongs to it
	Anywhere             // the phrase stands somewhere in the block; it marks furniture wherever it stands
)

func (m Mode) String() string {
	switch m {
	case Whole:
		return "whole"
	case Prefix:
		return "prefix"
	case Anywhere:
		return "anywhere"
	}
	return fmt.Sprintf("Mode(%d)", uint8(m))
}

// PhraseMatch is a phrase found in a block. Start and End are byte offsets of
// the phrase in the block, on rune boundaries; of a Prefix, End is after the
// colon, dash or dots that lead on. What follows End is the rest: the title
// after "Read also:", the name after "By". Lang is the tag of the pack that has the
// phrase, the first in order where several have it.
type PhraseMatch struct {
	Category   Category
	Mode       Mode
	Start, End int
	Lang       string
}

// PhraseSet matches the phrases of language packs against blocks of text. It
// is safe for concurrent use and does not allocate while matching.
type PhraseSet struct {
	fold    *foldTable
	head    phraseTrie // whole, label, prefix, name
	inside  phraseTrie // anywhere
	joiners map[string]struct{}
	tags    []string
}

// newPhraseSet merges the phrases of all packs.
func newPhraseSet(ps *Packs) *PhraseSet {
	s := &PhraseSet{fold: phraseFold(), joiners: ps.joiners(), tags: ps.tags}
	n := 0
	for _, p := range ps.byTag {
		n += len(p.phrases)
	}
	head, inside := make([]phrase, 0, n), make([]phrase, 0, n/4)
	for i, tag := range ps.tags {
		p := ps.byTag[tag]
		for _, ph := range p.phrases {
			ph.lang = uint16(i)
			if ph.form == formAnywhere {
				inside = append(inside, ph)
			} else {
				head = append(head, ph)
			}
		}
	}
	s.head.build(head)
	s.inside.build(inside)
	return s
}

// joiners are the words that may stand between names, of all packs.
func (ps *Packs) joiners() map[string]struct{} {
	m := map[string]struct{}{}
	for _, p := range ps.byTag {
		for _, j := range p.joiners {
			m[j] = struct{}{}
		}
	}
	return m
}

// Len is the number of phrases.
func (s *PhraseSet) Len() int { return len(s.head.ents) + len(s.inside.ents) }

// Match finds the phrase that says most about the block: one that is the whole
// of it, else the longest one it begins with, else the first that stands in
// it. Case, accents, leading bullets, icons and brackets do not matter.
func (s *PhraseSet) Match(block string) (PhraseMatch, bool) {
	return s.MatchOf(block, AllCategories)
}

// MatchOf is Match with only the phrases of the wanted categories.
func (s *PhraseSet) MatchOf(block string, want CategorySet) (PhraseMatch, bool) {
	m := phraseMatcher{set: s, block: block, want: want}
	m.run()
	if !m.found {
		return PhraseMatch{}, false
	}
	return PhraseMatch{Category: m.best.category, Mode: m.mode, Start: m.from, End: m.to, Lang: s.tags[m.best.lang]}, true
}

// The forms a phrase may be written for in phrases.tsv.
type phraseForm uint8

const (
	formWhole    phraseForm = iota
	formLabel               // whole, or prefix with a colon
	formPrefix              // prefix, whatever follows
	formName                // whole, or prefix with what looks like names
	formDate                // whole, or prefix with what could be a date or time
	formAnywhere            // anywhere
)

var phraseForms = map[string]phraseForm{
	"whole": formWhole, "label": formLabel, "prefix": formPrefix, "name": formName, "date": formDate, "anywhere": formAnywhere,
}

// phraseEnt is what a line of phrases.tsv says beside its text.
type phraseEnt struct {
	category Category
	form     phraseForm
	open     bool   // ends in {}: any short text may follow
	lang     uint16 // index in PhraseSet.tags
}

// phrase is one line of phrases.tsv. Its key is the folded text with the
// placeholders as runes of their own.
type phrase struct {
	key string
	phraseEnt
}

// readPhrases reads phrases.tsv: category, mode, phrase.
func readPhrases(p *Pack, name, text string) error {
	p.phrases = make([]phrase, 0, strings.Count(text, "\n"))
	fold := phraseFold()
	var scratch []byte
	return eachRow(name, text, 3, func(f []string) error {
		c := slices.Index(categoryNames[:], f[0])
		if c < 0 {
			return fmt.Errorf("unknown category %q", f[0])
		}
		form, ok := phraseForms[f[1]]
		if !ok {
			return fmt.Errorf("unknown mode %q", f[1])
		}
		key, open, buf, err := phraseKey(fold, form, f[2], scratch)
		scratch = buf
		if err != nil {
			return err
		}
		p.phrases = append(p.phrases, phrase{key, phraseEnt{category: Category(c), form: form, open: open}})
		return nil
	})
}
