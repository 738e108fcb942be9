package diff

import (
	"slices"
	"strings"

	"dateline"
	"dateline/lang"
)

// nameOf is the folded name in a mark's value.
func nameOf(m *dateline.Annotation) string { return lang.Fold(m.Name()) }

// within tells whether the words of a stand in b: a family name in a full one.
func within(a, b string) bool {
	return a != "" && strings.Contains(" "+b+" ", " "+a+" ")
}

// names are the names that only one version has.
func (m *matcher) names(kind dateline.AnnotationKind) []MarkChange {
	old, new := distinct(m.old, kind), distinct(m.new, kind)
	var list []MarkChange
	for _, b := range unmatched(new, old) {
		list = append(list, MarkChange{nil, b})
	}
	for _, a := range unmatched(old, new) {
		list = append(list, MarkChange{a, nil})
	}
	return list
}

// distinct are the first marks of each name.
func distinct(a *dateline.Article, kind dateline.AnnotationKind) []*dateline.Annotation {
	var list []*dateline.Annotation
	known := make(map[string]bool)
	for _, m := range of(a, kind) {
		if n := nameOf(m); n != "" && !known[n] {
			known[n] = true
			list = append(list, m)
		}
	}
	return list
}

// unmatched are those of a whose name b has in no form.
func unmatched(a, b []*dateline.Annotation) []*dateline.Annotation {
	known := make(map[string]bool, len(b))
	for _, m := range b {
		known[nameOf(m)] = true
	}
	var left []*dateline.Annotation
	for _, m := range a {
		if !known[nameOf(m)] {
			left = append(left, m)
		}
	}
	if len(left)*len(b) > mostPairs {
		return left
	}
	return slices.DeleteFunc(left, func(m *dateline.Annotation) bool {
		return slices.ContainsFunc(b, func(o *dateline.Annotation) bool { return sameName(m, o) })
	})
}

// sameName tells whether two marks can be of the same one, named more or less
// fully.
func sameName(a, b *dateline.Annotation) bool {
	switch x := a.Value.(type) {
	case *dateline.Place:
		y, ok := b.Value.(*dateline.Place)
		return ok && x.Geonames != 0 && x.Geonames == y.Geonames
	case *dateline.Organization:
		y, ok := b.Value.(*dateline.Organization)
		if ok && (x.Acronym != "" && (x.Acronym == y.Acronym || x.Acronym == y.Name) || y.Acronym != "" && y.Acronym == x.Name) {
			return true
		}
	}
	return within(nameOf(a), nameOf(b)) || within(nameOf(b), nameOf(a))
}
