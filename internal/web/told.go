package web

import (
	"cmp"
	"slices"
	"strings"

	"dateline"
	"dateline/diff"
	"dateline/lang"
)

// told says what changed from one version to another, as [diff.Changes.Summary]
// does, in the interface's language: the weightiest first, none twice.
func (c *call) told(d *diff.Changes, old, new *dateline.Article) []string {
	var lines []string
	say := func(s string) {
		if !slices.Contains(lines, s) {
			lines = append(lines, s)
		}
	}
	for _, f := range d.Fields {
		switch {
		case f.Name != "corrections":
		case len(f.New) >= len(f.Old):
			say(c.T("change.added", c.T("change.correction")))
		default:
			say(c.T("change.removed", c.T("change.correction")))
		}
	}
	if d.Title != nil {
		say(c.T("change.headline"))
	}
	for _, m := range d.Marks {
		say(c.markTold(m, old, new))
	}
	for _, s := range []struct {
		key string
		n   int
	}{{"added", d.Sentences.Added}, {"removed", d.Sentences.Removed}, {"changed", d.Sentences.Changed}, {"moved", d.Sentences.Moved}} {
		if s.n > 0 {
			say(c.T("change."+s.key, c.Count("change.sentences", s.n)))
		}
	}
	if d.Text != nil && d.Sentences == (diff.Sentences{}) {
		say(c.T("change.spacing"))
	}
	for _, f := range d.Fields {
		name, was, is := c.T("field."+f.Name), strings.Join(f.Old, ", "), strings.Join(f.New, ", ")
		switch {
		case f.Name == "corrections":
		case was == "":
			say(c.T("change.field.added", name, is))
		case is == "":
			say(c.T("change.field.removed", name, was))
		default:
			say(c.T("change.from", name, was, is))
		}
	}
	return lines
}

// markTold says how a mark changed.
func (c *call) markTold(m diff.MarkChange, old, new *dateline.Article) string {
	key := "change.changed"
	switch {
	case m.Old == nil:
		key = "change.added"
	case m.New == nil:
		key = "change.removed"
	}
	switch v := cmp.Or(m.New, m.Old).Value.(type) {
	case *dateline.Figure:
		if is := valueOf(v); key != "change.changed" {
			return c.T(key, strings.TrimSpace(c.Bounds(is)+" "+cmp.Or(c.Whatever(is), is.Of)))
		}
		was, is := valueOf(m.Old.Value.(*dateline.Figure)), valueOf(v)
		return c.T("change.from", cmp.Or(c.Whatever(is), is.Of, c.T("what."+is.What)), c.Bounds(was), c.Bounds(is))
	case *dateline.Quotation:
		was, is := nameOf(old, m.Old), nameOf(new, m.New)
		switch name := cmp.Or(is, was); {
		case name == "":
			return c.T(key, c.T("change.quotation"))
		case was == "" || is == "" || lang.Fold(was) == lang.Fold(is):
			return c.T(key, c.T("change.quotationof", name))
		}
		return c.T("change.quotationnow", was, is)
	}
	x, of := m.New, new
	if x == nil {
		x, of = m.Old, old
	}
	return c.T(key, c.T("change."+string(x.Kind), nameOf(of, x)))
}

// valueOf is a figure's value as pages have it.
func valueOf(v *dateline.Figure) figureValue {
	return figureValue{What: v.What, Min: v.Min, Max: v.Max, Modifier: v.Modifier, Vague: v.Vague, Unit: v.Unit, Of: v.Of, Modal: v.Modal}
}
