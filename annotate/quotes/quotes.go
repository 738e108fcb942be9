// Package quotes marks what is said, and who says it: direct quotations, mixed
// ones, and reported speech.
//
// A paragraph is read as sentences with its quotations closed up, so that a
// quotation of many sentences is one thing within its sentence. In each
// sentence the verbs of saying that stand outside quotations are looked at in
// turn. Where the words before and behind a verb are those of one of its
// frames, what is said is cut out and the speaker sought beside the verb:
//
//	"..., " he said.            a quotation and its tag
//	..., he said.               the same without marks
//	He said (that) ...          a clause
//	He said: "..."
//	According to him, ...       a source
//
// What the words are is in the pack's table speech.tsv. A quotation in marks
// that nobody is said to have said is not marked: it may be a title, or a word
// that the writer keeps at a distance.
package quotes

import (
	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// Annotator marks quotes. It implements [annotate.Annotator].
type Annotator struct {
	tables lang.PerPack[*tables]
}

// New returns the annotator.
func New() *Annotator {
	return &Annotator{tables: lang.PerPack[*tables]{Make: load}}
}

// Name implements [annotate.Annotator].
func (a *Annotator) Name() string { return "quotes/2" }

// Kinds implements [annotate.Annotator].
func (a *Annotator) Kinds() []dateline.AnnotationKind {
	return []dateline.AnnotationKind{dateline.KindQuote}
}

// Check implements [annotate.Annotator].
func (a *Annotator) Check(p *lang.Pack) error {
	_, err := a.tables.Of(p)
	return err
}

// Annotate implements [annotate.Annotator].
func (a *Annotator) Annotate(d *annotate.Document) {
	t, _ := a.tables.Of(d.Pack)
	if t.lex.Len() == 0 {
		return
	}
	who := newSpeakers(d, t)
	for _, p := range d.Parts {
		r := newReader(d, p, t, who)
		r.read()
		r.mark()
	}
}
