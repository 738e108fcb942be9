package names

import (
	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// Example is a run of tokens as the model sees it: what it learns from.
type Example struct {
	Features [][]uint64 // of each token
	Spans    [][2]int   // of each token, bytes in the text
}

// Examples are the runs of a text in which names are looked for. Learning
// calls it; annotating does not.
func (a *Annotator) Examples(p *lang.Pack, text string) []Example {
	t, _ := a.tables.Of(p)
	part := &annotate.Part{In: dateline.InText, Text: text, Tokens: p.Tokens(text)}
	part.Sentences = p.Sentences(text, part.Tokens)
	s := t.look(part)
	var out []Example
	for k := range s.runs {
		r := &s.runs[k]
		f := s.frame(r)
		var e Example
		for i := r.first; i < r.last; i++ {
			e.Features = append(e.Features, append([]uint64(nil), s.features(r, &f, i)...))
			e.Spans = append(e.Spans, [2]int{part.Tokens[i].Start, part.Tokens[i].End})
		}
		out = append(out, e)
	}
	return out
}

// With returns an annotator that uses a model other than the built-in ones.
func With(data []byte) (*Annotator, error) {
	m, err := readModel(string(data))
	if err != nil {
		return nil, err
	}
	a := New()
	a.model = m
	return a, nil
}
