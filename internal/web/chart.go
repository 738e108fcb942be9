package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/store"
)

const (
	// chartMost is how many statements a chart draws, the newest: one mark each.
	chartMost = 90
	// chartOutlets is how many outlets have a colour and a shape of their own.
	chartOutlets = 7

	chartWidth, chartHeight                      = 1000, 290
	chartLeft, chartRight, chartTop, chartBottom = 56, 14, 14, 26
	chartOpen                                    = 22               // length of a bar whose bound is open
	chartLeast                                   = 10 * time.Minute // of what passes from its start to its end
)

// statementChart is figures of one kind over time, as a drawing. Colour and
// shape are the outlet's; an exact number is a point, a range a bar with two
// ends, an open bound a bar with an arrow.
type statementChart struct {
	What          string
	Width, Height int
	Left, Bottom  int // of the axes
	Right         int
	N             int  // statements drawn
	More          bool // there are older ones
	Log           bool
	Outlets       []chartOutlet
	X, Y          []chartTick
}

// chartOutlet is an outlet with its marks. Class is a number for colour and shape.
type chartOutlet struct {
	Class int
	Name  string // empty for those that have no colour of their own
	Marks []chartMark
}

// chartMark is a statement as drawn.
type chartMark struct {
	X, Y  string
	Bar   string // a path; empty for none
	Soft  bool   // not stated as fact, or a rough number
	Title string
}

type chartTick struct {
	At    string
	Label string
}

// newChart draws figures; those of the kind that most are of, where what is
// empty. It is nil where there is nothing to draw.
func (c *call) newChart(what string, all []figureLine, more bool) *statementChart {
	all = slices.DeleteFunc(slices.Clone(all), func(l figureLine) bool {
		return l.Value.Min == nil && l.Value.Max == nil || l.Hit.Time.IsZero()
	})
	if what == "" {
		what = mostOf(all)
	}
	all = slices.DeleteFunc(all, func(l figureLine) bool { return l.Value.What != what })
	if len(all) == 0 {
		return nil
	}
	if len(all) > chartMost {
		all, more = all[:chartMost], true
	}
	ch := &statementChart{What: what, Width: chartWidth, Height: chartHeight, Left: chartLeft, Bottom: chartHeight - chartBottom, Right: chartWidth - chartRight, N: len(all), More: more}
	first, last := all[0].Hit.Time, all[0].Hit.Time
	low, high := math.Inf(1), 0.0
	for i := range all {
		if t := all[i].Hit.Time; t.Before(first) {
			first = t
		} else if t.After(last) {
			last = t
		}
		for _, b := range []*float64{all[i].Value.Min, all[i].Value.Max} {
			if b == nil {
				continue
			}
			high = max(high, *b)
			if *b > 0 {
				low = min(low, *b)
			}
		}
	}
	if last.Sub(first) < chartLeast {
		first, last = first.Add(-chartLeast/2), last.Add(chartLeast/2)
	}
	ch.Log = high >= 100*low
	y := ch.scale(c, low, high)
	x := func(t time.Time) float64 {
		return chartLeft + 10 + float64(t.Sub(first))/float64(last.Sub(first))*(chartWidth-chartLeft-chartRight-20)
	}
	for _, t := range c.timeTicks(first, last) {
		ch.X = append(ch.X, chartTick{decimals(x(t.at)), t.label})
	}
	class := chartClasses(all)
	marks := map[int]*chartOutlet{}
	for i := len(all) - 1; i >= 0; i-- {
		l := &all[i]
		n := class[l.Outlet]
		o := marks[n]
		if o == nil {
			o = &chartOutlet{Class: n}
			if n < chartOutlets {
				o.Name = l.Outlet
			}
			marks[n] = o
		}
		o.Marks = append(o.Marks, c.chartMark(l, x(l.Hit.Time), y))
	}
	for n := range chartOutlets + 1 {
		if o := marks[n]; o != nil {
			ch.Outlets = append(ch.Outlets, *o)
		}
	}
	return ch
}

// mostOf is the kind that most of some figures are of. Things of all sorts do
// not compare, and are it only where there is nothing else.
func mostOf(all []figureLine) (what string) {
	count := map[string]int{}
	for i := range all {
		count[all[i].Value.What]++
	}
	compares := func(what string) int {
		if what == "count" || what == "other" {
			return 0
		}
		return 1
	}
	for w, n := range count {
		if what == "" || cmp.Or(compares(w)-compares(what), n-count[what], strings.Compare(what, w)) > 0 {
			what = w
		}
	}
	return what
}

// chartClasses numbers outlets, those with most statements first; all that have
// no number of their own share the last.
func chartClasses(all []figureLine) map[string]int {
	count := map[string]int{}
	for i := range all {
		count[all[i].Outlet]++
	}
	names := make([]string, 0, len(count))
	for n := range count {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	class := make(map[string]int, len(names))
	for i, n := range names {
		class[n] = min(i, chartOutlets)
	}
	return class
}

// scale makes the axis of numbers, and gives where a number is on it: from 0,
// or by powers of ten where the numbers are far apart.
func (ch *statementChart) scale(c *call, low, high float64) func(float64) float64 {
	const span = chartHeight - chartTop - chartBottom - 8
	bottom := float64(chartHeight - chartBottom - 4)
	if ch.Log {
		from, to := math.Floor(math.Log10(low)), math.Ceil(math.Log10(high)+1e-9)
		y := func(v float64) float64 {
			if v <= 0 {
				return bottom
			}
			return bottom - (math.Log10(v)-from)/(to-from)*span
		}
		step := max(1, math.Ceil((to-from)/6))
		for e := from; e <= to; e += step {
			ch.Y = append(ch.Y, chartTick{decimals(y(math.Pow(10, e))), c.short(math.Pow(10, e))})
		}
		return y
	}
	if high == 0 {
		high = 1
	}
	step := math.Pow(10, math.Floor(math.Log10(high)))
	for _, f := range []float64{0.2, 0.5, 1} {
		if high/(step*f) <= 5 {
			step *= f
			break
		}
	}
	top := math.Ceil(high/step) * step
	y := func(v float64) float64 { return bottom - v/top*span }
	for v := 0.0; v <= top+step/2; v += step {
		ch.Y = append(ch.Y, chartTick{decimals(y(v)), c.short(v)})
	}
	return y
}

// chartMark draws a statement.
func (c *call) chartMark(l *figureLine, x float64, y func(float64) float64) chartMark {
	v := &l.Value
	m := chartMark{X: decimals(x), Soft: v.Modal || v.Vague}
	m.Title = fmt.Sprintf("%s %s · %s · %s", c.Bounds(*v), c.T("what."+v.What), l.Outlet, c.Moment(l.Hit.Time).Full)
	bar := func(from, to float64, arrow bool) string {
		end := 4.0
		if from > to {
			end = -4
		}
		if arrow {
			return fmt.Sprintf("M%s %sV%sm-3 %sl3 %s 3 %s", m.X, decimals(from), decimals(to), decimals(-end), decimals(end), decimals(-end))
		}
		return fmt.Sprintf("M%s %sV%sm-3 0h6M%s %sm-3 0h6", m.X, decimals(from), decimals(to), m.X, decimals(from))
	}
	switch {
	case v.Min != nil && v.Max != nil && *v.Min == *v.Max:
		m.Y = decimals(y(*v.Min))
	case v.Min != nil && v.Max != nil:
		low, high := y(*v.Min), y(*v.Max)
		m.Y, m.Bar = decimals((low+high)/2), bar(low, high, false)
	case v.Min != nil:
		at := y(*v.Min)
		m.Y, m.Bar = decimals(at), bar(at, max(at-chartOpen, 1), true)
	default:
		at := y(*v.Max)
		m.Y, m.Bar = decimals(at), bar(at, min(at+chartOpen, chartHeight-chartBottom), true)
	}
	return m
}

// decimals writes a coordinate with one digit after the point at most.
func decimals(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

// short writes a round number in little room.
func (c *call) short(f float64) string {
	for _, u := range []struct {
		least float64
		key   string
	}{{1e12, "short.trillion"}, {1e9, "short.billion"}, {1e6, "short.million"}} {
		if f >= u.least {
			return c.T(u.key, c.decimal(math.Round(f/u.least*100)/100))
		}
	}
	return c.decimal(math.Round(f*1e6) / 1e6)
}

type timeTick struct {
	at    time.Time
	label string
}

// timeTicks are up to eight round times from first to last, in the reader's
// zone.
func (c *call) timeTicks(first, last time.Time) (ticks []timeTick) {
	span := last.Sub(first)
	const day = 24 * time.Hour
	f := first.In(c.set.zone)
	y, mo, d := f.Date()
	var next func(i int) time.Time
	label := func(t time.Time) string {
		return strconv.Itoa(t.Day()) + " " + c.T("month."+strconv.Itoa(int(t.Month())))
	}
	switch {
	case span <= 4*time.Hour:
		step := 0
		for _, step = range []int{2, 5, 10, 15, 30} {
			if span <= time.Duration(8*step)*time.Minute {
				break
			}
		}
		hour := f.Add(-time.Duration(f.Minute())*time.Minute - time.Duration(f.Second())*time.Second - time.Duration(f.Nanosecond()))
		next = func(i int) time.Time { return hour.Add(time.Duration(i*step) * time.Minute) }
		label = func(t time.Time) string { return t.Format("15:04") }
	case span <= 4*day:
		step := 1
		for _, step = range []int{1, 2, 3, 6, 12} {
			if span <= time.Duration(8*step)*time.Hour {
				break
			}
		}
		next = func(i int) time.Time { return time.Date(y, mo, d, i*step, 0, 0, 0, c.set.zone) }
		days := label
		label = func(t time.Time) string {
			if t.Hour() == 0 {
				return days(t)
			}
			return t.Format("15:04")
		}
	case span <= 80*day:
		step := int(math.Ceil(float64(span) / float64(8*day)))
		next = func(i int) time.Time { return time.Date(y, mo, d+i*step, 0, 0, 0, 0, c.set.zone) }
	case span <= 5*366*day:
		step := int(math.Ceil(float64(span) / float64(8*31*day)))
		next = func(i int) time.Time { return time.Date(y, mo+time.Month(i*step), 1, 0, 0, 0, 0, c.set.zone) }
		label = func(t time.Time) string {
			return c.T("month."+strconv.Itoa(int(t.Month()))) + " " + strconv.Itoa(t.Year())
		}
	default:
		step := int(math.Ceil(float64(span) / float64(8*366*day)))
		next = func(i int) time.Time { return time.Date(y+i*step, 1, 1, 0, 0, 0, 0, c.set.zone) }
		label = func(t time.Time) string { return strconv.Itoa(t.Year()) }
	}
	for i := 0; len(ticks) < 12; i++ {
		t := next(i)
		if t.After(last) {
			return ticks
		}
		if !t.Before(first) {
			ticks = append(ticks, timeTick{t, label(t)})
		}
	}
	return ticks
}

// chartOf draws the newest of the figures that fit a search, whatever order
// the table has.
func (c *call) chartOf(f figureSearch, names map[string]string) (*statementChart, error) {
	f.options.Order, f.options.Cursor, f.options.Bare = store.Newest, "", true
	all, next, err := c.figureLines(&f, names, 2*chartMost)
	if err != nil {
		return nil, err
	}
	return c.newChart(f.options.What, all, next != ""), nil
}
