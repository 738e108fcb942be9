package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
)

// known is what the marks of an article say, each thing told once.
type known struct {
	Figures  []*knownFigure
	Speakers []knownSpeaker
	Persons  []*knownName
	Groups   []*knownName
	Places   []*knownName
	Dates    []*knownDate
}

// knownRow is what the rows of all kinds have: the marks of a row say the same.
type knownRow struct {
	Row      int    // from 1, in the order in which they are found
	Text     string // as it stands in the article first
	Count    int    // marks
	Sentence string // that of the first, as an address cites it: "120-240"; empty in the headline
	By       string
}

type knownFigure struct {
	knownRow
	Value       figureValue
	Place, Date string
	Speaker     string
	Review      *store.Review // the newest that counts
	Correction  figureValue   // where that corrects
	PartOf      string
	Mark        dateline.Mark
}

type knownSpeaker struct {
	Name   string // empty where nobody is named
	Linked bool   // there is a page of the name
	Quotes []*knownQuote
}

type knownQuote struct {
	knownRow
	Type, Content, Verb string
	speaker             string
	linked              bool
}

type knownName struct {
	knownRow
	Name, Role, Organization, Acronym string
	Kind, Country                     string // of a place
	Place                             *dateline.Place
}

type knownDate struct {
	knownRow
	Value dateline.Timex
}

// The measures of the map beside an article.
const (
	mapWidth  = 360
	mapHeight = 180
)

// maxSaid is how much of a quotation is told beside the text.
const maxSaid = 160

// known tells what the marks say, and of each mark in which row.
func (c *call) known(p *articlePage, shown []*dateline.Annotation) ([]int, error) {
	a, k := p.Article, &p.Known
	marks, err := dateline.Annotations{Title: a.Title, Text: a.Text, List: a.Annotations}.Marks()
	if err != nil {
		return nil, err
	}
	reviews, err := c.s.Store.ReviewsOf(c.ctx, p.Version.N)
	if err != nil {
		return nil, err
	}
	rows, of := 0, make([]int, len(shown))
	had := map[string]*knownRow{}
	// row gives the row of what is named by a key, and whether it is new.
	row := func(i int, r *knownRow, key string) bool {
		m := &marks[i]
		if key != "" {
			if have := had[key]; have != nil {
				have.Count++
				of[i] = have.Row
				return false
			}
			had[key] = r
		}
		rows++
		*r = knownRow{Row: rows, Text: m.Text, Count: 1, By: m.By}
		if m.In == dateline.InText {
			r.Sentence = strconv.Itoa(m.Sentence[0]) + "-" + strconv.Itoa(m.Sentence[1])
		}
		of[i] = rows
		return true
	}
	var quotes []*knownQuote
	for i, m := range shown {
		switch v := m.Value.(type) {
		case *dateline.Figure:
			f := &knownFigure{Mark: marks[i]}
			row(i, &f.knownRow, "")
			f.Value = valueOf(v)
			if v.Place != nil {
				f.Place = nameOf(a, v.Place)
			}
			if v.Date != nil {
				f.Date = v.Date.Value.(*dateline.Timex).Value
			}
			if v.PartOf != nil {
				f.PartOf = a.Words(v.PartOf)
			}
			f.Speaker = nameOf(a, v.Speaker)
			var own []store.Review
			for _, r := range reviews {
				if r.Kind == m.Kind && r.In == m.In && r.Start == f.Mark.Start && r.End == f.Mark.End {
					own = append(own, r)
				}
			}
			if f.Review = newestReview(own); f.Review != nil && f.Review.Verdict == store.Corrected {
				f.Correction = figureOf(f.Review.Value)
			}
			k.Figures = append(k.Figures, f)
		case *dateline.Quotation:
			q := &knownQuote{Type: v.Type}
			row(i, &q.knownRow, "")
			in := a.Field(m.In)
			q.Content = shortened(in[v.Content[0]:v.Content[1]], maxSaid)
			q.Verb = in[v.Verb[0]:v.Verb[1]]
			q.speaker = nameOf(a, m)
			q.linked = v.Speaker != nil && v.Speaker.Annotation != nil && v.Speaker.Annotation.Kind == dateline.KindPerson
			quotes = append(quotes, q)
		case *dateline.Person:
			n := &knownName{Name: v.Name, Role: v.Role, Organization: v.Organization}
			if row(i, &n.knownRow, keyOf(m.Kind, v.Name)) {
				k.Persons = append(k.Persons, n)
			}
		case *dateline.Organization:
			n := &knownName{Name: v.Name, Acronym: v.Acronym}
			if row(i, &n.knownRow, keyOf(m.Kind, v.Name)) {
				k.Groups = append(k.Groups, n)
			}
		case *dateline.Place:
			n := &knownName{Name: v.Name, Kind: v.Kind, Country: v.Country, Place: v}
			if row(i, &n.knownRow, keyOf(m.Kind, v.Name, v.Kind, strconv.Itoa(v.Geonames))) {
				k.Places = append(k.Places, n)
			}
		case *dateline.Timex:
			d := &knownDate{Value: *v}
			if row(i, &d.knownRow, keyOf(m.Kind, fmt.Sprint(*v))) {
				k.Dates = append(k.Dates, d)
			}
		}
	}
	for _, q := range quotes {
		at := slices.IndexFunc(k.Speakers, func(s knownSpeaker) bool { return lang.Fold(s.Name) == lang.Fold(q.speaker) })
		if at < 0 {
			at = len(k.Speakers)
			k.Speakers = append(k.Speakers, knownSpeaker{Name: q.speaker, Linked: q.linked})
		}
		k.Speakers[at].Quotes = append(k.Speakers[at].Quotes, q)
	}
	var places []store.NamedPlace
	for _, n := range k.Places {
		v := n.Place
		places = append(places, store.NamedPlace{Name: v.Name, Kind: v.Kind, Country: v.Country, Geonames: int64(v.Geonames), Lat: v.Lat, Lon: v.Lon, Known: v.Located, Articles: 1})
	}
	p.Map = c.newMap(places, mapWidth, mapHeight, false)
	p.Line = c.timeLine(k.Dates, a.Published)
	return of, nil
}

func keyOf(kind dateline.AnnotationKind, parts ...string) string {
	return string(kind) + "\x00" + lang.Fold(strings.Join(parts, "\x00"))
}

// nameOf is who or what a mark names: of a quotation, who says it. It is empty
// where that is nobody.
func nameOf(a *dateline.Article, m *dateline.Annotation) string {
	if m == nil {
		return ""
	}
	if q, ok := m.Value.(*dateline.Quotation); ok {
		switch {
		case q.Speaker == nil:
			return ""
		case q.Speaker.Annotation != nil:
			return nameOf(a, q.Speaker.Annotation)
		}
		return a.Field(m.In)[q.Speaker.Start:q.Speaker.End]
	}
	return cmp.Or(m.Name(), a.Words(m))
}

// shortened is the beginning of a text, with an ellipsis where more follows.
func shortened(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	s = s[:bytesOf(s, most-1)]
	if at := strings.LastIndexByte(s, ' '); at > len(s)*3/4 {
		s = s[:at]
	}
	return s + "…"
}

// timeLine is the days that an article names, on a line.
type timeLine struct {
	Marks       []lineMark
	First, Last string // days
	Published   float64
	Dated       bool // Published is known
}

// lineMark is a date on the line: X from 0 to 300, W as long as it is precise.
type lineMark struct {
	Row   int
	X, W  float64
	Label string
}

// lineWidth is that of the line of dates.
const lineWidth = 300

// timeLine places dates that are days, weeks, months or years.
func (c *call) timeLine(dates []*knownDate, published string) (l timeLine) {
	type span struct {
		d        *knownDate
		from, to time.Time
	}
	var all []span
	var first, last time.Time
	widen := func(from, to time.Time) {
		if first.IsZero() || from.Before(first) {
			first = from
		}
		if to.After(last) {
			last = to
		}
	}
	for _, d := range dates {
		if d.Value.Type != "DATE" && d.Value.Type != "TIME" {
			continue
		}
		if from, to, ok := daysOf(d.Value.Value); ok {
			all = append(all, span{d, from, to})
			widen(from, to)
		}
	}
	if len(all) == 0 {
		return l
	}
	day, to, dated := daysOf(published)
	if dated {
		widen(day, to)
	}
	whole := last.Sub(first).Hours()
	if whole <= 24 {
		return timeLine{} // a day is no line
	}
	at := func(t time.Time) float64 { return math.Round(10*lineWidth*t.Sub(first).Hours()/whole) / 10 }
	for _, s := range all {
		label := c.Day(s.d.Value.Value) + " · " + s.d.Text
		l.Marks = append(l.Marks, lineMark{s.d.Row, at(s.from), max(3, at(s.to)-at(s.from)), label})
	}
	l.First, l.Last = first.Format(time.DateOnly), last.AddDate(0, 0, -1).Format(time.DateOnly)
	if l.Dated = dated; dated {
		l.Published = at(day)
	}
	return l
}

// daysOf is the first day of a date of TIMEX3 and the one behind its last.
func daysOf(value string) (from, to time.Time, ok bool) {
	day, _, _ := strings.Cut(value, "T")
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		return t, t.AddDate(0, 0, 1), t.Year() > 0
	}
	if t, err := time.Parse("2006-01", day); err == nil {
		return t, t.AddDate(0, 1, 0), t.Year() > 0
	}
	if t, err := time.Parse("2006", day); err == nil {
		return t, t.AddDate(1, 0, 0), t.Year() > 0
	}
	if y, w, ok := strings.Cut(strings.TrimSuffix(day, "-WE"), "-W"); ok {
		year, err1 := strconv.Atoi(y)
		week, err2 := strconv.Atoi(w)
		if err1 != nil || err2 != nil || len(y) != 4 || len(w) != 2 || week < 1 || week > 53 {
			return from, to, false
		}
		// The fourth of January is in the first week.
		t := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
		t = t.AddDate(0, 0, -(int(t.Weekday())+6)%7+7*(week-1))
		if strings.HasSuffix(day, "-WE") {
			return t.AddDate(0, 0, 5), t.AddDate(0, 0, 7), true
		}
		return t, t.AddDate(0, 0, 7), true
	}
	return from, to, false
}

// maxComment is how much of a reader's comment is shown, in bytes.
const maxComment = 1000
