package web

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
)

// open asks the whole handler, as somebody on this machine.
func (k *clerk) open(target string) *httptest.ResponseRecorder {
	k.Guard.Open = true
	w := httptest.NewRecorder()
	req := httptest.NewRequest("GET", target, nil)
	req.Host = "localhost"
	k.Handler().ServeHTTP(w, req)
	return w
}

func TestNamePages(t *testing.T) {
	k, _ := newClerk(t)
	// Every name of the record has its page, whatever signs are in it.
	seen := map[string]bool{}
	for _, kind := range []dateline.AnnotationKind{dateline.KindPerson, dateline.KindOrganization, dateline.KindPlace} {
		for st, err := range k.store.Statements(t.Context(), nil, k.Analyzer, store.StatementOptions{Kind: kind, Limit: 25}) {
			if err != nil {
				t.Fatal(err)
			}
			var v struct{ Name string }
			if err := json.Unmarshal(st.Mark.Value, &v); err != nil {
				t.Fatal(err)
			}
			address := "/" + string(kind) + "/" + url.PathEscape(v.Name)
			if seen[address] {
				continue
			}
			seen[address] = true
			for _, show := range []string{"", "?show=quotes", "?show=figures"} {
				w := k.open(address + show)
				want := 200
				if (show == "?show=figures") != (kind == dateline.KindPlace) && show != "" {
					want = 400
				}
				if w.Code != want || w.Body.Len() > 60<<10 {
					t.Errorf("%s%s: status %d, want %d, %d bytes", address, show, w.Code, want, w.Body.Len())
				}
				if show == "" && !strings.Contains(w.Body.String(), "<mark>") {
					t.Errorf("%s has no sentence", address)
				}
			}
			if kind == dateline.KindPerson && !strings.Contains(k.open(address).Body.String(), "Two people may share it") {
				t.Errorf("%s does not say that it is a name", address)
			}
		}
	}
	if len(seen) < 25 {
		t.Errorf("%d names", len(seen))
	}
	for target, want := range map[string]int{"/person/Nobody%20At%20All": 404, "/person/": 404, "/person/%20": 400, "/place/Lyon?cursor=x": 400, "/person/%FF": 404} {
		if w := k.open(target); w.Code != want {
			t.Errorf("%s: status %d, want %d", target, w.Code, want)
		}
	}
}

// TestNameAddresses sends names with signs that mean something in addresses
// through one.
func TestNameAddresses(t *testing.T) {
	k, _ := newClerk(t)
	c := &call{s: k.Server, set: settings{Language: "en"}}
	for _, name := range []string{"A/B", "..", ".", "a//b", "what?", "C#", "100%", "%2F", "a&b=c", `quo"te`, "<b>", "سارة\u200f بن", "\u202eevil", "王 小明", "O'Neil; --", "a+b"} {
		for _, base := range []string{"", "/news"} {
			k.Base = base
			var got string
			k.routes = []Route{{Method: "GET", Path: "/person/{name}", Need: looking, Handle: func(c *call) error { got = c.r.PathValue("name"); return nil }}}
			address := c.URL("/person/", name)
			w := k.open(address)
			if name == ".." || name == "." {
				continue // browsers take them away; no name is made of dots
			}
			if w.Code != 200 || got != name {
				t.Errorf("%q by %s: status %d, came as %q", name, address, w.Code, got)
			}
		}
	}
}

func TestPlacesPage(t *testing.T) {
	k, _ := newClerk(t)
	all, err := k.store.Places(t.Context(), nil, k.Analyzer, 0)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for next := "/places"; next != ""; {
		page := k.open(next).Body.String()
		shown += strings.Count(page, "<tr data-item>")
		if len(page) > 60<<10 {
			t.Errorf("%s: %d bytes", next, len(page))
		}
		_, rest, more := strings.Cut(page, `rel="next" href="`)
		if next, _, _ = strings.Cut(rest, `"`); !more {
			next = ""
		}
	}
	if shown != len(all) || shown < 30 {
		t.Errorf("%d of %d places are shown", shown, len(all))
	}
	for target, want := range map[string]int{"/places?q=place:Lyon": 200, "/places?q=nothinghasthis": 200, "/places?cursor=-1": 400, "/places?cursor=x": 400, "/places?cursor=99999": 200, "/places?q=%28": 200} {
		if w := k.open(target); w.Code != want {
			t.Errorf("%s: status %d, want %d", target, w.Code, want)
		}
	}
	if w := k.open("/static/world.svg"); w.Code != 200 || w.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(w.Body.String(), `id="world"`) {
		t.Errorf("the drawing of the world: status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
}

func TestMap(t *testing.T) {
	k := bare(t)
	c := &call{s: k.Server, set: settings{Language: "en"}}
	if c.newMap(nil, 320, 200, true) != nil || c.newMap([]store.NamedPlace{{Name: "x"}}, 320, 200, false) != nil {
		t.Error("a map of nothing")
	}
	country := store.NamedPlace{Name: "Indonesia", Kind: "country", Country: "ID", Lat: -5, Lon: 120, Known: true, Articles: 4}
	other := country
	other.Name, other.Articles = "إندونيسيا", 3
	m := c.newMap([]store.NamedPlace{country, other, {Name: "x", Kind: "city"}, {Name: "odd", Kind: "moon", Lat: 90, Lon: 180, Known: true, Articles: 1}}, 320, 200, false)
	if len(m.Marks) != 2 || m.Marks[0].Shape != "country" || m.Marks[0].Articles != 7 || m.Marks[1].Shape != "area" || m.Unknown != 1 {
		t.Errorf("%+v", m)
	}
	if m.Marks[0].Outline != "c-ID" || m.Marks[1].Outline != "" {
		t.Errorf("outlines: %q, %q", m.Marks[0].Outline, m.Marks[1].Outline)
	}
	small := c.newMap([]store.NamedPlace{{Name: "Tuvalu", Kind: "country", Country: "TV", Lat: -8, Lon: 178, Known: true}}, 320, 200, false)
	if small.Marks[0].Outline != "" || small.Marks[0].Shape != "country" {
		t.Errorf("a country that the drawing does not have: %+v", small.Marks[0])
	}
	if n := len(k.outlines); n < 150 {
		t.Errorf("the drawing of the world has %d countries", n)
	}
	// All marks are inside, wherever they are.
	for _, p := range [][2]float64{{90, 180}, {-90, -180}, {0, 0}, {-55, 179}, {71, -179}} {
		m := c.newMap([]store.NamedPlace{{Name: "x", Kind: "city", Lat: p[0], Lon: p[1], Known: true, Articles: 1}}, 320, 200, false)
		var x, y float64
		fmt.Sscan(m.Marks[0].X, &x)
		fmt.Sscan(m.Marks[0].Y, &y)
		if x < 0 || x > 320 || y < 0 || y > 200 && p[0] > -60 {
			t.Errorf("%v is drawn at %s, %s", p, m.Marks[0].X, m.Marks[0].Y)
		}
	}
	many := make([]store.NamedPlace, 500)
	for i := range many {
		many[i] = store.NamedPlace{Name: fmt.Sprint("town ", i), Kind: "city", Lat: float64(i%170 - 85), Lon: float64(i%360 - 180), Known: true, Articles: 500 - i}
	}
	if m := c.newMap(many, 1000, 403, true); len(m.Marks) != mapMost || m.More != 500-mapMost {
		t.Errorf("%d marks, %d more", len(m.Marks), m.More)
	}
}

func TestSpread(t *testing.T) {
	k := bare(t)
	c := &call{s: k.Server, set: settings{Language: "en"}}
	for _, s := range []struct {
		name      string
		days      []store.Tally
		unit      string
		bars, sum int
	}{
		{"none", nil, "day", 0, 0},
		{"a day", []store.Tally{{Value: "2026-03-10", N: 3}}, "day", spreadLeast, 3},
		{"a month with gaps", []store.Tally{{Value: "2026-02-10", N: 1}, {Value: "2026-03-11", N: 2}}, "day", 30, 3},
		{"a year", []store.Tally{{Value: "2025-03-10", N: 1}, {Value: "2026-03-10", N: 2}}, "week", 53, 3},
		{"six years", []store.Tally{{Value: "2020-03-10", N: 1}, {Value: "2026-03-10", N: 2}}, "month", 73, 3},
		{"a date far off", []store.Tally{{Value: "1246-01-01", N: 1}, {Value: "2026-03-10", N: 2}}, "month", spreadMost, 2},
		{"no date", []store.Tally{{Value: "x", N: 1}}, "day", 0, 0},
	} {
		got := c.spreadOf(s.days)
		if got.Unit != s.unit || len(got.Bars) != s.bars || got.Sum != s.sum {
			t.Errorf("%s: %d bars of a %s, %d in all; want %d of a %s, %d", s.name, len(got.Bars), got.Unit, got.Sum, s.bars, s.unit, s.sum)
		}
	}
}

func TestPublicNames(t *testing.T) {
	k, _ := newClerk(t)
	if w := k.as(access.Anyone, "GET", "/places", ""); w.Code != 303 {
		t.Errorf("anyone sees places: status %d", w.Code)
	}
	k.Guard.Public = []string{"names"}
	if w := k.as(access.Anyone, "GET", "/places", ""); w.Code != 200 {
		t.Errorf("public places: status %d", w.Code)
	}
}
