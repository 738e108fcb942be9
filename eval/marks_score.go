package main

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dateline"
)

// The measures of annotating, those of the public evaluations:
//
//	dates    TempEval-3: strict is the same span, relaxed an overlapping one, value an overlapping one of the same value
//	names    the same span and type, over persons, organizations and places
//	         as-record: idner's spans as the record defines names, see marks_names.go
//	places   the same span; within 161 km; both
//	quotes   content: half of the union of characters is common; speaker: overlaps the gold's, of those found
//	figures  an overlapping span of the same kind; value: the bounds hold the gold's number, of those found

// found counts what is found of what is there.
type found struct{ hit, made, gold int }

func (r found) f1() float64 {
	if r.hit == 0 {
		return 0
	}
	p, q := float64(r.hit)/float64(r.made), float64(r.hit)/float64(r.gold)
	return 2 * p * q / (p + q)
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func common(a, b, c, d int) int { return max(0, min(b, d)-max(a, c)) }

func (t markedText) of(kinds ...dateline.AnnotationKind) []*dateline.Annotation {
	var out []*dateline.Annotation
	for _, m := range t.marks {
		if slices.Contains(kinds, m.Kind) {
			out = append(out, m)
		}
	}
	return out
}

// best is the mark that is not used yet with the greatest overlap; -1 for none.
func best(g goldSpan, marks []*dateline.Annotation, used []bool) int {
	most, at := 0, -1
	for i, m := range marks {
		if o := common(g.Start, g.End, m.Start, m.End); !used[i] && o > most {
			most, at = o, i
		}
	}
	return at
}

func scoreDates(texts []markedText) []row {
	var strict, relaxed, value found
	for _, t := range texts {
		marks := t.of(dateline.KindDate)
		exact := map[[2]int]bool{}
		used := make([]bool, len(marks))
		n := 0
		for _, g := range t.Spans {
			if g.Value == nil && g.Type == "" {
				continue
			}
			n++
			exact[[2]int{g.Start, g.End}] = true
			i := best(g, marks, used)
			if i < 0 {
				continue
			}
			used[i] = true
			relaxed.hit++
			if v := marks[i].Value.(*dateline.Timex).Value; g.Value != nil && *g.Value == v {
				value.hit++
			}
		}
		for _, m := range marks {
			if exact[[2]int{m.Start, m.End}] {
				strict.hit++
			}
		}
		for _, r := range []*found{&strict, &relaxed, &value} {
			r.gold += n
			r.made += len(marks)
		}
	}
	return []row{{measure: "strict-f1", value: strict.f1()}, {measure: "relaxed-f1", value: relaxed.f1()}, {measure: "value-f1", value: value.f1()}}
}

func scoreNames(texts []markedText) []row {
	kinds := map[string]dateline.AnnotationKind{"PER": dateline.KindPerson, "PERSON": dateline.KindPerson, "ORG": dateline.KindOrganization, "LOC": dateline.KindPlace, "GPE": dateline.KindPlace}
	var all found
	rows := []row{{measure: "names-f1"}}
	for _, kind := range []dateline.AnnotationKind{dateline.KindPerson, dateline.KindOrganization, dateline.KindPlace} {
		var r found
		for _, t := range texts {
			gold, made := map[[2]int]bool{}, map[[2]int]bool{}
			for _, g := range t.Spans {
				if kinds[strings.ToUpper(g.Type)] == kind {
					gold[[2]int{g.Start, g.End}] = true
				}
			}
			for _, m := range t.of(kind) {
				made[[2]int{m.Start, m.End}] = true
			}
			for s := range made {
				if gold[s] {
					r.hit++
				}
			}
			r.made += len(made)
			r.gold += len(gold)
		}
		all.hit, all.made, all.gold = all.hit+r.hit, all.made+r.made, all.gold+r.gold
		rows = append(rows, row{measure: string(kind) + "-f1", value: r.f1()})
	}
	rows[0].value = all.f1()
	return rows
}

// near is the distance in km within which a place counts as found.
const near = 161

func scorePlaces(texts []markedText) []row {
	var span, close found
	located := 0
	for _, t := range texts {
		made := map[[2]int]*dateline.Place{}
		for _, m := range t.of(dateline.KindPlace) {
			made[[2]int{m.Start, m.End}] = m.Value.(*dateline.Place)
		}
		n := 0
		for _, g := range t.Spans {
			if g.Lat == nil {
				continue
			}
			n++
			v := made[[2]int{g.Start, g.End}]
			if v == nil {
				continue
			}
			span.hit++
			if v.Located {
				located++
				if distance(*g.Lat, *g.Lon, v.Lat, v.Lon) <= near {
					close.hit++
				}
			}
		}
		for _, r := range []*found{&span, &close} {
			r.gold += n
			r.made += len(made)
		}
	}
	return []row{{measure: "span-f1", value: span.f1()}, {measure: "acc161", value: share(close.hit, located)}, {measure: "found161-f1", value: close.f1()}}
}

// distance is the great circle's length in km.
func distance(lat1, lon1, lat2, lon2 float64) float64 {
	const p = math.Pi / 180
	a, b := math.Sin((lat2-lat1)*p/2), math.Sin((lon2-lon1)*p/2)
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(a*a+math.Cos(lat1*p)*math.Cos(lat2*p)*b*b)))
}

func scoreQuotes(texts []markedText) []row {
	var rows []row
	for _, which := range []string{"all", "direct"} {
		var r found
		said, speakers := 0, 0
		for _, t := range texts {
			var marks []*dateline.Quotation
			for _, m := range t.of(dateline.KindQuote) {
				if v := m.Value.(*dateline.Quotation); which == "all" || v.Type == "direct" {
					marks = append(marks, v)
				}
			}
			used := make([]bool, len(marks))
			r.made += len(marks)
			for _, a := range t.Attributions {
				if len(a.Content) == 0 {
					continue
				}
				start, end := a.Content[0].Start, a.Content[0].End
				for _, c := range a.Content {
					start, end = min(start, c.Start), max(end, c.End)
				}
				if which == "direct" && !startsQuoted(t.Text, start) {
					continue
				}
				r.gold++
				most, at := 0.0, -1
				for i, v := range marks {
					o := 0.0
					if common(start, end, v.Content[0], v.Content[1]) > 0 {
						both := utf8.RuneCountInString(t.Text[max(start, v.Content[0]):min(end, v.Content[1])])
						o = float64(both) / float64(utf8.RuneCountInString(t.Text[min(start, v.Content[0]):max(end, v.Content[1])]))
					}
					if !used[i] && o > most {
						most, at = o, i
					}
				}
				if most < 0.5 {
					continue
				}
				used[at] = true
				r.hit++
				if len(a.Source) == 0 {
					continue
				}
				speakers++
				if s := marks[at].Speaker; s != nil && slices.ContainsFunc(a.Source, func(g goldSpan) bool { return common(g.Start, g.End, s.Start, s.End) > 0 }) {
					said++
				}
			}
		}
		rows = append(rows, row{measure: which + "-content-f1", value: r.f1()}, row{measure: which + "-speaker", value: share(said, speakers)})
	}
	return rows
}

// startsQuoted tells whether a quotation mark is at the offset or before it.
func startsQuoted(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(text[at:])
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	return strings.ContainsRune("\"“”«„‘'", r) || at > 0 && strings.ContainsRune("\"“”«„", before)
}

var digits = regexp.MustCompile(`\d[\d.,]*`)
var thousands = regexp.MustCompile(`^\d{1,3}(\.\d{3})+(,\d+)?$`)

// stated is the number that a gold span states in Indonesian, as the public
// scorer reads it.
func stated(text string) (v float64, ok bool) {
	text = strings.ToLower(text)
	words := strings.FieldsFunc(text, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_') })
	if n := strings.TrimRight(digits.FindString(text), ".,"); n != "" {
		if thousands.MatchString(n) {
			n = strings.ReplaceAll(n, ".", "")
		}
		var err error
		if v, err = strconv.ParseFloat(strings.Replace(n, ",", ".", 1), 64); err != nil {
			return 0, false
		}
	} else {
		i := slices.IndexFunc(words, func(w string) bool { return goldWords[w] > 0 })
		if i < 0 {
			return 0, false
		}
		v = goldWords[words[i]]
	}
	for w, k := range map[string]float64{"ribu": 1000, "juta": 1e6} {
		if slices.Contains(words, w) {
			v *= k
		}
	}
	return v, true
}

var goldWords = map[string]float64{"satu": 1, "seorang": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9, "sepuluh": 10}

func scoreFigures(texts []markedText) []row {
	roles := map[string]string{"DeathVictim": "killed", "WoundVictim": "injured", "MissingPerson": "missing", "Evacuee": "displaced"}
	var all found
	right, valued := 0, 0
	for _, what := range []string{"killed", "injured", "missing", "displaced"} {
		for _, t := range texts {
			var marks []*dateline.Annotation
			for _, m := range t.of(dateline.KindFigure) {
				if m.Value.(*dateline.Figure).What == what {
					marks = append(marks, m)
				}
			}
			used := make([]bool, len(marks))
			all.made += len(marks)
			for _, g := range t.Figures {
				if roles[g.Role] != what {
					continue
				}
				all.gold++
				i := best(g, marks, used)
				if i < 0 {
					continue
				}
				used[i] = true
				all.hit++
				if n, ok := stated(g.Text); ok {
					valued++
					f := marks[i].Value.(*dateline.Figure)
					if (f.Min != nil || f.Max != nil) && (f.Min == nil || *f.Min <= n) && (f.Max == nil || n <= *f.Max) {
						right++
					}
				}
			}
		}
	}
	return []row{{measure: "figures-f1", value: all.f1()}, {measure: "value", value: share(right, valued)}}
}
