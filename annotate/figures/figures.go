// Package figures marks how many: of people, things, money and measures.
//
// A figure is a number, in digits or words, or words that stand for one
// ("hundreds", "a soldier", "no one"), with what is counted. What became of
// people is told by the verb or noun that governs the number, which is found
// by what stands between them, not by what is nearest: casualty.tsv of the
// pack has these words and on which side of them the number stands. Other
// words around numbers are in quantity.tsv, units in units.tsv, number words
// in numbers.tsv.
//
// The work is done a sentence at a time: words are looked up (scan.go),
// numbers found with what stands around them (number.go, phrase.go) and what
// they count (noun.go), their governors chosen (govern.go), what is
// co-ordinated shared (share.go), bounds told (value.go), and places, dates
// and sources linked (link.go).
//
// Left alone are numbers that count nothing: ages, years, dates, ordinals,
// scores, and those of houses, laws, flights and telephones.
package figures

import (
	"errors"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// Annotator marks figures. It implements [annotate.Annotator].
type Annotator struct {
	tables lang.PerPack[*tables]
}

// New returns the annotator.
func New() *Annotator {
	return &Annotator{tables: lang.PerPack[*tables]{Make: load}}
}

// Name implements [annotate.Annotator].
func (a *Annotator) Name() string { return "figures/3" }

// Kinds implements [annotate.Annotator].
func (a *Annotator) Kinds() []dateline.AnnotationKind {
	return []dateline.AnnotationKind{dateline.KindFigure}
}

// Check implements [annotate.Annotator].
func (a *Annotator) Check(p *lang.Pack) error {
	_, err := a.tables.Of(p)
	return errors.Join(err, p.CheckNumbers())
}

// Annotate implements [annotate.Annotator].
func (a *Annotator) Annotate(d *annotate.Document) {
	t, _ := a.tables.Of(d.Pack)
	for _, p := range d.Parts {
		s := newScan(d, p, t)
		for i := range p.Sentences {
			s.sentence(p.Sentences[i])
		}
		s.link()
	}
}
