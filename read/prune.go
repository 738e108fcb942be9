package read

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"dateline/lang"
)

// What the classifier cannot know from a block alone, and what must hold
// whatever it thinks.

// sureBody is the probability from which the classifier is believed against
// these rules.
const sureBody = 0.9

// titleLine tells whether a block is the headline again with a few words
// beside it: its date, its section, a count of readers.
func (p *page) titleLine(i int, title string) bool {
	b := &p.blocks[i]
	rest, ok := bytes.CutPrefix(p.blockText(i), []byte(title))
	return ok && len(title) > 12 && len(rest) < 160 && b.stats.stops <= 1 && (b.stats.digits > 0 || b.stats.symbols > 0)
}

// linkBar tells a line of links set apart by signs: print | send | discuss.
func (p *page) linkBar(b *textBlock) bool {
	n := b.links[1] - b.links[0]
	return n >= 2 && b.linkBytes*5 >= (b.end-b.start)*3 && b.stats.stops == 0 && b.stats.words <= n*6 && b.stats.symbols >= n-1 && b.prob < sureBody
}

// mailLine tells a line that is an address to write to, with its label perhaps.
func (p *page) mailLine(b *textBlock) bool {
	const most = 6 // words
	if p.elems[b.elem].tags&inLi != 0 {
		return false
	}
	s := p.buf[b.start:b.end]
	who, host, at := bytes.Cut(s, []byte("@"))
	return at && b.stats.words <= most && !b.stats.endsStop && len(who) > 0 && bytes.IndexByte(host, '.') > 0 &&
		(bytes.IndexByte(s, ' ') < 0 || bytes.IndexByte(s, ':') > 0 || b.links[1] > b.links[0] && strings.HasPrefix(p.links[b.links[0]].href, "mailto:"))
}

// dropMail drops the lines over and under the text that are addresses to write
// to; those amid it are of it.
func (p *page) dropMail() {
	ends := func(i int) bool { // whether the text goes on
		b := &p.blocks[i]
		if b.role == kept && p.mailLine(b) {
			b.role = dropped
		}
		return b.role == kept && b.prose()
	}
	for i := 0; i < len(p.blocks) && !ends(i); i++ {
	}
	for i := len(p.blocks) - 1; i >= 0 && !ends(i); i-- {
	}
}

// dropLinkRuns drops rows of short blocks that are nothing but links, as menus
// are where nothing names them so.
func (p *page) dropLinkRuns() {
	const row = 4
	from := -1
	for i := 0; i <= len(p.blocks); i++ {
		if i < len(p.blocks) {
			b := &p.blocks[i]
			if b.role == kept && b.stats.words <= 6 && !b.stats.endsStop && b.linkBytes*10 >= (b.end-b.start)*9 && b.prob < sureBody {
				if from < 0 {
					from = i
				}
				continue
			}
		}
		if from >= 0 && i-from >= row {
			for j := from; j < i; j++ {
				p.blocks[j].role = dropped
			}
		}
		from = -1
	}
}

// offers are the phrases that give away a box: what stands in one box with
// them is of their kind.
var offers = lang.CategoriesOf(lang.Newsletter, lang.Login, lang.CommentForm, lang.Cookie)

// dropOffers drops the small boxes in which a newsletter, an account or the
// comment form offers itself.
func (p *page) dropOffers() {
	const most = 80 // words of a box
	total := 0
	for i := range p.blocks {
		if p.blocks[i].role == kept {
			total += int(p.blocks[i].stats.words)
		}
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if !b.phrase.found || !offers.Has(b.phrase.match.Category) || b.stats.words > most || b.prob >= sureBody && b.role == kept {
			continue
		}
		box := b.elem
		for up := p.elems[box].parent; up >= 0; up = p.elems[up].parent {
			e := &p.elems[up]
			if e.words > most || e.last-e.first >= itemBlocks || int(e.words)*3 > total {
				break
			}
			box = up
		}
		if e := &p.elems[box]; e.words <= most && int(e.words)*3 <= total {
			for j := e.first; j <= e.last; j++ {
				p.blocks[j].role = dropped
			}
		}
	}
}

// dropEcho drops quotations set large beside the text they are taken from.
func (p *page) dropEcho() {
	const least, most = 4, 60 // words
	for i := range p.blocks {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.role != kept || b.stats.words < least || b.stats.words > most || p.headingLevel(i) > 0 ||
			e.tags&(inQuote|inAside) == 0 && (e.acc|b.inline)&clQuote == 0 {
			continue
		}
		text := bytes.Trim(p.blockText(i), "\"'.,…“”„‘’«»‹› \u00a0\u202f")
		for j := max(0, i-40); j < min(len(p.blocks), i+40); j++ {
			if o := &p.blocks[j]; j != i && o.role == kept && o.end-o.start > b.end-b.start+20 && bytes.Contains(p.blockText(j), text) {
				b.role = dropped
				break
			}
		}
	}
}

// dropBio drops what stands under an article about who wrote it: a block among
// the last that begins with the author's name, where the article itself does
// not name him.
func (p *page) dropBio(authors []string) {
	const lastBlocks, most = 4, 90
	var at []int
	for i := range p.blocks {
		if p.blocks[i].role == kept {
			at = append(at, i)
		}
	}
	for k := len(at) - 1; k >= max(3, len(at)-lastBlocks); k-- {
		b := &p.blocks[at[k]]
		for _, name := range authors {
			if b.stats.words > most || len(name) < 5 || !bytes.HasPrefix(p.blockText(at[k]), []byte(name)) || int(b.end-b.start) < len(name)+10 {
				continue
			}
			named := false
			for _, i := range at[:k] {
				named = named || bytes.Contains(p.blockText(i), []byte(name))
			}
			if !named {
				for _, i := range at[k:] {
					p.blocks[i].role = dropped
				}
				return
			}
		}
	}
}

// readersSay are the phrases over and under readers' comments.
var readersSay = lang.CategoriesOf(lang.CommentForm, lang.CommentHeading)

// dropComments drops what looks like text behind the heading of readers'
// comments, where the text does not go on in the same element, unless there are
// two such headings one after the other.
func (p *page) dropComments() {
	const least, most, close = 3, 15, 8 // paragraphs before, words of the heading, blocks between two
	rows := map[siblings]bool{}
	before, heading, headings := 0, -1, 0
	for i := range p.blocks {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.role == kept && b.prose() {
			if heading >= 0 && headings < 2 && rows[siblings{e.parent, e.sig}] {
				return
			}
			if heading < 0 {
				rows[siblings{e.parent, e.sig}] = true
				before++
			}
		}
		if before >= least && b.phrase.found && b.phrase.match.Mode != lang.Anywhere && readersSay.Has(b.phrase.match.Category) && b.stats.words <= most {
			if heading < 0 {
				heading = i
			}
			if i-heading <= close {
				headings++
			}
		}
	}
	if heading < 0 {
		return
	}
	for i := heading; i < len(p.blocks); i++ {
		if p.blocks[i].role == kept {
			p.blocks[i].role = dropped
		}
	}
}

// dropHead drops the lines between headline and text that only say who wrote,
// where and when; the article has them as fields.
func (p *page) dropHead(authors []string) {
	const most = 24 // words
	lead := false   // a standfirst may stand over them
	timeline := p.datedParts() >= 2
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.role != kept {
			continue
		}
		sentence := b.stats.endsStop || b.stats.stops > 1
		s := string(p.blockText(i))
		switch {
		case b.stats.words <= most && p.headingLevel(i) == 0 && dateOnly(s) && timeline:
			return
		case b.stats.words <= most && p.headingLevel(i) == 0 && (!sentence || b.stats.words <= 14) && creditLine(s, b.stats.endsStop, authors):
			b.role = dropped
		case !sentence && b.stats.words <= most:
		case lead:
			return
		default:
			lead = true
		}
	}
}

// datedParts counts the dates that stand alone over a part of the body, behind
// the first, as in a chronicle of events.
func (p *page) datedParts() (n int) {
	over, prose := false, false
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.role != kept {
			continue
		}
		prose = prose || b.prose()
		date := prose && b.stats.digits > 0 && b.stats.words <= 6 && dateOnly(string(p.blockText(i)))
		if !date && over {
			n++
		}
		over = date
	}
	return n
}

// creditLine tells whether a line says who wrote the article or when: it is a
// date, begins with a word for either, or names an author near its beginning.
// A sentence is one only where nothing but a place or an office is beside.
func creditLine(s string, sentence bool, authors []string) bool {
	if dateOnly(s) {
		return true
	}
	if !sentence && strings.ContainsRune(s, '|') && len(lang.FindDates(s)) > 0 {
		return true
	}
	w := authorWords()
	if n := w.prefix(s, wordBy); n > 0 && n < len(s) {
		if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[n:], " ")); w.labelled(s) && !(sentence && unicode.IsLower(r)) {
			return true
		}
		for _, name := range authors {
			if at := strings.Index(s, name); at >= n && at <= n+8 {
				return true
			}
		}
	}
	const beside = 24 // bytes of an office, a quotation mark, a colon
	for _, name := range authors {
		if at := strings.Index(s, name); len(name) >= 4 && (at == 0 || at > 0 && at <= beside && len(s) <= len(name)+3*beside) {
			rest := strings.TrimLeft(s[at+len(name):], " ")
			if sentence && len(strings.Fields(rest)) > 3 {
				continue
			}
			if at == 0 && (len(lang.FindDates(rest)) > 0 || len(authors) > 1 && containsAny(rest, authors)) {
				return true
			}
			// The next sign must part: no sentence has the author's name before a comma, a bar, a dash.
			if rest == "" || len(s) <= len(name)+beside || strings.ContainsAny(rest[:1], ",|·•/;(") || strings.HasPrefix(rest, "·") || strings.HasPrefix(rest, "–") || strings.HasPrefix(rest, "—") || strings.HasPrefix(rest, "•") {
				return true
			}
		}
	}
	if m, ok := lang.Phrases().MatchOf(s, lang.CategoriesOf(lang.Published, lang.Updated)); ok && m.Start == 0 {
		return len(lang.FindDates(s)) > 0
	}
	return w.desk(s)
}

func containsAny(s string, names []string) bool {
	for _, name := range names {
		if len(name) >= 4 && strings.Contains(s, name) {
			return true
		}
	}
	return false
}

// dropTail drops what stands under the article and says that it is furniture:
// notices of rights, offers, addresses of the outlet's channels.
func (p *page) dropTail() {
	const most = 40 // words
	for i := len(p.blocks) - 1; i >= 0; i-- {
		b := &p.blocks[i]
		if b.role != kept {
			continue
		}
		links := b.links[1] - b.links[0]
		switch {
		case links >= 2 && b.stats.stops == 0 && b.stats.words <= 4*links && b.linkBytes*3 >= (b.end-b.start)*2: // a bar of links
		case b.stats.words <= most && b.phrase.found && b.phrase.match.Start == 0 && b.phrase.match.Mode != lang.Anywhere && tail.Has(b.phrase.match.Category):
		default:
			return
		}
		b.role = dropped
	}
}

// tail are the phrases that a block under the article begins with.
var tail = furniture&^lang.CategoriesOf(lang.Nav, lang.More, lang.Listen) | lang.CategoriesOf(lang.Popular, lang.TagList)

// dropNext drops the articles that a page shows under its own, as those do that
// go on without end: what stands in another article element with a first-order
// heading of its own.
func (p *page) dropNext() {
	if p.title < 0 {
		return
	}
	own := p.articleOf(p.blocks[p.title].elem)
	if own < 0 {
		return
	}
	prose := false
	for k := p.elems[own].first; k <= p.elems[own].last; k++ {
		prose = prose || p.blocks[k].role == kept && p.blocks[k].prose()
	}
	if !prose {
		return
	}
	done := int32(-1)
	for _, i := range p.h1 {
		b := &p.blocks[i]
		other := p.articleOf(b.elem)
		if i <= p.title || other < 0 || other == own || b.hash == p.blocks[p.title].hash || p.within(other, own) || p.within(own, other) {
			continue
		}
		if other == done {
			continue
		}
		done = other
		for k := p.elems[other].first; k <= p.elems[other].last; k++ {
			p.blocks[k].role = dropped
		}
	}
}

// articleOf is the outermost article element around an element, -1 for none.
func (p *page) articleOf(e int32) int32 {
	found := int32(-1)
	for ; e >= 0; e = p.elems[e].parent {
		if p.elems[e].node.DataAtom == atom.Article {
			found = e
		}
	}
	return found
}

// dropWall drops what an outlet says for itself where its text ends at a wall.
func (p *page) dropWall() {
	before := int32(0)
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.role == kept {
			before += b.stats.words
		}
		if before < 20 || !b.phrase.found || b.phrase.match.Category != lang.Paywall || b.phrase.match.Mode == lang.Anywhere || b.stats.words > 30 {
			continue
		}
		for j := i + 1; j < len(p.blocks); j++ {
			if p.blocks[j].role == kept && p.blocks[j].prose() {
				return
			}
		}
		for j := i; j < len(p.blocks); j++ {
			if p.blocks[j].role == kept {
				p.blocks[j].role = dropped
			}
		}
		return
	}
}

// dropHidden drops text that the page does not show, where there is text that
// it shows.
func (p *page) dropHidden() {
	shown, hidden := 0, 0
	for i := range p.blocks {
		b := &p.blocks[i]
		switch {
		case b.role != kept:
		case p.elems[b.elem].tags&inHidden != 0:
			hidden += int(b.stats.words)
		default:
			shown += int(b.stats.words)
		}
	}
	if hidden == 0 || shown < enoughWords || shown < hidden {
		return
	}
	for i := range p.blocks {
		if b := &p.blocks[i]; b.role == kept && p.elems[b.elem].tags&inHidden != 0 {
			b.role = dropped
		}
	}
}

// closeLinks undoes links that a page forgot to close: where the parser carries
// one link on over block after block, with prose among them, none of that text
// is a link.
func (p *page) closeLinks() {
	const row = 4
	whole := func(i int) (href string) {
		b := &p.blocks[i]
		if b.links[1]-b.links[0] != 1 || b.linkBytes != b.end-b.start {
			return ""
		}
		return p.links[b.links[0]].href
	}
	for i := 0; i < len(p.blocks); {
		href := whole(i)
		j, prose := i+1, 0
		if href != "" {
			for j = i; j < len(p.blocks) && whole(j) == href; j++ {
				if p.blocks[j].stats.words >= 12 && p.blocks[j].stats.stops > 0 {
					prose++
				}
			}
			if j-i >= row && prose >= 2 {
				for k := i; k < j; k++ {
					p.blocks[k].linkBytes = 0
					p.blocks[k].links[1] = p.blocks[k].links[0]
				}
			}
		}
		i = j
	}
}
