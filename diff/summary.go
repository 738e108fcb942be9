package diff

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/lang"
)

// words are the phrases of a summary.
var words = struct {
	correctionAdded, correctionRemoved, headline, spacing string
	added, removed, changed, moved, from                  string
	quotation, quotationOf, quotationNowOf                string
	exactly, atLeast, atMost, about, possibly             string
	sentence, sentences                                   string
	fieldAdded, fieldRemoved, fieldChanged                string
}{
	correctionAdded: "correction added", correctionRemoved: "correction removed",
	headline: "headline changed", spacing: "spacing changed",
	added: "%s added", removed: "%s removed", changed: "%s changed", moved: "%s moved", from: "%s %s to %s",
	quotation: "a quotation", quotationOf: "a quotation of %s", quotationNowOf: "a quotation of %s now of %s",
	exactly: "%s", atLeast: "at least %s", atMost: "at most %s", about: "about %s", possibly: "possibly ",
	sentence: "1 sentence", sentences: "%d sentences",
	fieldAdded: "%s added: %s", fieldRemoved: "%s removed: %s", fieldChanged: "%s changed from %s to %s",
}

// Summary says what changed in English, a line a change, the weightiest first,
// none twice. It is empty where nothing changed.
func (c *Changes) Summary() []string {
	var s summary
	for _, f := range c.Fields {
		if f.Name == "corrections" {
			if len(f.New) >= len(f.Old) {
				s.say(words.correctionAdded)
			} else {
				s.say(words.correctionRemoved)
			}
		}
	}
	if c.Title != nil {
		s.say(words.headline)
	}
	for _, m := range c.Facts() {
		s.mark(c, m)
	}
	s.counted(words.added, c.Sentences.Added)
	s.counted(words.removed, c.Sentences.Removed)
	s.counted(words.changed, c.Sentences.Changed)
	s.counted(words.moved, c.Sentences.Moved)
	if c.Text != nil && c.Sentences == (Sentences{}) {
		s.say(words.spacing)
	}
	for _, f := range c.Fields {
		switch name, old, new := fieldName(f.Name), strings.Join(f.Old, ", "), strings.Join(f.New, ", "); {
		case f.Name == "corrections":
		case old == "":
			s.add(words.fieldAdded, name, new)
		case new == "":
			s.add(words.fieldRemoved, name, old)
		case f.Name == "published", f.Name == "modified":
			s.add(words.from, name, old, new)
		default:
			s.add(words.fieldChanged, name, old, new)
		}
	}
	return s.lines
}

type summary struct{ lines []string }

func (s *summary) add(format string, args ...any) { s.say(fmt.Sprintf(format, args...)) }

func (s *summary) say(line string) {
	if !slices.Contains(s.lines, line) {
		s.lines = append(s.lines, line)
	}
}

func (s *summary) counted(format string, n int) {
	switch n {
	case 0:
	case 1:
		s.add(format, words.sentence)
	default:
		s.add(format, fmt.Sprintf(words.sentences, n))
	}
}

func (s *summary) mark(c *Changes, m MarkChange) {
	format := words.changed
	switch {
	case m.Old == nil:
		format = words.added
	case m.New == nil:
		format = words.removed
	}
	switch v := m.mark().Value.(type) {
	case *dateline.Figure:
		n, bound := number(v)
		if m.Old == nil || m.New == nil {
			of := " " + label(v)
			if v.Unit != "" && v.Of == "" {
				of = "" // its unit says what it is
			}
			s.add(format, fmt.Sprintf(bound, n)+of)
			return
		}
		old, was := number(figure(m.Old))
		if was != bound {
			// "at least 41 to 52"; what both are is left out.
			old, n = fmt.Sprintf(was, old), fmt.Sprintf(bound, n)
		}
		s.add(words.from, label(v), old, n)
	case *dateline.Quotation:
		var was, is string
		if m.Old != nil {
			was = speaker(c.old, m.Old)
		}
		if m.New != nil {
			is = speaker(c.new, m.New)
		}
		switch name := cmp.Or(is, was); {
		case name == "":
			s.add(format, words.quotation)
		case was == "" || is == "" || lang.Fold(was) == lang.Fold(is):
			s.add(format, fmt.Sprintf(words.quotationOf, name))
		default:
			s.add(words.quotationNowOf, was, is)
		}
	default:
		s.add(format, string(m.mark().Kind)+" "+m.mark().Name())
	}
}

// fieldName is a field's name as it is read.
func fieldName(name string) string {
	switch name {
	case "published":
		return "time of publication"
	case "modified":
		return "time of change"
	}
	return strings.ReplaceAll(name, "_", " ")
}

// label is what a figure is of: the sort of victims, or what is counted.
func label(v *dateline.Figure) string {
	if !slices.Contains(people, v.What) && v.Of != "" {
		return v.Of
	}
	return v.What
}

// number is a figure's bounds, and the phrase that says what they bound.
func number(v *dateline.Figure) (n, bound string) {
	bound = words.exactly
	switch {
	case v.Min != nil && v.Max != nil && *v.Min == *v.Max:
		n = digits(*v.Min)
		if v.Modifier == "about" {
			bound = words.about
		}
	case v.Min != nil && v.Max != nil:
		n = digits(*v.Min) + "–" + digits(*v.Max)
	case v.Min != nil:
		n, bound = digits(*v.Min), words.atLeast
	case v.Max != nil:
		n, bound = digits(*v.Max), words.atMost
	}
	if v.Unit != "" {
		n += " " + v.Unit
	}
	if v.Modal {
		bound = words.possibly + bound
	}
	return n, bound
}

// digits writes a number with its thousands apart.
func digits(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if math.Abs(f) < 10000 {
		return s
	}
	whole, rest, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		return whole + "." + rest
	}
	return whole
}
