package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	codes "golang.org/x/text/language"
)

// The map of the world that pages draw places on: countries, each by its code,
// at a scale of 1 to 110 million, without Antarctica. A unit is a tenth of a
// degree: x is (longitude + 180) * 10, y is (90 - latitude) * 10.
// What is filled and stroked with is left to the page that uses it.

// southOf leaves out what lies wholly south of it: y of 60 degrees south.
const southOf = 1500

func makeWorldMap(in input) ([]byte, error) {
	file, err := in.packages["world-atlas"].file("countries-110m.json")
	if err != nil {
		return nil, err
	}
	type geometry struct {
		ID   string // ISO 3166 number; empty for what has none
		Type string
		Arcs json.RawMessage
	}
	var topo struct {
		Transform struct{ Scale, Translate [2]float64 }
		Arcs      [][][2]float64
		Objects   map[string]struct{ Geometries []geometry }
	}
	if err := json.Unmarshal(file, &topo); err != nil {
		return nil, err
	}
	arcs := make([][][2]int, len(topo.Arcs))
	for i, arc := range topo.Arcs {
		var at [2]float64
		for _, d := range arc {
			var p [2]float64
			for k := range at {
				at[k] += d[k]
				p[k] = at[k]*topo.Transform.Scale[k] + topo.Transform.Translate[k]
			}
			arcs[i] = append(arcs[i], [2]int{int(math.Round((p[0] + 180) * 10)), int(math.Round((90 - p[1]) * 10))})
		}
	}
	polygons := func(g geometry) (all [][][]int, err error) {
		switch g.Type {
		case "Polygon":
			all = make([][][]int, 1)
			err = json.Unmarshal(g.Arcs, &all[0])
		case "MultiPolygon":
			err = json.Unmarshal(g.Arcs, &all)
		default:
			err = fmt.Errorf("geometry %q", g.Type)
		}
		return all, err
	}
	// A country is a path of its own, so that it can be shown alone: "c-ID".
	var world bytes.Buffer
	n := 0
	for _, g := range topo.Objects["countries"].Geometries {
		all, err := polygons(g)
		if err != nil {
			return nil, fmt.Errorf("countries: %w", err)
		}
		var path bytes.Buffer
		for _, p := range all {
			for _, ring := range p {
				line := joinArcs(arcs, ring)
				over := unwrap(line)
				appendPath(&path, line, true)
				if over != 0 { // the part beyond the edge, on the other side
					for i := range line {
						line[i][0] -= over
					}
					appendPath(&path, line, true)
				}
			}
		}
		if path.Len() == 0 {
			continue
		}
		n++
		id := ""
		if r, err := codes.ParseRegion(g.ID); err == nil && r.IsCountry() {
			id = fmt.Sprintf(` id="c-%s"`, r)
		}
		fmt.Fprintf(&world, `<path%s vector-effect="non-scaling-stroke" d="%s"/>`, id, path.Bytes())
	}
	if n < 150 {
		return nil, fmt.Errorf("world-atlas has only %d countries", n)
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3600 %d"><g id="world">%s</g></svg>`+"\n", southOf, world.Bytes()), nil
}

// turn is once around the world.
const turn = 3600

// unwrap has a line that leaves the map at one edge go on beyond it, and not
// come back at the other. It returns the turn by which the line is to be moved
// for what is beyond; 0 where nothing is.
func unwrap(line [][2]int) (over int) {
	shift := 0
	for i := 1; i < len(line); i++ {
		x := line[i][0] + shift
		switch d := x - line[i-1][0]; {
		case d > turn/2:
			shift, x = shift-turn, x-turn
		case d < -turn/2:
			shift, x = shift+turn, x+turn
		}
		line[i][0] = x
		if x > turn {
			over = turn
		} else if x < 0 {
			over = -turn
		}
	}
	return over
}

// joinArcs is the line of arcs one after the other; a negative number is an
// arc backwards.
func joinArcs(arcs [][][2]int, numbers []int) (line [][2]int) {
	for _, n := range numbers {
		if n >= 0 {
			line = append(line, arcs[n]...)
			continue
		}
		arc := arcs[^n]
		for i := len(arc) - 1; i >= 0; i-- {
			line = append(line, arc[i])
		}
	}
	return line
}

// appendPath writes a line as steps, leaving out those of no length.
func appendPath(b *bytes.Buffer, line [][2]int, closed bool) {
	north := false
	for _, p := range line {
		north = north || p[1] < southOf
	}
	if !north {
		return
	}
	at := line[0]
	fmt.Fprintf(b, "M%d,%dl", at[0], at[1])
	first := true
	number := func(n int) {
		if n >= 0 && !first {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(n))
		first = false
	}
	for _, p := range line[1:] {
		if p != at {
			number(p[0] - at[0])
			number(p[1] - at[1])
			at = p
		}
	}
	if first {
		b.WriteString("0 0")
	}
	if closed {
		b.WriteByte('z')
	}
}
