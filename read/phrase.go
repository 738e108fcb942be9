package read

import "dateline/lang"

// phrase is what the language packs know of a block's wording.
type phrase struct {
	found bool
	match lang.PhraseMatch
}

// phraseGroups are the categories that the classifier tells apart.
var phraseGroups = [...]lang.CategorySet{
	lang.CategoriesOf(lang.ReadAlso, lang.Popular, lang.More),
	lang.CategoriesOf(lang.Share),
	lang.CategoriesOf(lang.Newsletter, lang.Login),
	lang.CategoriesOf(lang.Ad),
	lang.CategoriesOf(lang.CommentForm, lang.CommentHeading),
	lang.CategoriesOf(lang.PhotoCredit),
	lang.CategoriesOf(lang.Byline, lang.AuthorBio),
	lang.CategoriesOf(lang.Published, lang.Updated, lang.Listen),
	lang.CategoriesOf(lang.Copyright),
	lang.CategoriesOf(lang.TagList),
	lang.CategoriesOf(lang.SourceNote),
	lang.CategoriesOf(lang.Cookie, lang.Challenge, lang.NotFound),
	lang.CategoriesOf(lang.Paywall),
	lang.CategoriesOf(lang.Nav, lang.Gallery, lang.Video, lang.Live, lang.PageNext, lang.PagePrev),
}

const phraseFeatures = len(phraseGroups)

// feature is 3 where the block is a phrase of the group, 2 where one stands in
// it, 1 where it begins with one.
func (ph *phrase) feature(group int) uint8 {
	if !ph.found || !phraseGroups[group].Has(ph.match.Category) {
		return 0
	}
	switch ph.match.Mode {
	case lang.Whole:
		return 3
	case lang.Anywhere:
		return 2
	}
	return 1
}

// is tells whether the whole block, but for marks, is a phrase of the set.
func (ph *phrase) is(set lang.CategorySet) bool {
	return ph.found && ph.match.Mode == lang.Whole && set.Has(ph.match.Category)
}

// begins tells whether the block is or begins with a phrase of the set.
func (ph *phrase) begins(set lang.CategorySet) bool {
	return ph.found && ph.match.Mode != lang.Anywhere && set.Has(ph.match.Category)
}

// longPhrase is the length in bytes beyond which a block is no phrase: only
// shorter ones are looked up.
const longPhrase = 260

// lookUp matches the blocks' wording against the packs.
func (p *page) lookUp() {
	if p.blind {
		return
	}
	set := lang.Phrases()
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.end-b.start > longPhrase {
			continue
		}
		// The matcher keeps nothing of the string.
		b.phrase.match, b.phrase.found = set.Match(str(p.buf[b.start:b.end]))
	}
}
