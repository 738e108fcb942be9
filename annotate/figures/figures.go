// Package figures marks how many: of people, things, money and measures.
package figures

import (
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
func (a *Annotator) Name() string { return "figures/1" }

// Kinds implements [annotate.Annotator].
func (a *Annotator) Kinds() []dateline.AnnotationKind {
	return []dateline.AnnotationKind{dateline.KindFigure}
}

// Check implements [annotate.Annotator].
func (a *Annotator) Check(p *lang.Pack) error {
	_, err := a.tables.Of(p)
	return err
}

// Annotate implements [annotate.Annotator].
func (a *Annotator) Annotate(d *annotate.Document) {
	t, _ := a.tables.Of(d.Pack)
	for _, p := range d.Parts {
		t.part(d, p)
	}
}

// tables is what the annotator takes from a pack.
type tables struct{}

func load(p *lang.Pack) (*tables, error) { return &tables{}, nil }

func (t *tables) part(d *annotate.Document, p *annotate.Part) {}
