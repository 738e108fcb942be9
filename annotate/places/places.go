// Package places marks the names of places and resolves them: to a GeoNames
// number, coordinates, a country and a kind.
//
// It works in four steps. Find looks for names: what the gazetteer knows, and
// what stands at a generic word such as "lake" or "province". Judge weighs for
// each mention whether it is a place: capitals, the words around it, how well
// known the place is, what the name is elsewhere in the article, what the
// names annotator took it for. Resolve chooses for all names of the article
// together which places they mean. Mark writes down those that are places.
//
// The words that tell come from the pack's places.tsv; a language without one
// has its places by capitals and by how well known they are alone. Scripts
// without capitals give only places that are well known or at a word that
// tells of a place.
package places

import (
	"sync"

	"dateline"
	"dateline/annotate"
	"dateline/gazetteer"
	"dateline/lang"
)

// Annotator marks places. It implements [annotate.Annotator].
type Annotator struct {
	tables  lang.PerPack[*tables]
	finders sync.Pool // of *finder
}

// New returns the annotator.
func New() *Annotator {
	return &Annotator{tables: lang.PerPack[*tables]{Make: load}, finders: sync.Pool{New: func() any { return new(finder) }}}
}

// Name implements [annotate.Annotator].
func (a *Annotator) Name() string { return "places/4" }

// Kinds implements [annotate.Annotator].
func (a *Annotator) Kinds() []dateline.AnnotationKind {
	return []dateline.AnnotationKind{dateline.KindPlace}
}

// Check implements [annotate.Annotator].
func (a *Annotator) Check(p *lang.Pack) error {
	_, err := a.tables.Of(p)
	return err
}

// Annotate implements [annotate.Annotator].
func (a *Annotator) Annotate(d *annotate.Document) {
	t, _ := a.tables.Of(d.Pack)
	f := a.finders.Get().(*finder)
	f.reset(d, t, gazetteer.Builtin())
	for i := range d.Parts {
		f.find(i)
	}
	f.relate()
	f.judge()
	f.stated()
	f.resolve()
	if f.bound() {
		f.resolve()
	}
	f.settle()
	f.mark()
	f.reset(nil, nil, nil)
	a.finders.Put(f)
}
