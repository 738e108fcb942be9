package web

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/lang"
)

// bare is a site without a record.
func bare(t testing.TB) *clerk {
	t.Helper()
	s, err := New(Options{Packs: lang.Builtin(), Now: time.Now, Log: slog.New(slog.DiscardHandler), Guard: &access.Guard{Now: time.Now}})
	if err != nil {
		t.Fatal(err)
	}
	return &clerk{Server: s}
}

func lines(n int, value func(i int) figureValue) []figureLine {
	all := make([]figureLine, n)
	for i := range all {
		all[i] = figureLine{Value: value(i), Outlet: fmt.Sprintf("Outlet %d <&>", i%11)}
		all[i].Hit = store.Hit{Time: time.Date(2026, 3, 1, 0, -i*37, 0, 0, time.UTC), Language: "xx"}
	}
	return all
}

func TestChart(t *testing.T) {
	k := bare(t)
	c := &call{s: k.Server, set: settings{Language: "en", zone: time.UTC}}
	f := func(v float64) *float64 { return &v }
	killed := func(lo, hi *float64) func(int) figureValue {
		return func(int) figureValue { return figureValue{What: "killed", Min: lo, Max: hi} }
	}
	for _, x := range []struct {
		name      string
		what      string
		all       []figureLine
		n, shapes int
		bar       string // what a bar has in it; "-" for no bar
	}{
		{"none", "", nil, 0, 0, ""},
		{"none of the kind", "money", lines(3, killed(f(1), f(1))), 0, 0, ""},
		{"without bounds", "", lines(3, killed(nil, nil)), 0, 0, ""},
		{"one", "", lines(1, killed(f(41), f(41))), 1, 1, "-"},
		{"nobody", "", lines(1, killed(f(0), f(0))), 1, 1, "-"},
		{"open above", "killed", lines(1, killed(f(41), nil)), 1, 1, "l3"},
		{"open below", "killed", lines(1, killed(nil, f(41))), 1, 1, "l3"},
		{"a range", "killed", lines(1, killed(f(41), f(50))), 1, 1, "h6"},
		{"500", "", lines(500, func(i int) figureValue {
			return figureValue{What: "killed", Min: f(float64(i)), Max: f(float64(i*i + 1))}
		}), chartMost, chartMost, "h6"},
		{"far apart", "", lines(2, func(i int) figureValue { return figureValue{What: "money", Min: f([]float64{1, 1e18}[i])} }), 2, 2, "l3"},
		{"a mix", "", lines(9, func(i int) figureValue {
			return figureValue{What: []string{"killed", "killed", "money"}[i%3], Min: f(5), Max: f(5)}
		}), 6, 6, "-"},
		{"mostly things", "", lines(9, func(i int) figureValue {
			return figureValue{What: []string{"count", "count", "killed"}[i%3], Min: f(5), Max: f(5)}
		}), 3, 3, "-"},
		{"only things", "", lines(3, func(int) figureValue { return figureValue{What: "count", Min: f(5), Max: f(5)} }), 3, 3, "-"},
	} {
		ch := c.newChart(x.what, x.all, false)
		if x.n == 0 {
			if ch != nil {
				t.Errorf("%s: there is a chart", x.name)
			}
			continue
		}
		if ch == nil || ch.N != x.n {
			t.Errorf("%s: %+v", x.name, ch)
			continue
		}
		var b bytes.Buffer
		if err := k.templates["figures"].ExecuteTemplate(&b, "chart", map[string]any{"c": &view{call: c}, "chart": ch}); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		svg := out[strings.Index(out, "<svg"):]
		svg = svg[:strings.Index(svg, "</svg>")+6]
		d := xml.NewDecoder(strings.NewReader(svg))
		for err := error(nil); ; {
			if _, err = d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", x.name, err)
			}
		}
		if n := strings.Count(svg, "<use "); n != x.shapes || strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("%s: %d shapes, want %d: %.300s", x.name, n, x.shapes, svg)
		}
		for _, o := range ch.Outlets {
			for _, m := range o.Marks {
				if x.bar != "" && (x.bar == "-") != (m.Bar == "") || x.bar != "-" && !strings.Contains(m.Bar, x.bar) {
					t.Errorf("%s: the bar is %q", x.name, m.Bar)
				}
				var px, py float64
				fmt.Sscan(m.X, &px)
				fmt.Sscan(m.Y, &py)
				if px < chartLeft || px > chartWidth || py < 0 || py > chartHeight {
					t.Errorf("%s: a mark at %s, %s", x.name, m.X, m.Y)
				}
			}
		}
		if len(ch.X) == 0 && x.n > 2 || len(ch.Y) < 2 || len(ch.X) > 12 || len(ch.Y) > 8 {
			t.Errorf("%s: %d ticks of time, %d of numbers", x.name, len(ch.X), len(ch.Y))
		}
		if b.Len() > 25<<10 {
			t.Errorf("%s: %d bytes", x.name, b.Len())
		}
	}
}

func TestTimeTicks(t *testing.T) {
	k := bare(t)
	c := &call{s: k.Server, set: settings{Language: "en", zone: time.FixedZone("x", 7*3600)}}
	first := time.Date(2026, 3, 10, 5, 20, 0, 0, time.UTC)
	for _, span := range []time.Duration{10 * time.Minute, 40 * time.Minute, time.Hour, 4 * time.Hour, 5 * time.Hour, 30 * time.Hour, 3 * 24 * time.Hour, 20 * 24 * time.Hour, 100 * 24 * time.Hour, 3 * 365 * 24 * time.Hour, 40 * 365 * 24 * time.Hour} {
		ticks := c.timeTicks(first, first.Add(span))
		if len(ticks) < 3 || len(ticks) > 10 {
			t.Errorf("%v: %d ticks", span, len(ticks))
		}
	}
}

func TestBounds(t *testing.T) {
	k := bare(t)
	c := &call{s: k.Server, set: settings{Language: "en"}}
	f := func(v float64) *float64 { return &v }
	for _, x := range []struct {
		v    figureValue
		want string
	}{
		{figureValue{What: "killed", Min: f(95), Max: f(95), Modifier: "exact"}, "95"},
		{figureValue{What: "killed", Min: f(40), Modifier: "at-least"}, "at least 40"},
		{figureValue{What: "killed", Min: f(41), Modifier: "more-than"}, "more than 40"},
		{figureValue{What: "money", Min: f(40), Modifier: "more-than", Unit: "EUR"}, "more than 40 EUR"},
		{figureValue{What: "killed", Max: f(40), Modifier: "at-most"}, "at most 40"},
		{figureValue{What: "killed", Max: f(39), Modifier: "less-than"}, "fewer than 40"},
		{figureValue{What: "killed", Max: f(40), Modifier: "nearly"}, "nearly 40"},
		{figureValue{What: "killed", Min: f(40), Max: f(40), Modifier: "about"}, "about 40"},
		{figureValue{What: "killed", Min: f(100), Max: f(999), Vague: true}, "100 to 999"},
		{figureValue{What: "percent", Min: f(-3.25), Max: f(-3.25)}, "-3.25%"},
		{figureValue{What: "percent", Min: f(-0.5), Max: f(-0.5)}, "-0.5%"},
		{figureValue{What: "money", Min: f(2.3e6), Max: f(2.3e6), Unit: "GBP"}, "2,300,000 GBP"},
		{figureValue{What: "money", Min: f(1e30), Max: f(1e30)}, "1e+30"},
		{figureValue{What: "killed"}, "some"},
	} {
		if got := c.Bounds(x.v); got != x.want {
			t.Errorf("%+v is %q, want %q", x.v, got, x.want)
		}
	}
}
