package diff

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/lang"
)

// MarkChange is a mark that came, went or says something else: Old is nil for
// one that came, New for one that went. Of persons, organizations and places
// it is the first mention of a name that the other version has nowhere; of
// figures and quotations each that is not repeated elsewhere. Dates are not
// compared.
type MarkChange struct{ Old, New *dateline.Annotation }

// Facts are the changes of marks without those of mentions that say again what
// another change says: where "12 killed" has become "14 killed", a second "12
// killed" that is gone is no news.
func (c *Changes) Facts() []MarkChange {
	from, to := map[string]bool{}, map[string]bool{}
	isFigure := func(m MarkChange) bool { return m.mark().Kind == dateline.KindFigure }
	for _, m := range c.Marks {
		if isFigure(m) && m.Old != nil && m.New != nil {
			from[figureKey(c.old, m.Old)], to[figureKey(c.new, m.New)] = true, true
		}
	}
	return slices.DeleteFunc(slices.Clone(c.Marks), func(m MarkChange) bool {
		return isFigure(m) && (m.New == nil && from[figureKey(c.old, m.Old)] || m.Old == nil && to[figureKey(c.new, m.New)])
	})
}

// mark is the one there is, the new one where there are two.
func (c MarkChange) mark() *dateline.Annotation { return cmp.Or(c.New, c.Old) }

const (
	// mostPairs bounds how many pairs of leftover marks of one kind are looked
	// at. Beyond, all are told as gone and come.
	mostPairs = 10000
	// mostRepeats bounds how many marks that say the same are looked at for
	// one by the same speaker.
	mostRepeats = 16
	// mostText is how much of a sentence or a quotation is looked at to tell
	// how alike two are, in bytes.
	mostText = 4096
	// alike is how much of two sentences or quotations must be the same for
	// one to be the other, changed.
	alike = 0.4
	// alikeOther is how much it must be of sentences with numbers of things that
	// go by different words: "48 of them" and "51 passengers".
	alikeOther = 0.75
)

// people are the figures that count victims: there is one such number a place,
// so that one which replaces another is its successor, whatever the sentence.
var people = []string{"killed", "injured", "missing", "displaced", "detained", "abducted", "rescued", "infected", "affected"}

// matcher finds the marks that changed.
type matcher struct {
	old, new    *dateline.Article
	pack        *lang.Pack
	title, text []Edit
	words       map[string]map[string]int // of a text, by the text
	seed        maphash.Seed
}

// changes are the marks that changed: figures, quotations, then names, each in
// the order of the new text, and those that are gone behind them.
func (m *matcher) changes() []MarkChange {
	m.words, m.seed = make(map[string]map[string]int), maphash.MakeSeed()
	list := m.matched(dateline.KindFigure, relation{figureKey, sameFigure, m.figureLikeness})
	list = append(list, m.matched(dateline.KindQuote, relation{m.quoteKey, m.sameSpeaker, m.quoteLikeness})...)
	for _, kind := range []dateline.AnnotationKind{dateline.KindPerson, dateline.KindOrganization, dateline.KindPlace} {
		list = append(list, m.names(kind)...)
	}
	return list
}

// relation is how marks of a kind, an old one and a new one, are compared.
type relation struct {
	// key is equal for marks that may say the same.
	key func(in *dateline.Article, x *dateline.Annotation) string
	// same tells whether two with the same key do.
	same func(a, b *dateline.Annotation) bool
	// likeness is how likely b is what became of a; 0 where it is not.
	likeness func(a, b *dateline.Annotation) float64
}

func of(a *dateline.Article, kind dateline.AnnotationKind) []*dateline.Annotation {
	var list []*dateline.Annotation
	for _, m := range a.Annotations {
		if m.Kind == kind {
			list = append(list, m)
		}
	}
	return list
}

// matched pairs the marks of a kind: those at the same words, those that say
// the same elsewhere, then the most alike.
func (m *matcher) matched(kind dateline.AnnotationKind, r relation) []MarkChange {
	old, new := of(m.old, kind), of(m.new, kind)
	was := make(map[*dateline.Annotation]*dateline.Annotation) // the old one of a new
	is := make(map[*dateline.Annotation]*dateline.Annotation)  // the new one of an old
	pair := func(a, b *dateline.Annotation) { was[b], is[a] = a, b }
	m.atSameWords(old, new, pair)

	// What is said elsewhere too is neither gone nor come, so all the marks are
	// looked at, and not only those left.
	key := make(map[*dateline.Annotation]string, len(old)+len(new))
	said := func(a *dateline.Article, list []*dateline.Annotation) map[string][]*dateline.Annotation {
		by := make(map[string][]*dateline.Annotation, len(list))
		for _, x := range list {
			k := r.key(a, x)
			key[x] = k
			if len(by[k]) < mostRepeats {
				by[k] = append(by[k], x)
			}
		}
		return by
	}
	inOld, inNew := said(m.old, old), said(m.new, new)
	gone := slices.DeleteFunc(slices.Clone(old), func(a *dateline.Annotation) bool {
		return is[a] != nil || slices.ContainsFunc(inNew[key[a]], func(b *dateline.Annotation) bool { return r.same(a, b) })
	})
	come := slices.DeleteFunc(slices.Clone(new), func(b *dateline.Annotation) bool {
		return was[b] != nil || slices.ContainsFunc(inOld[key[b]], func(a *dateline.Annotation) bool { return r.same(a, b) })
	})
	m.mostAlike(gone, come, r.likeness, pair)

	var list []MarkChange
	for _, b := range new {
		isNew := len(come) > 0 && come[0] == b
		if isNew {
			come = come[1:]
		}
		if a := was[b]; a != nil && (key[a] != key[b] || !r.same(a, b)) {
			list = append(list, MarkChange{a, b})
		} else if a == nil && isNew {
			list = append(list, MarkChange{nil, b})
		}
	}
	for _, a := range gone {
		if is[a] == nil {
			list = append(list, MarkChange{a, nil})
		}
	}
	return list
}

// atSameWords pairs marks whose words did not change.
func (m *matcher) atSameWords(old, new []*dateline.Annotation, pair func(a, b *dateline.Annotation)) {
	type place struct {
		in         dateline.Field
		start, end int
	}
	at := make(map[place]*dateline.Annotation, len(new))
	for _, b := range new {
		at[place{b.In, b.Start, b.End}] = b
	}
	for _, a := range old {
		edits, text := m.text, m.old.Text
		if a.In == dateline.InTitle {
			edits, text = m.title, m.old.Title
		}
		start, ok := moved(edits, a.Start, a.End, len(text))
		if !ok {
			continue
		}
		p := place{a.In, start, start + a.End - a.Start}
		if b := at[p]; b != nil {
			pair(a, b)
			delete(at, p)
		}
	}
}

// moved is where bytes [start, end) of the old text stand in the new; false
// where they changed.
func moved(edits []Edit, start, end, size int) (int, bool) {
	if edits == nil {
		return start, end <= size
	}
	i, _ := slices.BinarySearchFunc(edits, start, func(e Edit, at int) int {
		if e.Old[1] <= at {
			return -1
		}
		return 1
	})
	// An edit that adds has an empty range and is passed over by the search.
	if i == len(edits) || edits[i].Op != Same || end > edits[i].Old[1] {
		return 0, false
	}
	return start - edits[i].Old[0] + edits[i].New[0], true
}

// mostAlike pairs what is left, the most alike first; a likeness of 0 is none.
func (m *matcher) mostAlike(old, new []*dateline.Annotation, likeness func(a, b *dateline.Annotation) float64, pair func(a, b *dateline.Annotation)) {
	if len(old)*len(new) > mostPairs {
		return
	}
	type candidate struct {
		a, b  int
		score float64
	}
	var list []candidate
	for i, a := range old {
		for j, b := range new {
			if s := likeness(a, b); s > 0 {
				list = append(list, candidate{i, j, s})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	usedOld, usedNew := make([]bool, len(old)), make([]bool, len(new))
	for _, c := range list {
		if !usedOld[c.a] && !usedNew[c.b] {
			usedOld[c.a], usedNew[c.b] = true, true
			pair(old[c.a], new[c.b])
		}
	}
}

func figure(m *dateline.Annotation) *dateline.Figure {
	v, _ := m.Value.(*dateline.Figure)
	if v == nil {
		v = new(dateline.Figure)
	}
	return v
}

func figureKey(_ *dateline.Article, m *dateline.Annotation) string {
	v := figure(m)
	key := fmt.Sprint(v.What, " ", v.Unit, v.Modal, bound(v.Min), bound(v.Max))
	if !slices.Contains(people, v.What) {
		key += lang.Fold(v.Of)
	}
	return key
}

func bound(f *float64) any {
	if f == nil {
		return " none"
	}
	return *f
}

// sameFigure tells that the key says all of a figure.
func sameFigure(_, _ *dateline.Annotation) bool { return true }

// figureLikeness tells how much b looks like a with another number.
func (m *matcher) figureLikeness(a, b *dateline.Annotation) float64 {
	x, y := figure(a), figure(b)
	if x.What != y.What || x.Unit != y.Unit {
		return 0
	}
	s := m.likeness(sentenceOf(m.old, a), sentenceOf(m.new, b))
	if px, py := nameOf(x.Place), nameOf(y.Place); px != "" && py != "" {
		if px != py {
			return 0 // two places have two numbers
		}
		s += 0.2
	}
	least := 0.0
	if !slices.Contains(people, x.What) {
		least = alikeOther
	}
	if lang.Fold(x.Of) == lang.Fold(y.Of) {
		s += 0.2
		least = min(least, alike+0.2)
	}
	if s < least {
		return 0
	}
	if x.Modal != y.Modal {
		s /= 2
	}
	return s + 0.01
}

func quotation(m *dateline.Annotation) *dateline.Quotation {
	v, _ := m.Value.(*dateline.Quotation)
	if v == nil {
		v = new(dateline.Quotation)
	}
	return v
}

// quoteKey is the words of a quotation. Where a report only gives what was
// said, another number in it is the figure's change and not another quotation.
func (m *matcher) quoteKey(in *dateline.Article, x *dateline.Annotation) string {
	text := content(in, x)
	rest := ""
	if h := head(text); len(h) < len(text) {
		// A speech, or a mark that was never closed.
		text, rest = h, fmt.Sprint(maphash.String(m.seed, text[len(h):]))
	}
	if quotation(x).Type != "indirect" {
		return lang.Fold(text) + rest
	}
	var b strings.Builder
	b.WriteString(rest)
	for _, t := range m.pack.Tokens(text) {
		if t.Kind == lang.Word {
			b.WriteString(t.Fold)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// sameSpeaker tells whether two quotations are by the same person, as far as
// both name one.
func (m *matcher) sameSpeaker(a, b *dateline.Annotation) bool {
	x, y := lang.Fold(speaker(m.old, a)), lang.Fold(speaker(m.new, b))
	return x == y || x == "" || y == "" || within(x, y) || within(y, x)
}

func (m *matcher) quoteLikeness(a, b *dateline.Annotation) float64 {
	s := m.likeness(content(m.old, a), content(m.new, b))
	if !m.sameSpeaker(a, b) {
		s -= 0.2
	}
	if s < alike {
		return 0
	}
	return s
}

func sentenceOf(a *dateline.Article, m *dateline.Annotation) string {
	return a.Field(m.In)[m.Sentence[0]:m.Sentence[1]]
}

func content(a *dateline.Article, m *dateline.Annotation) string {
	v := quotation(m)
	return a.Field(m.In)[v.Content[0]:v.Content[1]]
}

// speaker is the name of who said a quotation, or the words that stand for it;
// empty where neither is known.
func speaker(a *dateline.Article, m *dateline.Annotation) string {
	s := quotation(m).Speaker
	if s == nil {
		return ""
	}
	return cmp.Or(s.Annotation.Name(), a.Field(m.In)[s.Start:s.End])
}

// likeness is the share of words that two texts have in common (Dice): 1 for
// the same words, 0 for none.
func (m *matcher) likeness(a, b string) float64 {
	x, y := m.bag(a), m.bag(b)
	both, all := 0, 0
	for w, n := range x {
		both += min(n, y[w])
		all += n
	}
	for _, n := range y {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(both) / float64(all)
}

// bag counts the words of a text; numbers and signs say nothing of what it is
// about.
func (m *matcher) bag(text string) map[string]int {
	text = head(text)
	if b, ok := m.words[text]; ok {
		return b
	}
	b := make(map[string]int)
	for _, t := range m.pack.Tokens(text) {
		if t.Kind == lang.Word {
			b[t.Fold]++
		}
	}
	m.words[text] = b
	return b
}

// head is as much of a text as is looked at.
func head(text string) string {
	if len(text) <= mostText {
		return text
	}
	n := mostText
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
