package diff

import (
	"cmp"
	"slices"
	"strings"

	"dateline"
	"dateline/lang"
)

// MarkChange is a mark that came, went or says something else: Old is nil for
// one that came, New for one that went. Of persons, organizations and places
// it is the first mention of a name that the other version has nowhere; of
// figures and quotations each that is not repeated elsewhere. Dates are not
// compared.
type MarkChange struct{ Old, New *dateline.Annotation }

// mark is the one there is, the new one where there are two.
func (c MarkChange) mark() *dateline.Annotation { return cmp.Or(c.New, c.Old) }

const (
	// mostPairs bounds how many pairs of leftover marks of one sort are looked
	// at. Beyond, all are told as gone and come.
	mostPairs = 10000
	// alike is how much of two sentences or quotations must be the same for
	// one to be the other, changed.
	alike = 0.4
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
}

// changes are the marks that changed: figures, quotations, then names, each in
// the order of the new text, and those that are gone behind them.
func (m *matcher) changes() []MarkChange {
	m.words = make(map[string]map[string]int)
	list := m.matched(dateline.KindFigure, sameFigure, m.figureLikeness)
	list = append(list, m.matched(dateline.KindQuote, m.sameQuote, m.quoteLikeness)...)
	for _, kind := range []dateline.AnnotationKind{dateline.KindPerson, dateline.KindOrganization, dateline.KindPlace} {
		list = append(list, m.names(kind)...)
	}
	return list
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
func (m *matcher) matched(kind dateline.AnnotationKind, same func(a, b *dateline.Annotation) bool, likeness func(a, b *dateline.Annotation) float64) []MarkChange {
	old, new := of(m.old, kind), of(m.new, kind)
	pair := make(map[*dateline.Annotation]*dateline.Annotation) // of the new, the old one
	used := make(map[*dateline.Annotation]bool)
	m.atSameWords(old, new, func(a, b *dateline.Annotation) { pair[b], used[a] = a, true })

	// What is said elsewhere too is neither gone nor come, so all the marks are
	// looked at, and not only those left.
	if len(old)*len(new) <= mostPairs*10 {
		gone := slices.DeleteFunc(slices.Clone(old), func(a *dateline.Annotation) bool {
			return used[a] || slices.ContainsFunc(new, func(b *dateline.Annotation) bool { return same(a, b) })
		})
		come := slices.DeleteFunc(slices.Clone(new), func(b *dateline.Annotation) bool {
			return pair[b] != nil || slices.ContainsFunc(old, func(a *dateline.Annotation) bool { return same(a, b) })
		})
		m.mostAlike(gone, come, likeness, func(a, b *dateline.Annotation) { pair[b], used[a] = a, true })
		old = slices.DeleteFunc(gone, func(a *dateline.Annotation) bool { return used[a] })
		for _, b := range come {
			if pair[b] == nil {
				used[b] = true // come, from nothing
			}
		}
	}
	var list []MarkChange
	for _, b := range new {
		switch a := pair[b]; {
		case a == nil && used[b]:
			list = append(list, MarkChange{nil, b})
		case a != nil && !same(a, b):
			list = append(list, MarkChange{a, b})
		}
	}
	for _, a := range old {
		if !used[a] {
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

// sameFigure tells whether two figures say the same.
func sameFigure(a, b *dateline.Annotation) bool {
	x, y := figure(a), figure(b)
	return x.What == y.What && x.Unit == y.Unit && x.Modal == y.Modal && equal(x.Min, y.Min) && equal(x.Max, y.Max) &&
		(slices.Contains(people, x.What) || lang.Fold(x.Of) == lang.Fold(y.Of))
}

func equal(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

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
	of := x.Of != "" && lang.Fold(x.Of) == lang.Fold(y.Of)
	if of {
		s += 0.2
	}
	if !slices.Contains(people, x.What) && (s < alike+0.2 || !of && x.Of != y.Of) {
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

// sameQuote tells whether two quotations are of the same words and by the same
// person, as far as both name one. Where a report only gives what was said,
// another number in it is the figure's change and not another quotation.
func (m *matcher) sameQuote(a, b *dateline.Annotation) bool {
	return m.sameContent(a, b) && m.sameSpeaker(a, b)
}

func (m *matcher) sameContent(a, b *dateline.Annotation) bool {
	x, y := content(m.old, a), content(m.new, b)
	return lang.Fold(x) == lang.Fold(y) || quotation(a).Type == "indirect" && m.likeness(x, y) == 1
}

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

func textOf(a *dateline.Article, in dateline.Field) string {
	if in == dateline.InTitle {
		return a.Title
	}
	return a.Text
}

func sentenceOf(a *dateline.Article, m *dateline.Annotation) string {
	return textOf(a, m.In)[m.Sentence[0]:m.Sentence[1]]
}

func content(a *dateline.Article, m *dateline.Annotation) string {
	v := quotation(m)
	return textOf(a, m.In)[v.Content[0]:v.Content[1]]
}

// speaker is the name of who said a quotation, or the words that stand for it;
// empty where neither is known.
func speaker(a *dateline.Article, m *dateline.Annotation) string {
	s := quotation(m).Speaker
	if s == nil {
		return ""
	}
	return cmp.Or(name(s.Annotation), textOf(a, m.In)[s.Start:s.End])
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

// name is the name in the value of a person, an organization or a place.
func name(m *dateline.Annotation) string {
	if m == nil {
		return ""
	}
	switch v := m.Value.(type) {
	case *dateline.Person:
		return v.Name
	case *dateline.Organization:
		return v.Name
	case *dateline.Place:
		return v.Name
	}
	return ""
}

func nameOf(m *dateline.Annotation) string { return lang.Fold(name(m)) }

// within tells whether the words of a stand in b: a family name in a full one.
func within(a, b string) bool {
	return a != "" && strings.Contains(" "+b+" ", " "+a+" ")
}

// names are the names that only one version has.
func (m *matcher) names(kind dateline.AnnotationKind) []MarkChange {
	old, new := distinct(m.old, kind), distinct(m.new, kind)
	var list []MarkChange
	for _, b := range unmatched(new, old) {
		list = append(list, MarkChange{nil, b})
	}
	for _, a := range unmatched(old, new) {
		list = append(list, MarkChange{a, nil})
	}
	return list
}

// distinct are the first marks of each name.
func distinct(a *dateline.Article, kind dateline.AnnotationKind) []*dateline.Annotation {
	var list []*dateline.Annotation
	known := make(map[string]bool)
	for _, m := range of(a, kind) {
		if n := nameOf(m); n != "" && !known[n] {
			known[n] = true
			list = append(list, m)
		}
	}
	return list
}

// unmatched are those of a whose name b has in no form.
func unmatched(a, b []*dateline.Annotation) []*dateline.Annotation {
	known := make(map[string]bool, len(b))
	for _, m := range b {
		known[nameOf(m)] = true
	}
	var left []*dateline.Annotation
	for _, m := range a {
		if !known[nameOf(m)] {
			left = append(left, m)
		}
	}
	if len(left)*len(b) > mostPairs {
		return left
	}
	return slices.DeleteFunc(left, func(m *dateline.Annotation) bool {
		return slices.ContainsFunc(b, func(o *dateline.Annotation) bool { return sameName(m, o) })
	})
}

// sameName tells whether two marks can be of the same one, named more or less
// fully.
func sameName(a, b *dateline.Annotation) bool {
	switch x := a.Value.(type) {
	case *dateline.Place:
		y, ok := b.Value.(*dateline.Place)
		return ok && x.Geonames != 0 && x.Geonames == y.Geonames
	case *dateline.Organization:
		y, ok := b.Value.(*dateline.Organization)
		if ok && (x.Acronym != "" && (x.Acronym == y.Acronym || x.Acronym == y.Name) || y.Acronym != "" && y.Acronym == x.Name) {
			return true
		}
	}
	return within(nameOf(a), nameOf(b)) || within(nameOf(b), nameOf(a))
}
