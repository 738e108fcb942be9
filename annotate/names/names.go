// Package names marks the names of persons and organizations, and hands on
// those it takes for places.
//
// Names are looked for in runs: capitalised words with what may join them. A
// trained model labels the words of a run; it sees the words and those around
// them, their shapes, what the packs' tables say of them and whether the
// gazetteer has them. Over the whole article, mentions of the same name are
// brought together: what is sure in one place decides in others, later
// mentions by a part of the name or by an acronym are tied to the first, and
// offices written beside a person's name become his role. In scripts without
// capitals, names are found by the offices written in front of them.
//
// Words that only tell of someone ("the minister") are not marked.
package names

import (
	"sync"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// Annotator marks names. It implements [annotate.Annotator].
type Annotator struct {
	model  *model // in place of the built-in ones
	tables lang.PerPack[*tables]

	mu     sync.Mutex
	common map[*lang.Packs]func() *common
}

// New returns the annotator.
func New() *Annotator {
	a := &Annotator{}
	a.tables.Make = a.load
	return a
}

// Name implements [annotate.Annotator].
func (a *Annotator) Name() string { return "names/3" }

// Kinds implements [annotate.Annotator].
func (a *Annotator) Kinds() []dateline.AnnotationKind {
	return []dateline.AnnotationKind{dateline.KindPerson, dateline.KindOrganization}
}

// Check implements [annotate.Annotator].
func (a *Annotator) Check(p *lang.Pack) error {
	_, err := a.tables.Of(p)
	return err
}

// Annotate implements [annotate.Annotator].
func (a *Annotator) Annotate(d *annotate.Document) {
	t, _ := a.tables.Of(d.Pack)
	m := t.model
	if m == nil {
		return
	}
	var dec decoder
	art := &article{t: t}
	for _, p := range d.Parts {
		s := t.look(p)
		art.sights = append(art.sights, s)
		if t.caseless {
			art.caseless(s)
			continue
		}
		for k := range s.runs {
			for _, e := range s.label(m, &dec, &s.runs[k]) {
				art.add(s, e)
			}
		}
	}
	if t.caseless {
		art.later()
		art.finish(d)
		return
	}
	art.weak()
	art.heads()
	art.parted()
	art.lettersBehind()
	art.spelled()
	art.marked()
	art.meant()
	art.doubt()
	art.closed()
	art.abroad()
	art.cutPlaces()
	art.lists()
	art.agree()
	art.weigh()
	art.repeat()
	art.finish(d)
}

// entity is a name found in a part.
type entity struct {
	first, last int // tokens, half-open
	kind        dateline.AnnotationKind
	score       float64
}

var kindOf = [Labels]dateline.AnnotationKind{
	firstPerson: dateline.KindPerson, firstOrganization: dateline.KindOrganization, firstPlace: dateline.KindPlace,
	innerPerson: dateline.KindPerson, innerOrganization: dateline.KindOrganization, innerPlace: dateline.KindPlace,
}

// label finds the names of a run.
func (s *sight) label(m *model, dec *decoder, r *run) []entity {
	n := r.last - r.first
	dec.reset(n)
	f := s.frame(r)
	for i := range n {
		var sum [Labels]int32
		for _, h := range s.features(r, &f, r.first+i) {
			m.add(h, &sum)
		}
		for j, x := range sum {
			dec.scores[i][j] = float32(x) * m.unit
		}
	}
	m.decode(dec, n)
	out := s.found[:0]
	for i := 0; i < n; {
		y := dec.labels[i]
		if y == outside {
			i++
			continue
		}
		score := float64(dec.certain[i])
		j := i + 1
		for j < n && dec.labels[j] == y+1 {
			score = min(score, float64(dec.certain[j]))
			j++
		}
		out = append(out, entity{r.first + i, r.first + j, kindOf[y], score})
		i = j
	}
	s.found = out
	return out
}
