package main

import (
	"encoding/binary"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dateline/gazetteer"
)

func TestReadMO(t *testing.T) {
	// Two messages: the catalogue's head, whose key is empty, and one name.
	texts := "\x00Head\x00104515\x00Mekkah\x00"
	word := func(list ...uint32) (b []byte) {
		for _, n := range list {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
		return b
	}
	const from = 28 + 32 // behind the head and two tables of two lines
	mo := word(0x950412de, 0, 2, 28, 28+16, 0, 0)
	mo = append(mo, word(0, from, 6, from+6)...)
	mo = append(mo, word(4, from+1, 6, from+13)...)
	mo = append(mo, texts...)
	got, err := readMO(mo)
	if want := map[string]string{"104515": "Mekkah"}; err != nil || !maps.Equal(got, want) {
		t.Errorf("readMO gives %q, %v; want %q", got, err, want)
	}
	for _, bad := range [][]byte{nil, mo[:3], mo[:len(mo)-4], append([]byte{0}, mo[1:]...)} {
		if got, err := readMO(bad); err == nil {
			t.Errorf("a damaged catalogue of %d bytes gives %q", len(bad), got)
		}
	}
}

func TestNoise(t *testing.T) {
	for _, n := range []string{"JKT", "NY", "N.Y.", "K", "jakaruta", "ya jia da", "Ward 7", "http://x.example/Y", "京", "Foo (old)"} {
		if !noise(n) {
			t.Errorf("%q is a name", n)
		}
	}
	for _, n := range []string{"Jakarta", "Djakarta", "'s-Gravenhage", "Ho", "北京", "Москва", "موسكو", "PARIS", "eThekwini"} {
		if noise(n) {
			t.Errorf("%q is noise", n)
		}
	}
}

func TestAffixes(t *testing.T) {
	var a gazAffixes
	text, err := os.ReadFile(filepath.Join("..", "..", "gazetteer", "affixes.tsv"))
	if err == nil {
		err = a.read(string(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{"Kerman Province", "kerman"},
		{"State of Maine", "maine"},
		{"استان کرمان", "کرمان"},
		{"湖北省", "湖北"},
		{"Northern Province", ""},
		{"Bali", ""},
	} {
		if got := a.bare(gazetteer.Fold(c[0])); got != c[1] {
			t.Errorf("%q is %q without the word, want %q", c[0], got, c[1])
		}
	}
	if a.read("pre\ten\n") == nil || a.read("what\ten\tState\n") == nil {
		t.Error("a line that is none is taken")
	}
}

// TestShapes reads a square of four degrees, whose right half is its own
// geometry with the arc between them shared, and a far island.
func TestShapes(t *testing.T) {
	topo := `{"transform":{"scale":[0.5,0.5],"translate":[10,-2]},
		"arcs":[[[4,0],[0,8]],[[4,8],[-4,0],[0,-8],[4,0]],[[4,8],[4,0],[0,-8],[-4,0]],[[100,0],[1,0],[0,1],[-1,0],[0,-1]]],
		"objects":{"x":{"geometries":[
			{"type":"Polygon","id":"1","arcs":[[0,1]],"properties":{"name":"left"}},
			{"type":"MultiPolygon","id":"2","arcs":[[[-1,-3]],[[3]]],"properties":{"name":"right"}}]}}}`
	shapes, err := readShapes([]byte(topo), "x")
	if err != nil || len(shapes) != 2 {
		t.Fatalf("readShapes gives %v, %v", shapes, err)
	}
	for i, want := range []point{{0, 11}, {0, 13}} {
		got := shapes[i].middle(1000)
		if math.Abs(got.lat-want.lat) > 0.01 || math.Abs(got.lon-want.lon) > 0.01 {
			t.Errorf("the middle of %s is %v, want %v", shapes[i].name, got, want)
		}
	}
	if _, err := readShapes([]byte(topo), "y"); err == nil {
		t.Error("a collection that is not there is read")
	}
}

func TestMeanCrossesMeridian(t *testing.T) {
	var m mean
	m.add(point{-17, 179}, 1)
	m.add(point{-17, -179}, 1)
	if p := m.point(); math.Abs(math.Abs(p.lon)-180) > 0.01 || math.Abs(p.lat+17) > 0.1 {
		t.Errorf("the mean is %v", p)
	}
}

func TestBeginnings(t *testing.T) {
	for _, c := range []struct {
		name string
		want []string
	}{
		{"jakarta", nil},
		{"rio de janeiro", []string{"rio", "rio de"}},
		{"北京市", []string{"北", "北京"}},
		{"กรุงเทพ", []string{"ก", "กรุ", "กรุง", "กรุงเ", "กรุงเท"}},
		{"gulf 湾", []string{"gulf"}},
	} {
		var got []string
		beginnings(c.name, func(b string) { got = append(got, b) })
		if !slices.Equal(got, c.want) {
			t.Errorf("beginnings of %q are %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTablesRefused(t *testing.T) {
	build := func() *gazBuilder {
		g := &gazBuilder{byRef: make(map[string]*gazPlace)}
		g.add(&gazPlace{ref: "ID", kind: gazetteer.Country, name: "Indonesia", country: "ID"})
		return g
	}
	for _, line := range []string{
		"lake\t91\t0\t5\t-\ten:Lake",
		"lake\t1\t0\tfar\t-\ten:Lake",
		"lake\t1\t0\t5\tXX\ten:Lake",
		"lake\t1\t0\t5\t-\tid:Danau",
		"lake\t1\t0\t5\t-\tLake",
		"lake\t1\t0\t5\ten:Lake",
		"ID\t1\t0\t5\t-\ten:Lake",
	} {
		if build().readAreas(line) == nil {
			t.Errorf("regions.tsv: %q is taken", line)
		}
	}
	for _, line := range []string{"name\tXX\tNowhere", "name\tID", "drop\tID\tNowhere", "call\tID\tIndonesia", "at\tID\t100 0", "name\tID\t-"} {
		if build().readNames(line) == nil {
			t.Errorf("names.tsv: %q is taken", line)
		}
	}
	if build().readCounties("ID.01\t1101\tAceh") == nil {
		t.Error("counties.tsv: codes of no place are taken")
	}
}
