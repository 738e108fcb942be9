package web

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// facetsWithin is how long counting may take; without counts a page is still
// of use.
const facetsWithin = 1500 * time.Millisecond

// How many values of each facet are offered.
const (
	facetEach    = 8
	facetEachFew = 3
)

// narrow counts what a query finds by what can narrow it.
func (c *call) narrow(p *todayPage, q *search.Query) error {
	ctx, cancel := context.WithTimeout(c.ctx, facetsWithin)
	defer cancel()
	long, each := len(url.QueryEscape(p.Text)), facetEach
	if long > fewWays {
		each = facetEachFew
	}
	f, err := c.s.Store.Facets(ctx, q, c.s.Analyzer, store.FacetOptions{Each: each})
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, dateline.ErrUnsupported) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Total, p.More = f.Total, f.More
	p.Strip = c.strip(q, f.Days, long <= fewWays)
	if long > noWay {
		return nil
	}
	names, err := c.outletNames()
	if err != nil {
		return err
	}
	for _, g := range []struct {
		name   string
		field  search.Field
		values []store.Tally
	}{
		{"today.outlets", search.FieldOutlet, f.Outlets},
		{"today.languages", search.FieldLang, f.Languages},
		{"today.places", search.FieldPlace, f.Places},
		{"today.persons", search.FieldPerson, f.Persons},
	} {
		v := facet{Name: g.name}
		for _, t := range g.values {
			label, is := t.Label, search.Is{Field: g.field, Value: t.Value}
			switch {
			case g.field == search.FieldOutlet:
				is = outletNode(names, t.Value)
			case g.field == search.FieldLang:
				label = c.LanguageName(t.Value)
			}
			if label == "" {
				label = t.Value
			}
			if t.Value != "" {
				v.Values = append(v.Values, c.facetValue(q, is, t.Value, label, t.N))
			}
		}
		if len(v.Values) > 0 {
			p.Facets = append(p.Facets, v)
		}
	}
	today := c.s.Now().In(c.set.zone)
	for _, n := range []int{1, 7, 30} {
		t := today.AddDate(0, 0, 1-n)
		v := facetValue{Label: c.T("today.period." + strconv.Itoa(n))}
		v.Add, v.Current = c.period(q, t, time.Time{})
		p.Periods = append(p.Periods, v)
	}
	return nil
}

// outletNode asks for an outlet by its name where no other is called so, as
// people read it better, else by its id.
func outletNode(names map[string]string, id string) search.Is {
	by := search.Is{Field: search.FieldOutlet, Value: id}
	name := lang.Fold(names[id])
	for other, n := range names {
		if other != id && lang.Fold(n) == name {
			return by
		}
	}
	named := search.Is{Field: search.FieldOutlet, Value: names[id]}
	if q, err := search.Parse(nodeText(named)); err != nil || q.Root != search.Node(named) || len(q.Notes) > 0 {
		return by // it cannot be written
	}
	return named
}

// OutletQuery is the query for all of an outlet.
func (c *call) OutletQuery(id string) (string, error) {
	names, err := c.outletNames()
	return nodeText(outletNode(names, id)), err
}

// facetValue offers a node, whose value may also be written otherwise: to be
// asked for, to be excluded, or, where it is asked for, to be taken out.
func (c *call) facetValue(q *search.Query, n search.Is, otherwise, label string, count int) facetValue {
	v := facetValue{Label: label, N: count}
	same := func(o search.Node) bool {
		is, ok := o.(search.Is)
		return ok && is.Field == n.Field && (lang.Fold(is.Value) == lang.Fold(n.Value) || is.Value == otherwise)
	}
	all := parts(q.Root)
	rest := slices.DeleteFunc(slices.Clone(all), same)
	if v.Current = len(rest) < len(all); v.Current {
		v.Add = c.With("q", together(rest, q.Sentence))
		return v
	}
	v.Add = c.With("q", together(append(slices.Clone(all), n), q.Sentence))
	v.Not = c.With("q", together(append(slices.Clone(all), search.Not{Node: n}), q.Sentence))
	return v
}

// period is the address of a query of the days from one on, before another if
// that is not zero, in place of those it has; and whether it has just those.
func (c *call) period(q *search.Query, from, before time.Time) (string, bool) {
	isDay := func(n search.Node) bool { _, ok := n.(search.Published); return ok }
	all := parts(q.Root)
	rest := slices.DeleteFunc(slices.Clone(all), isDay)
	days := []search.Node{search.Published{Date: dateOf(from)}}
	if !before.IsZero() {
		days = append(days, search.Published{Before: true, Date: dateOf(before)})
	}
	had := slices.DeleteFunc(slices.Clone(all), func(n search.Node) bool { return !isDay(n) })
	if slices.EqualFunc(had, days, func(a, b search.Node) bool { return nodeText(a) == nodeText(b) }) {
		return c.With("q", together(rest, q.Sentence)), true
	}
	return c.With("q", together(append(rest, days...), q.Sentence)), false
}

func dateOf(t time.Time) lang.Date {
	return lang.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}

// strip is how many articles there are of each day, those without any too.
type strip struct {
	Bars        []stripBar
	First, Last string
	Most        int
	Width       int
}

type stripBar struct {
	X, Y, Width, Height float64
	Day                 string
	N                   int
	Address             string
	Current             bool
}

// The strip's measures: no more days than can be told apart.
const (
	stripDays   = 60
	stripWidth  = 720
	stripHeight = 48
	stripWidest = 24 // a bar
)

// strip makes it of the days; with links, each leads to its articles.
func (c *call) strip(q *search.Query, days []store.Tally, links bool) (s strip) {
	counts := map[string]int{}
	for _, d := range days {
		counts[d.Value] = d.N
	}
	if len(days) == 0 {
		return s
	}
	first, err1 := time.Parse(time.DateOnly, days[0].Value)
	last, err2 := time.Parse(time.DateOnly, days[len(days)-1].Value)
	if err1 != nil || err2 != nil {
		return s
	}
	if least := last.AddDate(0, 0, 1-stripDays); first.Before(least) {
		first = least
	}
	if least := last.AddDate(0, 0, -6); first.After(least) {
		first = least // a week at least, so that a bar is no wall
	}
	n := int(last.Sub(first).Hours()/24) + 1
	step := float64(stripWidth) / float64(n)
	for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
		s.Most = max(s.Most, counts[d.Format(time.DateOnly)])
	}
	for i := range n {
		d := first.AddDate(0, 0, i)
		width := min(step*.8, stripWidest)
		b := stripBar{Day: d.Format(time.DateOnly), X: tenth(float64(i)*step + (step-width)/2), Width: tenth(width)}
		if b.N = counts[b.Day]; b.N > 0 {
			b.Height = tenth(max(2, float64(b.N)*stripHeight/float64(s.Most)))
			if links {
				b.Address, b.Current = c.period(q, d, d.AddDate(0, 0, 1))
			}
		}
		b.Y = tenth(stripHeight - b.Height)
		s.Bars = append(s.Bars, b)
	}
	s.First, s.Last, s.Width = first.Format(time.DateOnly), last.Format(time.DateOnly), stripWidth
	return s
}

func tenth(f float64) float64 { return float64(int(f*10+.5)) / 10 }
