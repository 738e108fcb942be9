// Package names marks the names of persons and organizations.
package names

import (
	"sync"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// Annotator marks names. It implements [annotate.Annotator].
type Annotator struct {
	model  func() *model
	tables lang.PerPack[*tables]

	mu     sync.Mutex
	common map[*lang.Packs]func() *common
}

// New returns the annotator.
func New() *Annotator {
	a := &Annotator{model: builtinModel}
	a.tables.Make = a.load
	return a
}

// Name implements [annotate.Annotator].
func (a *Annotator) Name() string { return "names/1" }

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
	m := a.model()
	if m == nil {
		return
	}
	var dec decoder
	for _, p := range d.Parts {
		s := t.look(p, nil)
		for k := range s.runs {
			r := &s.runs[k]
			for _, e := range s.label(m, &dec, r) {
				start, end := p.Tokens[e.first].Start, p.Tokens[e.last-1].End
				switch e.kind {
				case dateline.KindPerson:
					d.Add(p, e.kind, start, end, &dateline.Person{Name: p.Text[start:end]})
				case dateline.KindOrganization:
					d.Add(p, e.kind, start, end, &dateline.Organization{Name: p.Text[start:end]})
				default:
					d.Mentions = append(d.Mentions, annotate.Mention{Part: p, Start: start, End: end, Kind: e.kind, Score: e.score})
				}
			}
		}
	}
}

// entity is a name found.
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
	var out []entity
	for i := 0; i < n; {
		y := dec.labels[i]
		if y == outside {
			i++
			continue
		}
		score := float64(dec.certain[i])
		j := i + 1
		for j < n && dec.labels[j] != outside && dec.labels[j] == y|1+1 && kindOf[dec.labels[j]] == kindOf[y] {
			score = min(score, float64(dec.certain[j]))
			j++
		}
		out = append(out, entity{r.first + i, r.first + j, kindOf[y], score})
		i = j
	}
	return out
}
