package gazetteer

import (
	"crypto/sha256"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestTable goes through the whole table.
func TestTable(t *testing.T) {
	g := Builtin()
	counts := make(map[Kind]int)
	last := Place{Kind: Country, Population: math.MaxInt}
	for id := range uint32(g.Len()) {
		p := g.Place(id)
		counts[p.Kind]++
		if p.ID != id || p.Name == "" || !utf8.ValidString(p.Name) || p.Kind >= numKinds {
			t.Fatalf("place %d is %+v", id, p)
		}
		if math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180 || p.Lat == 0 && p.Lon == 0 {
			t.Errorf("%s lies at %v, %v", p.Name, p.Lat, p.Lon)
		}
		if p.Kind < last.Kind || p.Kind == last.Kind && p.Population > last.Population {
			t.Errorf("%+v comes after %+v", p, last)
		}
		last = p
		if p.Country == "" != (p.Admin1 == "" && p.Kind == Area) && p.Kind != Area {
			t.Errorf("%s lies in no country", p.Name)
		}
		if c, ok := g.Country(p.Country); p.Country != "" && (!ok || g.Place(c).Kind != Country || g.Place(c).Country != p.Country) {
			t.Errorf("%s lies in %q, which is no country", p.Name, p.Country)
		}
		if p.Kind == Region {
			if r, ok := g.Region(p.Country, p.Admin1); !ok || r != id {
				t.Errorf("region %s.%s is %d, want %d", p.Country, p.Admin1, r, id)
			}
		}
		if (p.Kind == City) != (p.Geonames != 0) {
			t.Errorf("%s has the GeoNames number %d", p.Name, p.Geonames)
		}
	}
	for kind, least := range map[Kind]int{Country: 249, Area: 400, Region: 3700, County: 3600, City: 135000} {
		if counts[kind] < least {
			t.Errorf("%d of kind %v, want %d at least", counts[kind], kind, least)
		}
	}
	// Every value leads to places that are there, and every place has a name.
	named := make([]bool, g.Len())
	var list []Entry
	for i := 0; i < len(g.t.values); i += valueSize {
		v := le24(g.t.values, i)
		list = g.t.appendEntries(list[:0], v)
		if len(list) == 0 && v&valueMore == 0 {
			t.Fatalf("value %d is of no name and no beginning", i/valueSize)
		}
		for k, e := range list {
			if e.ID >= uint32(g.Len()) || e.Rank >= numRanks || k > 0 && list[k-1].ID >= e.ID {
				t.Fatalf("value %d has entries %v", i/valueSize, list)
			}
			named[e.ID] = true
		}
	}
	for id, ok := range named {
		if !ok {
			t.Errorf("%+v has no name", g.Place(uint32(id)))
		}
	}
}

// TestTablesBound fails when a table written by hand has changed and
// gazetteer.bin has not been made again.
func TestTablesBound(t *testing.T) {
	digest := sha256.New()
	for _, name := range []string{"affixes.tsv", "counties.tsv", "names.tsv", "regions.tsv"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		digest.Write(text)
	}
	if want := string(digest.Sum(nil)[:digestSize]); data[len(magic):][:digestSize] != want {
		t.Error("gazetteer.bin is not made from these tables; go run ./cmd/gendata gazetteer")
	}
}

// TestCost holds the gazetteer to what it may cost the program.
func TestCost(t *testing.T) {
	if len(data) > 8e6 {
		t.Errorf("gazetteer.bin has %d bytes, want 8 MB at most", len(data))
	}
	g := Builtin()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := parseTable(data); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("loading allocates %d bytes", n)
	}
	buf := make([]Entry, 0, 1000)
	id, _ := g.Country("ID")
	if n := testing.AllocsPerRun(100, func() {
		buf = g.AppendLookup(buf[:0], "San José")
		c, _ := g.Start().Step("new", false)
		c, _ = c.Step("york", false)
		buf = c.Append(buf[:0])
		g.Place(id)
	}); n != 0 {
		t.Errorf("looking up allocates %v times", n)
	}
}

func TestDamaged(t *testing.T) {
	for _, bad := range []string{"", "x", magic, data[:100], data[:len(data)-1], data + "x", strings.Replace(data[:200], "1\n", "2\n", 1)} {
		if _, err := parseTable(bad); err == nil {
			t.Errorf("a table of %d bytes is taken", len(bad))
		}
	}
}

func TestConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, name := range []string{"Paris", "北京", "Khan Younis"} {
				for _, e := range Builtin().Lookup(name) {
					Builtin().Place(e.ID)
				}
			}
		})
	}
	wg.Wait()
}

// FuzzLookup holds Lookup and Cursor to each other and to the table.
func FuzzLookup(f *testing.F) {
	for _, s := range []string{"New York", "St. Louis County", "北京市", "خان\u200cیونس", "Rio de Janeiro", "a\x00b", "Ǿ ۀ", "กรุงเทพ", "Ust'-Kamenogorsk"} {
		f.Add(s)
	}
	g := Builtin()
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if again := Fold(folded); again != folded {
			t.Fatalf("Fold(%q) is %q, folded again %q", s, folded, again)
		}
		list := g.Lookup(s)
		for i, e := range list {
			if e.ID >= uint32(g.Len()) || e.Rank >= numRanks || i > 0 && list[i-1].ID >= e.ID {
				t.Fatalf("Lookup(%q) is %v", s, list)
			}
		}
		// Word by word, and in unspaced scripts character by character, the
		// walk must come to the same.
		c, ok := g.Start(), true
		walk := func(word string, joined bool) {
			if ok {
				c, ok = c.Step(word, joined)
			}
		}
		start, joined := 0, false
		var last rune
		for i, r := range folded {
			switch {
			case r == ' ':
				walk(folded[start:i], joined)
				start, joined = i+1, false
			case i > start && (Unspaced(r) || Unspaced(last)) && !unicode.IsMark(r):
				walk(folded[start:i], joined)
				start, joined = i, true
			}
			last = r
		}
		walk(folded[start:], joined)
		if folded == "" {
			return
		}
		if got := c.Append(nil); len(list) != len(got) || len(list) > 0 && !ok {
			t.Fatalf("Lookup(%q) is %v, the walk gives %v, %v", s, list, got, ok)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	b.ReportMetric(float64(len(data))/1e6, "MB")
	for b.Loop() {
		if _, err := parseTable(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	g := Builtin()
	names := []string{"Jakarta", "Nowhereville", "San José", "موسكو", "北京"}
	var buf []Entry
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		buf = g.AppendLookup(buf[:0], names[i%len(names)])
	}
}

// BenchmarkStep walks a text in which most words begin no name.
func BenchmarkStep(b *testing.B) {
	g := Builtin()
	words := strings.Fields("the minister said on friday that flooding in central java had displaced more than two thousand people and cut the road to semarang")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		g.Start().Step(words[i%len(words)], false)
	}
}
