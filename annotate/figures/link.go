package figures

import (
	"cmp"
	"slices"

	"dateline"
	"dateline/lang"
)

// link ties each figure to a place, a date and a source of its sentence. What
// figures that go on from each other ("others") lack, they take from each
// other.
func (s *scan) link() {
	var source *dateline.Annotation
	for i, f := range s.earlier {
		f.value.Place = s.placeOf(f)
		f.value.Date = s.dateOf(f, s.next(i))
		if i == 0 || s.earlier[i-1].sentence != f.sentence {
			source = s.sourceOf(f.sentence)
		}
		f.value.Speaker = source
	}
	for _, f := range s.earlier {
		if p := f.previous; p != nil && p.value != nil {
			give(p.value, f.value)
		}
	}
	// And back: "3 killed in the north. 40 others are missing in Suri."
	for i := len(s.earlier) - 1; i >= 0; i-- {
		f := s.earlier[i]
		if p := f.previous; p != nil && p.value != nil && f.other {
			if p.value.Place == nil {
				p.value.Place = f.value.Place
			}
		}
	}
	for i := 1; i < len(s.earlier); i++ {
		g, f := s.earlier[i-1], s.earlier[i]
		if g.sentence == f.sentence && isHarm(f.value.What) && isHarm(g.value.What) {
			if f.value.Place == nil {
				f.value.Place = g.value.Place
			} else if g.value.Place == nil {
				g.value.Place = f.value.Place
			}
		}
	}
	for i := len(s.earlier) - 1; i > 0; i-- {
		g, f := s.earlier[i-1], s.earlier[i]
		if g.sentence == f.sentence && isHarm(f.value.What) && isHarm(g.value.What) && g.value.Place == nil {
			g.value.Place = f.value.Place
		}
	}
}

func isHarm(what string) bool {
	switch what {
	case "money", "percent", "distance", "area", "weight", "duration", "count", "other":
		return false
	}
	return true
}

func give(from, to *dateline.Figure) {
	if to.Place == nil {
		to.Place = from.Place
	}
	if to.Date == nil {
		to.Date = from.Date
	}
}

// maxLinks is how many marks on each side of a figure are tried.
const maxLinks = 16

// around returns the marks of the figure's sentence that are next to it.
func around(marks []*dateline.Annotation, f *figure) []*dateline.Annotation {
	return marksNear(marks, f.start, f.sentence)
}

// marksNear returns the marks of a sentence that are next to an offset.
func marksNear(marks []*dateline.Annotation, at int, sen lang.Sentence) []*dateline.Annotation {
	lo, _ := slices.BinarySearchFunc(marks, at, func(m *dateline.Annotation, at int) int { return cmp.Compare(m.Start, at) })
	end := lo
	for lo > 0 && marks[lo-1].Start >= sen.Start && end-lo < maxLinks {
		lo--
	}
	for n := 0; end < len(marks) && marks[end].Start < sen.End && n < maxLinks; n++ {
		end++
	}
	return marks[lo:end]
}

// placeOf is the place nearest to the figure that a preposition of place
// introduces; of a city and its country, the city.
func (s *scan) placeOf(f *figure) *dateline.Annotation {
	if f.unit != nil {
		return nil
	}
	var best *dateline.Annotation
	var chain []*dateline.Annotation
	cost := 1 << 30
	marks := around(s.places, f)
	for i := 0; i < len(marks); {
		j := i + 1
		for j < len(marks) && s.adjoins(marks[j-1], marks[j]) {
			j++
		}
		group := marks[i:j]
		i = j
		at := s.p.TokenAt(group[0].Start)
		end := s.p.TokenAt(group[len(group)-1].End - 1)
		if s.insideFigure(group[0].Start) {
			continue
		}
		if !s.introduced(at, f.sentence.First) {
			continue
		}
		c := at - f.end
		if c < 0 {
			c = f.begin - end
		}
		for k := min(end, f.end); k < max(at, f.begin) && c < cost; k++ {
			if s.tokens[k].Fold == "," || s.tokens[k].Fold == ";" {
				c += 6
			}
		}
		if c < cost {
			cost, chain = c, group
		}
	}
	rank := 9
	for _, m := range chain {
		if r := placeRank(m); r < rank {
			rank, best = r, m
		}
	}
	return best
}

// insideFigure tells whether an offset is in what a figure counts: "12 warga
// Palestina" says whose people they are, not where.
func (s *scan) insideFigure(at int) bool {
	k, _ := slices.BinarySearchFunc(s.earlier, at+1, func(f *figure, at int) int { return cmp.Compare(f.start, at) })
	return k > 0 && at < s.earlier[k-1].stop
}

func placeRank(m *dateline.Annotation) int {
	v, ok := m.Value.(*dateline.Place)
	if !ok {
		return 8
	}
	switch v.Kind {
	case "city":
		return 0
	case "area":
		return 1
	case "region":
		return 2
	}
	return 3
}

// adjoins tells whether two places are named as one inside the other.
func (s *scan) adjoins(a, b *dateline.Annotation) bool {
	i, j := s.p.TokenAt(a.End), s.p.TokenAt(b.Start)
	if j-i > 2 {
		return false
	}
	for ; i < j; i++ {
		if s.tokens[i].Fold != "," && s.is(i, rolePlace) == nil && s.is(i, roleOf) == nil {
			return false
		}
	}
	return true
}

// introduced tells whether a preposition of place is before token i, with a
// few words between that tell what kind of place it is.
func (s *scan) introduced(i, first int) bool {
	for j := i - 1; j >= first && j >= i-5; j-- {
		if s.is(j, rolePlace) != nil {
			return true
		}
		if s.tokens[j].Kind == lang.Sign && s.tokens[j].Fold != "-" || s.is(j, roleTrigger) != nil || s.is(j, roleBy) != nil {
			return false
		}
	}
	return s.attachedPlace(i)
}

// attachedPlace tells whether the preposition is written together with the
// place: an ending or a letter before it.
func (s *scan) attachedPlace(i int) bool {
	found := false
	for _, p := range s.t.placeForms {
		if p.fits(s.tokens, i) {
			found = true
		}
	}
	return found
}

// next is the figure behind the one at i in its sentence; nil for none.
func (s *scan) next(i int) *figure {
	if i+1 < len(s.earlier) && s.earlier[i+1].sentence == s.earlier[i].sentence {
		return s.earlier[i+1]
	}
	return nil
}

// dateOf is the day or time nearest to the figure, but for one that is
// another's: of the next figure, which no comma parts from it or which is
// nearer ("14 drowned, most since a 2021 sinking that killed 31"), or of what
// stands before a span of time ("on Tuesday, three years after 31 drowned").
func (s *scan) dateOf(f, next *figure) *dateline.Annotation {
	if f.unit != nil {
		return nil
	}
	var best *dateline.Annotation
	cost := 1 << 30
	dates := around(s.dates, f)
	lapse := -1 // where the last span of time before the figure is
	for _, m := range dates {
		if v, ok := m.Value.(*dateline.Timex); ok && v.Type == "DURATION" && m.Start < f.start {
			lapse = s.p.TokenAt(m.Start)
		}
	}
	for _, m := range dates {
		v, ok := m.Value.(*dateline.Timex)
		if !ok || v.Type != "DATE" && v.Type != "TIME" || !specific(v.Value) {
			continue
		}
		at := s.p.TokenAt(m.Start)
		if next != nil && at >= f.end && at < next.begin && s.comma(f.end, at) && (!s.comma(at, next.begin) || next.begin-s.p.TokenAt(m.End-1)-1 < at-f.end) {
			continue
		}
		if lapse > at && lapse < f.begin && s.comma(at, lapse) {
			continue
		}
		c := at - f.end
		if c < 0 {
			c = f.begin - at
		}
		if c < cost {
			cost, best = c, m
		}
	}
	return best
}

// comma tells whether one, or a semicolon, stands between two tokens.
func (s *scan) comma(i, end int) bool {
	for ; i < end; i++ {
		if s.tokens[i].Fold == "," || s.tokens[i].Fold == ";" {
			return true
		}
	}
	return false
}

// specific tells whether a value of TIMEX3 says at least a year, or a month
// and day.
func specific(v string) bool {
	if len(v) < 4 {
		return false
	}
	for _, c := range []byte(v[:4]) {
		if (c < '0' || c > '9') && c != 'X' {
			return false
		}
	}
	return v[:4] != "XXXX" || len(v) >= 10 && v[5] != 'X' && v[5] != 'W'
}

// sourceOf is the person or organization that a sentence names as its source:
// "according to".
func (s *scan) sourceOf(sen lang.Sentence) *dateline.Annotation {
	if len(s.names) == 0 {
		return nil
	}
	for i := sen.First; i < sen.Last; i++ {
		if s.is(i, roleAccording) == nil {
			continue
		}
		from, until := i+int(s.length[i]), i+int(s.length[i])+8
		if from >= sen.Last {
			break
		}
		for _, m := range marksNear(s.names, s.tokens[from].Start, sen) {
			if at := s.p.TokenAt(m.Start); at >= from && at <= until {
				return m
			}
		}
	}
	return nil
}
