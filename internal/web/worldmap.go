package web

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dateline/internal/store"
)

// worldMap is places on a map. The world is static/world.svg, in tenths of a
// degree (see cmd/gendata); Scale, Left and Top lay it under the marks, which are
// in the map's own units.
type worldMap struct {
	Width, Height int
	World         string // address of the drawing
	Scale         string
	Left, Top     string
	Marks         []mapMark
	Kinds         []string // of the marks, for the legend
	More          int      // places with coordinates that are left out
	Unknown       int      // places without
}

// mapMark is a place: a dot for a town, its own outline for a country, a sign
// with an outline for what else has an extent.
type mapMark struct {
	store.NamedPlace
	Shape   string // id of what is drawn
	Outline string // id of its outline in the drawing of the world; empty where there is none
	Size    string // scale
	X, Y    string
	Label   bool // its name is written
}

// mapMost is how many places a map has at most.
const mapMost = 150

// mapKinds are the kinds of places, as a legend has them.
var mapKinds = []string{"city", "area", "region", "country"}

// newMap draws places, those in most articles first; nil where it is known of
// none where it is. With whole it is all of the world, else what is around the
// places.
func (c *call) newMap(places []store.NamedPlace, width, height int, whole bool) *worldMap {
	m := &worldMap{Width: width, Height: height, World: c.URL("/static/world.svg")}
	// What has several names, one a language, is one mark.
	type spot struct {
		kind     string
		lat, lon float64
	}
	var known []store.NamedPlace
	at := map[spot]int{}
	for _, p := range places {
		if !p.Known {
			m.Unknown++
			continue
		}
		s := spot{p.Kind, p.Lat, p.Lon}
		i, twice := at[s]
		switch {
		case twice:
			known[i].Articles += p.Articles
		case len(known) == mapMost:
			m.More++
		default:
			at[s] = len(known)
			known = append(known, p)
		}
	}
	if len(known) == 0 {
		return nil
	}
	where := func(p *store.NamedPlace) (x, y float64) { return (p.Lon + 180) * 10, (90 - p.Lat) * 10 }
	left, top, right, bottom := 0.0, 50.0, 3600.0, 1500.0
	if !whole {
		left, top, right, bottom = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for i := range known {
			x, y := where(&known[i])
			left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
		}
	}
	// The view has the map's proportions, some room at the edges, and is never so
	// near that the coarse outline says nothing.
	w := max((right-left)*1.25, (bottom-top)*1.25*float64(width)/float64(height), 300)
	if whole {
		w = right - left
	}
	w = min(w, 3600)
	scale := float64(width) / w
	h := float64(height) / scale
	left = min(max((left+right)/2-w/2, 0), 3600-w)
	top = min(max((top+bottom)/2-h/2, 0), max(1500-h, 0))
	m.Scale, m.Left, m.Top = fmt.Sprintf("%.4f", scale), decimals(-left), decimals(-top)
	most := 1
	for i := range known {
		most = max(most, known[i].Articles)
	}
	for i := range known {
		p := &known[i]
		x, y := where(p)
		shape := p.Kind
		if !slices.Contains(mapKinds, shape) {
			shape = "area"
		}
		size := 0.8 + 1.5*math.Sqrt(float64(p.Articles)/float64(most))
		m.Marks = append(m.Marks, mapMark{
			NamedPlace: *p, Shape: shape, Size: fmt.Sprintf("%.2f", size), X: decimals((x - left) * scale), Y: decimals((y - top) * scale),
			Outline: c.s.outline(p), Label: i < 3 && !whole || len(known) <= 4,
		})
	}
	for _, k := range mapKinds {
		if slices.ContainsFunc(m.Marks, func(p mapMark) bool { return p.Shape == k }) {
			m.Kinds = append(m.Kinds, k)
		}
	}
	// The small ones last, so that they lie over the large ones, and over what has an outline.
	slices.SortStableFunc(m.Marks, func(a, b mapMark) int {
		return cmp.Or(cmp.Compare(b.Outline, a.Outline), cmp.Compare(b.Articles, a.Articles))
	})
	return m
}

// outlines are the ids of countries in the drawing of the world.
var outlines = regexp.MustCompile(`id="(c-[A-Z]{2})"`)

// outline is the id of a country's outline; empty for what is none, or is too
// small for the drawing.
func (s *Server) outline(p *store.NamedPlace) string {
	if id := "c-" + p.Country; p.Kind == "country" && s.outlines[id] {
		return id
	}
	return ""
}

// CountryName is a country's name in the interface's language, or its code.
func (c *call) CountryName(code string) string {
	if r, err := language.ParseRegion(code); err == nil {
		if name := display.Regions(language.Make(c.set.Language)).Name(r); name != "" {
			return name
		}
	}
	return code
}
