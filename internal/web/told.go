package web

import (
	"cmp"
	"slices"
	"strings"

	"dateline"
	"dateline/diff"
	"dateline/lang"
)

// mostTold is how many marks that came or went are told of in a line.
const mostTold = 20

// told says what changed from one version to another, as [diff.Changes.Summary]
// does, in the interface's language: the weightiest first, none twice, and what
// came and what went each in a line.
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
	var came, went []string
	for _, m := range d.Facts() {
		switch text := c.markTold(m, old, new); {
		case m.Old == nil:
			came = append(came, text)
		case m.New == nil:
			went = append(went, text)
		default:
			say(text)
		}
	}
	if len(came) > 0 {
		say(c.T("change.list.added", c.listed(came)))
	}
	if len(went) > 0 {
		say(c.T("change.list.removed", c.listed(went)))
	}
	var sentences []string
	for _, s := range []struct {
		key string
		n   int
	}{{"added", d.Sentences.Added}, {"removed", d.Sentences.Removed}, {"changed", d.Sentences.Changed}, {"moved", d.Sentences.Moved}} {
		if s.n > 0 {
			sentences = append(sentences, c.T("change."+s.key, c.Number(s.n)))
		}
	}
	if len(sentences) > 0 {
		say(c.T("change.list.sentences", strings.Join(sentences, ", ")))
	}
	if d.Text != nil && d.Sentences == (diff.Sentences{}) {
		say(c.T("change.spacing"))
	}
	for _, f := range d.Fields {
		name, was, is := c.T("field."+f.Name), c.fieldTold(f.Name, f.Old), c.fieldTold(f.Name, f.New)
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

// fieldTold writes the values of a field.
func (c *call) fieldTold(name string, values []string) string {
	var out []string
	for _, v := range values {
		if name == "published" || name == "modified" {
			v = c.Stated(v).Full
		}
		out = append(out, isolated(v))
	}
	return strings.Join(out, ", ")
}

// listed writes texts one behind another, each once.
func (c *call) listed(all []string) string {
	var out []string
	for _, s := range all {
		if s = isolated(s); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if n := len(out) - mostTold; n > 0 {
		out = append(out[:mostTold], c.T("change.list.more", c.Number(n)))
	}
	return strings.Join(out, ", ")
}

// isolated keeps the direction of a text from what stands beside it.
func isolated(s string) string { return "\u2068" + s + "\u2069" }

// markTold says how a mark changed; of one that came or went, what it is.
func (c *call) markTold(m diff.MarkChange, old, new *dateline.Article) string {
	key, both := "change.one", m.Old != nil && m.New != nil
	if both {
		key = "change.changed"
	}
	switch v := cmp.Or(m.New, m.Old).Value.(type) {
	case *dateline.Figure:
		if is := valueOf(v); !both {
			return strings.TrimSpace(c.Bounds(is) + " " + cmp.Or(c.Whatever(is), is.Of))
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
