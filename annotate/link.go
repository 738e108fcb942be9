package annotate

import "dateline"

// link gives the figures that stand in a quotation to whoever is quoted: the
// innermost quotation around a figure is its speaker, where the figures
// annotator named none. It is the one thing done to marks after they were
// made, for quotations are found last.
func link(marks []*dateline.Annotation) {
	var quotes []*dateline.Annotation // those that begin at or before the mark at hand, the innermost last
	for _, m := range marks {
		if v, ok := m.Value.(*dateline.Quotation); ok && (v.Speaker != nil || v.Verb[1] > 0) {
			quotes = append(quotes, m)
		}
		f, ok := m.Value.(*dateline.Figure)
		if !ok || f.Speaker != nil {
			continue
		}
		kept := quotes[:0]
		for _, q := range quotes {
			if q.In == m.In && q.End > m.Start {
				kept = append(kept, q)
			}
		}
		quotes = kept
		for _, q := range quotes {
			if c := q.Value.(*dateline.Quotation).Content; c[0] <= m.Start && m.End <= c[1] {
				f.Speaker = q
			}
		}
	}
}
