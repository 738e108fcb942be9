package sqlite

import (
	"math"
	"slices"
	"strings"

	"dateline"
	"dateline/lang"
	"dateline/search"
)

// scoped holds articles that the index has found to the scope of one sentence.
// It reads each, so it takes as long as reading: some thousand in a second.
type scoped struct {
	s       *Store
	q       *search.Query
	a       *search.Analyzer
	matcher *search.Matcher
}

// scoped is nil for a query that has no such scope.
func (s *Store) scoped(q *search.Query, a *search.Analyzer) *scoped {
	if q == nil || !q.Sentence || q.Root == nil {
		return nil
	}
	return &scoped{s, q, a, search.NewMatcher(q, a)}
}

// spans are the sentences of a version that hold the query.
type spans struct{ title, text []search.Range }

func (s *spans) empty() bool { return len(s.title)+len(s.text) == 0 }

// sentences finds those of a version, which the transaction reads.
func (sc *scoped) sentences(t *tx, version int64) spans {
	if err := t.ctx.Err(); err != nil {
		t.fail(err)
	}
	v := sc.s.quotedVersion(t, version)
	if v == nil {
		return spans{}
	}
	f := inSentence{t: t, a: sc.a, v: v, version: version, whole: map[search.Node]bool{}, called: map[string][]int64{}}
	language := v.hit.Language
	f.load(dateline.InTitle)
	out := spans{title: sc.matcher.Sentences(v.title.s, language, true, f.has)}
	f.load(dateline.InText)
	out.text = sc.matcher.Sentences(v.text.s, language, false, f.has)
	return out
}

// inSentence tells what a sentence has besides words.
type inSentence struct {
	t       *tx
	a       *search.Analyzer
	v       *quoted
	version int64
	marks   []markColumns
	whole   map[search.Node]bool // what is true of the whole article
	called  map[string][]int64   // the places of a folded name
}

// markColumns are those of a mark that queries ask for.
type markColumns struct {
	kind       dateline.AnnotationKind
	start      int // in bytes
	what, name string
	number     int64 // of a place
	low, high  *float64
}

// load reads the marks of a field.
func (f *inSentence) load(field dateline.Field) {
	f.marks = f.marks[:0]
	text := &f.v.text
	if field == dateline.InTitle {
		text = &f.v.title
	}
	f.t.each("SELECT kind, start, what, name, geonames, low, high FROM mark WHERE version = ? AND field = ? ORDER BY n", list{f.version, string(field)}, func(scan func(...any)) bool {
		var m markColumns
		scan(&m.kind, &m.start, &m.what, &m.name, &m.number, &m.low, &m.high)
		m.start = text.offset(m.start)
		f.marks = append(f.marks, m)
		return true
	})
}

func (f *inSentence) has(n search.Node, start, end int) bool {
	var fits func(*markColumns) bool
	switch n := n.(type) {
	case search.Figure:
		fits = func(m *markColumns) bool { return fitsFigure(n, m) }
	case search.Is:
		kind := nameKinds[n.Field]
		name := " " + lang.Fold(n.Value) + " "
		if n.Field == search.FieldHas {
			kind = markKinds[n.Value]
			name = ""
		}
		if kind != "" {
			var places []int64
			if n.Field == search.FieldPlace {
				places = f.places(strings.TrimSpace(name))
			}
			fits = func(m *markColumns) bool {
				return m.kind == kind && (strings.Contains(" "+m.name+" ", name) || slices.Contains(places, m.number))
			}
		}
	}
	if fits == nil {
		return f.ofWhole(n)
	}
	for i := range f.marks {
		if m := &f.marks[i]; m.start >= start && m.start < end && fits(m) {
			return true
		}
	}
	return false
}

// places are those that a folded name is one of.
func (f *inSentence) places(name string) []int64 {
	places, known := f.called[name]
	if !known {
		places = f.t.called(name)
		f.called[name] = places
	}
	return places
}

// ofWhole asks the article.
func (f *inSentence) ofWhole(n search.Node) bool {
	is, known := f.whole[n]
	if !known {
		c := compiler{analyzer: f.a}
		c.compile(f.t, &search.Query{Root: n})
		f.t.made("SELECT 1 FROM version v"+c.tables()+" WHERE v.n = ?"+c.sql.String(),
			append(list{f.version}, c.args...), func(func(...any)) bool { is = true; return false })
		f.whole[n] = is
	}
	return is
}

// fitsFigure is what compiler.figure asks for.
func fitsFigure(n search.Figure, m *markColumns) bool {
	if m.kind != dateline.KindFigure || n.What != "" && m.what != n.What {
		return false
	}
	low, high := m.low, m.high
	if low == nil {
		low = high
	}
	if high == nil {
		high = low
	}
	if !math.IsInf(n.Min, -1) && (high == nil || *high < n.Min || n.MinOpen && *high == n.Min) {
		return false
	}
	return math.IsInf(n.Max, 1) || low != nil && (*low < n.Max || !n.MaxOpen && *low == n.Max)
}

// loosened is a query for articles that may have a sentence which holds it:
// what is excluded from the sentence may be in others. It is nil where that is
// every article.
func loosened(n search.Node) search.Node {
	switch n := n.(type) {
	case search.Not:
		if ofArticle(n.Node) {
			return n
		}
		return nil
	case search.And:
		var all search.And
		for _, c := range n {
			if c = loosened(c); c != nil {
				all = append(all, c)
			}
		}
		switch len(all) {
		case 0:
			return nil
		case 1:
			return all[0]
		}
		return all
	case search.Or:
		var all search.Or
		for _, c := range n {
			if c = loosened(c); c == nil {
				return nil
			}
			all = append(all, c)
		}
		return all
	}
	return n
}

// ofArticle tells whether a part of a query asks for nothing of sentences.
func ofArticle(n search.Node) bool {
	of := func(list []search.Node) bool {
		for _, c := range list {
			if !ofArticle(c) {
				return false
			}
		}
		return true
	}
	switch n := n.(type) {
	case search.And:
		return of(n)
	case search.Or:
		return of(n)
	case search.Not:
		return ofArticle(n.Node)
	case search.Published:
		return true
	case search.Is:
		switch n.Field {
		case search.FieldOutlet, search.FieldLang, search.FieldKind:
			return true
		case search.FieldHas:
			return n.Value == "change"
		}
	}
	return false
}

// keep leaves the marks that begin in sentences which hold the query.
func (sc *scoped) keep(t *tx, rows []statementRow) []statementRow {
	type held struct {
		spans
		v *quoted
	}
	known := map[int64]held{}
	return slices.DeleteFunc(rows, func(r statementRow) bool {
		h, ok := known[r.place.version]
		if !ok {
			h = held{sc.sentences(t, r.place.version), sc.s.quotedVersion(t, r.place.version)}
			known[r.place.version] = h
		}
		if h.v == nil {
			return true
		}
		text, in := &h.v.text, h.text
		if r.mark.In == dateline.InTitle {
			text, in = &h.v.title, h.title
		}
		at := text.offset(r.mark.Start)
		return !slices.ContainsFunc(in, func(s search.Range) bool { return s.Start <= at && at < s.End })
	})
}
