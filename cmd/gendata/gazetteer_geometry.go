package main

import (
	"encoding/json"
	"fmt"
	"math"

	"dateline/gazetteer"
)

// Middles of counties, states and countries are computed from their outlines.

// point is degrees of latitude and longitude.
type point struct{ lat, lon float64 }

// shape is one geometry of a TopoJSON collection.
type shape struct {
	id, name string
	parts    []part
}

// part is one polygon: its area, in any unit, and its middle.
type part struct {
	area float64
	mid  point
}

// readShapes reads a collection of a quantised TopoJSON file
// (https://github.com/topojson/topojson-specification).
func readShapes(data []byte, collection string) ([]shape, error) {
	var topo struct {
		Transform struct{ Scale, Translate [2]float64 }
		Arcs      [][][2]float64
		Objects   map[string]struct {
			Geometries []struct {
				Type       string
				ID         string
				Arcs       json.RawMessage
				Properties struct{ Name string }
			}
		}
	}
	if err := json.Unmarshal(data, &topo); err != nil {
		return nil, err
	}
	// Points are kept as steps from the one before.
	for _, arc := range topo.Arcs {
		var at [2]float64
		for i, d := range arc {
			for k := range at {
				at[k] += d[k]
				arc[i][k] = at[k]*topo.Transform.Scale[k] + topo.Transform.Translate[k]
			}
		}
	}
	ring := func(arcs []int) part {
		var pts [][2]float64
		for _, n := range arcs {
			if n >= 0 {
				pts = append(pts, topo.Arcs[n]...)
				continue
			}
			arc := topo.Arcs[^n]
			for i := len(arc) - 1; i >= 0; i-- {
				pts = append(pts, arc[i])
			}
		}
		return ringPart(pts)
	}
	var shapes []shape
	for _, g := range topo.Objects[collection].Geometries {
		s := shape{id: g.ID, name: g.Properties.Name}
		var polygons [][][]int
		switch g.Type {
		case "Polygon":
			polygons = make([][][]int, 1)
			if err := json.Unmarshal(g.Arcs, &polygons[0]); err != nil {
				return nil, err
			}
		case "MultiPolygon":
			if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("%s has geometry %q", s.name, g.Type)
		}
		for _, p := range polygons {
			s.parts = append(s.parts, ring(p[0])) // Holes matter little.
		}
		shapes = append(shapes, s)
	}
	if len(shapes) == 0 {
		return nil, fmt.Errorf("no geometries in %s", collection)
	}
	return shapes, nil
}

// ringPart measures a ring of longitudes and latitudes in a projection that
// keeps areas: longitude against the sine of latitude.
func ringPart(pts [][2]float64) part {
	const rad = math.Pi / 180
	var area, x, y float64
	for i, p := range pts {
		q := pts[(i+1)%len(pts)]
		px, py, qx, qy := p[0], math.Sin(p[1]*rad), q[0], math.Sin(q[1]*rad)
		cross := px*qy - qx*py
		area += cross
		x += (px + qx) * cross
		y += (py + qy) * cross
	}
	if area == 0 {
		return part{mid: point{pts[0][1], pts[0][0]}}
	}
	x, y = x/(3*area), y/(3*area)
	return part{math.Abs(area), point{math.Asin(max(-1, min(1, y))) / rad, x}}
}

// middle is the middle of the shape's largest part and those within reach km
// of it, so that islands overseas do not draw it into the sea.
func (s shape) middle(reach float64) point {
	large := s.parts[0]
	for _, p := range s.parts {
		if p.area > large.area {
			large = p
		}
	}
	var m mean
	for _, p := range s.parts {
		if distance(large.mid, p.mid) <= reach {
			m.add(p.mid, p.area)
		}
	}
	return m.point()
}

// mean is a weighted mean of points on the sphere, which the 180th meridian
// does not disturb.
type mean struct{ x, y, z float64 }

func (m *mean) add(p point, weight float64) {
	const rad = math.Pi / 180
	m.x += weight * math.Cos(p.lat*rad) * math.Cos(p.lon*rad)
	m.y += weight * math.Cos(p.lat*rad) * math.Sin(p.lon*rad)
	m.z += weight * math.Sin(p.lat*rad)
}

func (m *mean) point() point {
	const rad = math.Pi / 180
	return point{math.Atan2(m.z, math.Hypot(m.x, m.y)) / rad, math.Atan2(m.y, m.x) / rad}
}

func distance(a, b point) float64 { return gazetteer.Distance(a.lat, a.lon, b.lat, b.lon) }
