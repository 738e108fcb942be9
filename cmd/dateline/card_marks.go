package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dateline"
)

// markStyles are how marks look in the text, those that lie over others last.
var markStyles = []struct {
	kind  dateline.AnnotationKind
	style string
}{
	{dateline.KindQuote, "\x1b[3m"}, // italic
	{dateline.KindOrganization, "\x1b[36m"},
	{dateline.KindPlace, "\x1b[32m"},
	{dateline.KindPerson, "\x1b[34m"},
	{dateline.KindDate, "\x1b[35m"},
	{dateline.KindFigure, "\x1b[1;31m"},
}

func styleOf(kind dateline.AnnotationKind) string {
	for _, m := range markStyles {
		if m.kind == kind {
			return m.style
		}
	}
	return ""
}

// stretch is a part of a text in one style.
type stretch struct {
	start, end int
	style      string
}

// stretches parts a field of n bytes by the marks that lie in it; what has no
// mark has no style.
func stretches(marks []*dateline.Annotation, in dateline.Field, n int) []stretch {
	type edge struct{ at, rank, delta int }
	var edges []edge
	for _, m := range marks {
		if m.In != in {
			continue
		}
		start, end := m.Start, m.End
		if q, ok := m.Value.(*dateline.Quotation); ok {
			start, end = q.Content[0], q.Content[1]
		}
		rank := rankOf(m.Kind)
		if end = min(end, n); rank >= 0 && start < end {
			edges = append(edges, edge{start, rank, 1}, edge{end, rank, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var out []stretch
	open := make([]int, len(markStyles))
	at := 0
	for i := 0; i <= len(edges); i++ {
		next := n
		if i < len(edges) {
			next = edges[i].at
		}
		if next > at {
			style := ""
			for rank, depth := range open {
				if depth > 0 {
					style = markStyles[rank].style
				}
			}
			out = append(out, stretch{at, next, style})
			at = next
		}
		if i < len(edges) {
			open[edges[i].rank] += edges[i].delta
		}
	}
	return out
}

func rankOf(kind dateline.AnnotationKind) int {
	for i := range markStyles {
		if markStyles[i].kind == kind {
			return i
		}
	}
	return -1
}

// within is the part of the stretches that lies in a block of n bytes which
// begins at offset, reckoned from there; what has no style gets base.
func within(all []stretch, offset, n int, base string) []stretch {
	i, _ := slices.BinarySearchFunc(all, offset, func(s stretch, at int) int {
		if s.end <= at {
			return -1
		}
		return 1
	})
	var out []stretch
	for ; i < len(all) && all[i].start < offset+n; i++ {
		s := stretch{max(all[i].start-offset, 0), min(all[i].end-offset, n), all[i].style}
		if s.style == "" {
			s.style = base
		}
		out = append(out, s)
	}
	return out
}

// marked writes a text in lines of the card's width, its stretches in their
// styles.
func (c *card) marked(out *bytes.Buffer, first, rest, text string, parts []stretch) {
	in := first
	at, part := 0, 0
	for _, line := range c.lines(text, c.width-len([]rune(first))) {
		out.WriteString(in)
		in = rest
		style := ""
		for _, r := range line {
			// What lines drops or folds is passed over here too.
			for at < len(text) {
				s, n := utf8.DecodeRuneInString(text[at:])
				if s == '\t' || s == '\n' {
					s = ' '
				}
				if s == r {
					break
				}
				at += n
			}
			for part < len(parts) && at >= parts[part].end {
				part++
			}
			if part < len(parts) && parts[part].style != style {
				if style != "" {
					out.WriteString(reset)
				}
				style = parts[part].style
				out.WriteString(style)
			}
			out.WriteRune(r)
			at += utf8.RuneLen(r)
		}
		if style != "" {
			out.WriteString(reset)
		}
		out.WriteByte('\n')
	}
}

// listed is how many marks of a kind the list below an article shows.
const listed = 12

// marks lists what was found under the article: figures first.
func (c *card) marks(out *bytes.Buffer, a *dateline.Article) {
	if len(a.Annotations) == 0 {
		return
	}
	out.WriteByte('\n')
	for _, l := range []struct {
		name string
		kind dateline.AnnotationKind
		line func(*dateline.Article, *dateline.Annotation) string
	}{
		{"figures", dateline.KindFigure, figureLine},
		{"people", dateline.KindPerson, personLine},
		{"groups", dateline.KindOrganization, organizationLine},
		{"places", dateline.KindPlace, placeLine},
		{"dates", dateline.KindDate, dateLine},
		{"said", dateline.KindQuote, quoteLine},
	} {
		c.markList(out, a, l.name, l.kind, l.line)
	}
}

func (c *card) markList(out *bytes.Buffer, a *dateline.Article, name string, kind dateline.AnnotationKind, line func(*dateline.Article, *dateline.Annotation) string) {
	seen := map[string]bool{}
	var lines []string
	for _, m := range a.Annotations {
		if m.Kind != kind {
			continue
		}
		if s := line(a, m); s != "" && !seen[s] {
			seen[s] = true
			lines = append(lines, s)
		}
	}
	more := len(lines) - listed
	if more > 1 {
		lines = append(lines[:listed:listed], fmt.Sprintf("and %d more", more))
	}
	label := c.paint(styleOf(kind), name) + strings.Repeat(" ", 11-len(name))
	for i, s := range lines {
		if i > 0 {
			label = strings.Repeat(" ", 11)
		}
		out.WriteString(label)
		for j, l := range c.lines(s, c.width-11) {
			if j > 0 {
				out.WriteString(strings.Repeat(" ", 13))
			}
			out.WriteString(l + "\n")
		}
	}
}

func figureLine(a *dateline.Article, m *dateline.Annotation) string {
	v := m.Value.(*dateline.Figure)
	s := cmp.Or(whats[v.What], v.What) + " " + bounds(v)
	if v.Unit != "" {
		s += " " + v.Unit
	}
	if v.Vague {
		s += " (vague)"
	}
	if v.Modal {
		s += " (not stated as fact)"
	}
	s += " · “" + a.Words(m) + "”"
	if v.Place != nil {
		s += " · " + a.Words(v.Place)
	}
	if v.Date != nil {
		s += " · " + dayText(v.Date.Value.(*dateline.Timex).Value)
	}
	if who := sayer(a, v.Speaker); who != "" {
		s += " · says " + who
	}
	return s
}

// whats are the kinds of figures whose names say little on a card.
var whats = map[string]string{"other": "people"}

// sayer is who is behind a mark that a figure names as its speaker.
func sayer(a *dateline.Article, m *dateline.Annotation) string {
	if m == nil {
		return ""
	}
	switch v := m.Value.(type) {
	case *dateline.Person:
		return v.Name
	case *dateline.Organization:
		return v.Name
	case *dateline.Quotation:
		if v.Speaker == nil {
			return ""
		}
		if who := sayer(a, v.Speaker.Annotation); who != "" {
			return who
		}
		return a.Field(m.In)[v.Speaker.Start:v.Speaker.End]
	}
	return ""
}

// bounds writes what a figure says in a few words.
func bounds(v *dateline.Figure) string {
	switch {
	case v.Min != nil && v.Max != nil && *v.Min == *v.Max:
		if v.Modifier == "about" {
			return "about " + number(*v.Min)
		}
		return number(*v.Min)
	case v.Min != nil && v.Max != nil:
		return number(*v.Min) + "–" + number(*v.Max)
	case v.Min != nil && v.Modifier == "more-than" && !counted(v.What):
		return "more than " + number(*v.Min)
	case v.Min != nil:
		return "at least " + number(*v.Min)
	case v.Max != nil && v.Modifier == "nearly":
		return "nearly " + number(*v.Max)
	case v.Max != nil:
		return "at most " + number(*v.Max)
	}
	return ""
}

// counted tells whether a figure counts in whole numbers, of which "more than
// 40" are at least 41.
func counted(what string) bool {
	switch what {
	case "money", "percent", "distance", "area", "weight", "duration":
		return false
	}
	return true
}

// number writes a number with commas between thousands.
func number(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	whole, rest, _ := strings.Cut(s, ".")
	if math.Abs(f) >= 10000 {
		for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if rest != "" {
		return whole + "." + rest
	}
	return whole
}

func personLine(a *dateline.Article, m *dateline.Annotation) string {
	v := m.Value.(*dateline.Person)
	if v.SameAs != nil {
		return ""
	}
	s := v.Name
	for _, part := range []string{v.Role, v.Organization} {
		if part != "" {
			s += " · " + part
		}
	}
	return s
}

func organizationLine(_ *dateline.Article, m *dateline.Annotation) string {
	v := m.Value.(*dateline.Organization)
	if v.SameAs != nil {
		return ""
	}
	if v.Acronym != "" {
		return v.Name + " (" + v.Acronym + ")"
	}
	return v.Name
}

func placeLine(_ *dateline.Article, m *dateline.Annotation) string {
	v := m.Value.(*dateline.Place)
	if v.SameAs != nil {
		return ""
	}
	s := v.Name + " · " + v.Kind
	if v.Country != "" && v.Kind != "country" {
		s += " in " + v.Country
	}
	if v.Located {
		s += fmt.Sprintf(" · %.2f, %.2f", v.Lat, v.Lon)
	}
	return s
}

func dateLine(a *dateline.Article, m *dateline.Annotation) string {
	v := m.Value.(*dateline.Timex)
	return dayText(v.Value) + " · “" + a.Words(m) + "”"
}

// They are lengths of time, parts of a day and of a year, and times without a
// day, by their letters in the value of a date.
var (
	lengths  = map[string]string{"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "minute", "TS": "second"}
	dayTime  = map[string]string{"MO": "morning", "MI": "midday", "AF": "afternoon", "EV": "evening", "NI": "night", "DT": "by day"}
	seasons  = map[string]string{"SP": "spring", "SU": "summer", "FA": "autumn", "WI": "winter"}
	undated  = map[string]string{"PRESENT_REF": "now", "PAST_REF": "some time ago", "FUTURE_REF": "some time ahead"}
	weekdays = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)

var length = regexp.MustCompile(`^P(T?)([0-9]+|X)([A-Z])$`)

// dayText is the value of a date as people write it, as far as it is one length
// of time, a weekday, a season, a part of a day, a decade, a century or no day at
// all; else as it stands.
func dayText(value string) string {
	if m := length.FindStringSubmatch(value); m != nil && lengths[m[1]+m[3]] != "" {
		switch m[2] {
		case "1":
			return "1 " + lengths[m[1]+m[3]]
		case "X":
			return "some " + lengths[m[1]+m[3]] + "s"
		}
		return m[2] + " " + lengths[m[1]+m[3]] + "s"
	}
	if words := undated[value]; words != "" {
		return words
	}
	if day, ok := strings.CutPrefix(value, "XXXX-WXX-"); ok && len(day) == 1 && day >= "1" && day <= "7" {
		return "every " + weekdays[day[0]-'1']
	}
	if year, part, ok := strings.Cut(value, "-"); ok && seasons[part] != "" {
		return seasons[part] + " of " + year
	}
	if day, ok := strings.CutPrefix(value, "XXXX-"); ok && len(day) == len("01-02") && !strings.HasPrefix(day, "W") {
		return day + " of a year not said"
	}
	if day, part, ok := strings.Cut(value, "T"); ok && dayTime[part] != "" {
		return day + " " + dayTime[part]
	}
	if _, err := strconv.ParseUint(value, 10, 16); err == nil && (len(value) == 2 || len(value) == 3) {
		return "the " + (value + "00")[:4] + "s" // a century, a decade
	}
	return value
}

func quoteLine(a *dateline.Article, m *dateline.Annotation) string {
	v := m.Value.(*dateline.Quotation)
	text := a.Field(m.In)
	who := "someone"
	if v.Speaker != nil {
		who = text[v.Speaker.Start:v.Speaker.End]
		if p := sayer(a, v.Speaker.Annotation); p != "" {
			who = p
		}
	}
	said := text[v.Content[0]:v.Content[1]]
	if r := []rune(said); len(r) > 100 {
		said = string(r[:99]) + "…"
	}
	if v.Type == "direct" {
		said = "“" + said + "”"
	}
	return who + ": " + said
}
