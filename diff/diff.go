// Package diff compares two versions of an article: which words changed, and
// what that changed of what the article says.
//
// An [Edit] is a stretch of the texts that is the same in both, was removed or
// was added; edits are found over words, so that no change begins inside one.
// A [MarkChange] is a figure or a quotation that is not what it was, or a
// person, an organization or a place that came or went. [Changes.Summary] says
// it all in words for people.
//
// What is compared is what the articles have; nothing is annotated here, and
// no words are judged. Time is linear in texts that are alike and bounded in
// those that are not: beyond a budget, what is left is told as replaced.
package diff

import (
	"slices"

	"dateline"
	"dateline/lang"
)

// Changes is how a version of an article differs from one before it. What did
// not change is nil or zero.
type Changes struct {
	Title, Text []Edit // of the headline and the body; they cover both texts
	Fields      []FieldChange
	Marks       []MarkChange
	Sentences   Sentences // of the body

	old, new *dateline.Article
}

// FieldChange is a field of the record with another value. Names are those of
// the record, Old and New its values; a field with one value has at most one.
type FieldChange struct {
	Name     string
	Old, New []string
}

// Sentences counts the sentences that are new, gone, partly changed, or the
// same elsewhere.
type Sentences struct{ Added, Removed, Changed, Moved int }

// Versions compares two versions of an article. Both are expected to have been
// annotated the same way: an article without marks says nothing of what it
// lacks. Words are parted as the new version's language asks for. The articles
// are not changed; the result refers to their marks.
func Versions(old, new *dateline.Article, packs *lang.Packs) *Changes {
	pack := packs.Pack(new.Language)
	budget := totalSteps
	title := compare(pack, old.Title, new.Title, &budget)
	text := compare(pack, old.Text, new.Text, &budget)
	c := &Changes{Title: title.edits, Text: text.edits, Fields: fields(old, new), Sentences: text.count(), old: old, new: new}
	m := matcher{old: old, new: new, pack: pack, title: title.edits, text: text.edits}
	c.Marks = m.changes()
	return c
}

// Empty tells whether nothing changed.
func (c *Changes) Empty() bool {
	return c.Title == nil && c.Text == nil && len(c.Fields) == 0 && len(c.Marks) == 0
}

// fields compares what stands beside headline and body. What changes with the
// page and not with the article (related links, comments, tags, pictures,
// evidence of dates) is left out.
func fields(old, new *dateline.Article) []FieldChange {
	var list []FieldChange
	add := func(name string, a, b []string) {
		if !slices.Equal(a, b) {
			list = append(list, FieldChange{name, a, b})
		}
	}
	add("kind", one(old.Kind), one(new.Kind))
	add("language", one(old.Language), one(new.Language))
	add("kicker", one(old.Kicker), one(new.Kicker))
	add("subtitle", one(old.Subtitle), one(new.Subtitle))
	add("authors", old.Authors, new.Authors)
	add("published", one(old.Published), one(new.Published))
	add("modified", one(old.Modified), one(new.Modified))
	add("access", one(old.Access), one(new.Access))
	add("corrections", old.Corrections, new.Corrections)
	add("dateline", datelineOf(old), datelineOf(new))
	add("section", one(old.Section), one(new.Section))
	return list
}

func one[S ~string](s S) []string {
	if s == "" {
		return nil
	}
	return []string{string(s)}
}

func datelineOf(a *dateline.Article) []string {
	if a.Dateline == nil {
		return nil
	}
	return one(a.Dateline.Text)
}
