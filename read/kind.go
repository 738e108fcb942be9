package read

import (
	"strings"

	"golang.org/x/net/html/atom"

	"dateline"
	"dateline/lang"
)

// What a page is told by, in the order of trust: words that only a wall or an
// error page has, what the page declares, and how its text and links lie.

// Warnings of a record. docs/formats/record.md says what each means.
const (
	warnNoBody    = "no-body"
	warnPaywall   = "paywall"
	warnTruncated = "truncated"
	warnGuessed   = "charset-guessed"
	warnChallenge = "challenge-page"
	warnConsent   = "consent-page"
	warnLogin     = "login-page"
	warnError     = "error-page"
	warnRedirect  = "redirect-page"
	warnIndex     = "index-page"
	warnVideo     = "video-page"
	warnGallery   = "gallery-page"
	warnLive      = "live-page"
	warnMorePages = "more-pages"
	warnFromLD    = "body-from-json-ld"
	warnFromState = "body-from-page-state"
	warnEmpty     = "empty"
)

// bodyWords counts the words of the blocks that are kept.
func (p *page) bodyWords() (words int) {
	for i := range p.blocks {
		if b := &p.blocks[i]; b.role == kept {
			words += int(b.stats.words)
		}
	}
	return words
}

// findKind decides what sort of page this is, and adds the warnings that go
// with it. It is called when the title, the section and the body are known.
// status is that of the exchange, 0 if there was none.
func (p *page) findKind(a *dateline.Article, status int) {
	words := p.bodyWords()
	k, warning := p.notice(a, words)
	if !k && status >= 400 {
		k, warning = true, warnError
	}
	if k {
		a.Kind = dateline.KindNotice
		a.Warnings = append(a.Warnings, warning)
		return
	}
	t := p.article()
	typ := ""
	if t != nil {
		typ = strings.ToLower(t.typ)
	}
	og := strings.ToLower(p.head.meta("og:type"))
	switch {
	case typ == "liveblogposting" || p.isLive(a, words):
		a.Kind = dateline.KindLive
		a.Warnings = append(a.Warnings, warnLive)
	case p.isVideo(typ, og, words):
		a.Kind = dateline.KindVideo
		a.Warnings = append(a.Warnings, warnVideo)
	case p.isGallery(a, typ, words):
		a.Kind = dateline.KindGallery
		a.Warnings = append(a.Warnings, warnGallery)
	case p.isIndex(a, t, og, words):
		a.Kind = dateline.KindIndex
		a.Warnings = append(a.Warnings, warnIndex)
	case words == 0:
		a.Kind = dateline.KindOther
		if t != nil && t.rank >= 4 || og == "article" {
			a.Kind = dateline.KindArticle
		}
	default:
		a.Kind = p.genre(a, typ)
	}
}

// splitTitle cuts a title at the signs that set the site's name off.
func splitTitle(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r == '|' || r == '–' || r == '—' || r == '»' || r == '·' || r == '•' || r == ':'
	})
}

func (p *page) isLive(a *dateline.Article, words int) bool {
	if words < 80 {
		return false
	}
	entries := 0
	for i := range p.elems {
		if e := &p.elems[i]; e.own&clLive != 0 && e.own&(clArticle|clContent|clList|clBody) != 0 && e.paraWords > 0 {
			entries++
		}
	}
	marked := false
	if m, ok := lang.Phrases().MatchOf(a.Title, lang.CategoriesOf(lang.Live)); ok && m.Start == 0 {
		marked = true
	}
	if a.Kicker != "" {
		if _, ok := lang.Phrases().MatchOf(a.Kicker, lang.CategoriesOf(lang.Live)); ok {
			marked = true
		}
	}
	clocks := p.entryTimes()
	return marked && clocks >= 3 || entries >= 5 && clocks >= 4
}

// entryTimes counts the blocks between body blocks that are a time and little else.
func (p *page) entryTimes() (n int) {
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.stats.hasClock && b.stats.words <= 8 && i+1 < len(p.blocks) && (p.blocks[i+1].role == kept || i+2 < len(p.blocks) && p.blocks[i+2].role == kept) {
			n++
		}
	}
	return n
}

func (p *page) isVideo(typ, og string, words int) bool {
	if words > 120 {
		return false
	}
	return typ == "videoobject" || strings.HasPrefix(og, "video") || words < 60 && p.videos > 0 && strings.Contains(strings.ToLower(p.head.canonical), "/video")
}

func (p *page) isGallery(a *dateline.Article, typ string, words int) bool {
	if typ == "imagegallery" || typ == "mediagallery" {
		return true
	}
	captions := 0
	for i := range p.blocks {
		if p.blocks[i].role == caption || p.blocks[i].role == kept && p.elems[p.blocks[i].elem].acc&clMedia != 0 && p.blocks[i].imgBefore {
			captions++
		}
	}
	if captions < 5 {
		return false
	}
	m, ok := lang.Phrases().MatchOf(a.Title, lang.CategoriesOf(lang.Gallery))
	return ok && m.Mode != lang.Anywhere && words < 300 || words < captions*12
}

// genre tells opinion, interviews and reviews by what the page declares and by
// the words that languages have for their sections.
func (p *page) genre(a *dateline.Article, typ string) dateline.Kind {
	switch {
	case strings.Contains(typ, "opinion"):
		return dateline.KindOpinion
	case typ == "review" || typ == "criticreview" || typ == "reviewnewsarticle":
		return dateline.KindReview
	}
	set := lang.Phrases()
	for _, s := range [...]string{a.Section, a.Kicker, p.head.meta("article:section", "articlesection")} {
		if s == "" {
			continue
		}
		if m, ok := set.MatchOf(s, lang.CategoriesOf(lang.Opinion, lang.Interview, lang.Review)); ok && m.Mode == lang.Whole {
			return genres[m.Category]
		}
	}
	// A label in the title: "Opinion | ...", "Interview: ...".
	for _, s := range [...]string{a.Title, p.head.title} {
		for _, part := range splitTitle(s) {
			if m, ok := set.MatchOf(strings.TrimSpace(part), lang.CategoriesOf(lang.Opinion, lang.Interview, lang.Review)); ok && m.Mode == lang.Whole && len(part) < len(s) {
				return genres[m.Category]
			}
		}
	}
	return dateline.KindArticle
}

var genres = map[lang.Category]dateline.Kind{
	lang.Opinion: dateline.KindOpinion, lang.Interview: dateline.KindInterview, lang.Review: dateline.KindReview,
}

// wallWords is the length from which a text has not ended at a wall.
const wallWords = 400

// paywalled tells whether the text ends at a wall: the page says that it is
// not free, or a phrase of a wall stands at the end of what is there.
func (p *page) paywalled(a *dateline.Article, words int) bool {
	wall := false
	last := -1
	for i := range p.blocks {
		if p.blocks[i].role == kept {
			last = i
		}
	}
	for i := max(0, last-2); i < min(len(p.blocks), last+25); i++ {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.phrase.found && b.phrase.match.Category == lang.Paywall && (b.phrase.match.Mode != lang.Prefix || b.stats.words < 30) {
			wall = true
		}
		if (e.own|e.acc)&clPaywall != 0 && e.tags&(inNav|inHeader|inFooter) == 0 && b.stats.words > 3 && words < 250 {
			wall = wall || a.Access == dateline.AccessPaid || a.Access == dateline.AccessMetered
		}
	}
	if a.Access == dateline.AccessPaid && words < 200 {
		wall = true
	}
	return wall && words < wallWords
}

// isEntryTime tells whether a block is a time and hardly anything else, in an
// element that says so or a time element: the time of a live blog's entry.
func (p *page) isEntryTime(i int) bool {
	b := &p.blocks[i]
	if b.stats.words > 8 || b.stats.digits == 0 || b.linkBytes > 0 && b.stats.words > 4 {
		return false
	}
	for _, t := range p.times {
		if int(t.at) == i {
			return true
		}
	}
	e := &p.elems[b.elem]
	return b.stats.hasClock && ((e.own|b.inline)&(clDate|clLive) != 0 || p.headingLevel(i) > 0 || e.node.DataAtom == atom.Dt)
}

// keepTimes makes the times of a live blog's entries part of the body.
func (p *page) keepTimes() {
	first, last := -1, -1
	for i := range p.blocks {
		if p.blocks[i].role == kept {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return
	}
	for i := max(0, first-3); i < last; i++ {
		if b := &p.blocks[i]; p.isEntryTime(i) && (b.role == dropped || b.role == kept) {
			b.role, b.entryTime = kept, true
		}
	}
}

// noArticle takes back what was found for an article where there is none: the
// dates and names on a notice are other articles', and so are a list's links.
func (p *page) noArticle(a *dateline.Article) {
	if a.Kind == dateline.KindNotice {
		a.Published, a.Modified, a.Authors = "", "", nil
		for i := range a.Dates {
			if d := &a.Dates[i]; d.Chosen {
				d.Chosen, d.Refused = false, "the page is a notice"
			}
		}
	}
	for i := range p.blocks {
		if p.blocks[i].role == related {
			p.blocks[i].role = dropped
		}
	}
}
