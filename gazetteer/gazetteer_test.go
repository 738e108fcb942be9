package gazetteer

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// cases gives the columns of each line of a table.
func cases(t *testing.T, file string, columns int) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != columns {
			t.Fatalf("%s:%d: %d columns, want %d", file, i+1, len(f), columns)
		}
		list = append(list, f)
	}
	return list
}

// refers reports whether place is what a table of cases names: city:number,
// country:code, adm1:code.code, county:name or area:name.
func refers(p Place, want string) bool {
	kind, ref, _ := strings.Cut(want, ":")
	switch kind {
	case "city":
		return p.Kind == City && strconv.Itoa(p.Geonames) == ref
	case "country":
		return p.Kind == Country && p.Country == ref
	case "adm1":
		return p.Kind == Region && p.Country+"."+p.Admin1 == ref
	case "county":
		return p.Kind == County && p.Name == ref
	case "area":
		return p.Kind == Area && p.Name == ref
	}
	return false
}

func TestLookups(t *testing.T) {
	g := Builtin()
	for _, f := range cases(t, "testdata/lookups.tsv", 2) {
		found := g.Lookup(f[0])
		if !slices.ContainsFunc(found, func(e Entry) bool { return refers(g.Place(e.ID), f[1]) }) {
			t.Errorf("%s is not %s but %v", f[0], f[1], describe(g, found))
		}
	}
}

func describe(g *Gazetteer, list []Entry) []string {
	var s []string
	for _, e := range list {
		p := g.Place(e.ID)
		s = append(s, strings.Join([]string{e.Rank.String(), p.Kind.String(), p.Name, p.Country + "." + p.Admin1}, " "))
	}
	return s
}

// TestRanks looks at how a place is known by a name.
func TestRanks(t *testing.T) {
	g := Builtin()
	for _, f := range cases(t, "testdata/ranks.tsv", 3) {
		name, want, rank := f[0], f[1], f[2]
		found := g.Lookup(name)
		i := slices.IndexFunc(found, func(e Entry) bool { return refers(g.Place(e.ID), want) })
		switch {
		case rank == "none" && i >= 0:
			t.Errorf("%s is %s", name, want)
		case rank != "none" && i < 0:
			t.Errorf("%s is not %s but %v", name, want, describe(g, found))
		case rank != "none" && found[i].Rank.String() != rank:
			t.Errorf("%s is %s by a name that is %v, want %s", name, want, found[i].Rank, rank)
		}
	}
}

func TestPlace(t *testing.T) {
	g := Builtin()
	one := func(name, ref string) Place {
		t.Helper()
		for _, e := range g.Lookup(name) {
			if p := g.Place(e.ID); refers(p, ref) {
				p.ID = 0
				return p
			}
		}
		t.Fatalf("%s is not found by %q", ref, name)
		return Place{}
	}
	jakarta := Place{Geonames: 1642911, Name: "Jakarta", Kind: City, Country: "ID", Admin1: "04",
		Lat: -6.2146, Lon: 106.8451, Population: 8539904, Capital: true, Seat: true}
	if got := one("جاكارتا", "city:1642911"); got != jakarta {
		t.Errorf("Jakarta is %+v, want %+v", got, jakarta)
	}
	if p := one("Strait of Hormuz", "area:Strait of Hormuz"); p.Country != "" || p.Radius != 80 || p.Population != 0 {
		t.Errorf("the strait is %+v", p)
	}
	for _, c := range []struct {
		name, ref string
		lat, lon  float64
		km        float64
	}{
		{"Texas", "adm1:US.TX", 31.5, -99.3, 60},
		{"Alaska", "adm1:US.AK", 64, -152, 250},
		{"Cook County", "county:Cook County", 41.84, -87.82, 30},
		{"Fiji", "country:FJ", -18, 178, 100},
		{"Russia", "country:RU", 60, 100, 100},
		{"Kent", "county:Kent", 51.2, 0.7, 30},
		{"Aceh", "adm1:ID.01", 4.2, 96.8, 60},
	} {
		p := one(c.name, c.ref)
		if d := Distance(p.Lat, p.Lon, c.lat, c.lon); d > c.km {
			t.Errorf("%s lies at %.4f, %.4f, which is %.0f km off", c.name, p.Lat, p.Lon, d)
		}
	}
	if p := one("Los Angeles County", "county:Los Angeles County"); p.Country != "US" || p.Admin1 != "CA" || p.Population < 5e6 {
		t.Errorf("Los Angeles County is %+v", p)
	}
	if p := g.Place(uint32(g.Len())); p != (Place{}) {
		t.Errorf("a place that is not there is %+v", p)
	}
}

func TestCodes(t *testing.T) {
	g := Builtin()
	if id, ok := g.Country("ID"); !ok || g.Place(id).Name != "Indonesia" {
		t.Errorf("ID is %v, %v", g.Place(id), ok)
	}
	if id, ok := g.Region("US", "NY"); !ok || g.Place(id).Name != "New York" || g.Place(id).Kind != Region {
		t.Errorf("NY is %v, %v", g.Place(id), ok)
	}
	for _, c := range [][2]string{{"US", ""}, {"", ""}, {"XX", "01"}, {"us", "NY"}, {"US", "nowhere at all"}} {
		if id, ok := g.Region(c[0], c[1]); ok {
			t.Errorf("region %q is %v", c, g.Place(id))
		}
	}
	if _, ok := g.Country(""); ok {
		t.Error("the empty code is a country")
	}
}

// TestCursor walks texts in words and expects the longest name.
func TestCursor(t *testing.T) {
	g := Builtin()
	for _, c := range []struct {
		words, want string // words are parted by spaces, or by "|" where nothing lies between them
	}{
		{"New York City Council", "New York City"},
		{"New York's mayor", ""},
		{"New Yorkers", ""},
		{"Rio de Janeiro state", "Rio de Janeiro"},
		{"Khan Younis yesterday", "Khan Younis"},
		{"Khan-Younis yesterday", "Khan-Younis"},
		{"Jawa Tengah dan", "Jawa Tengah"},
		{"St. Louis County Executive", "St. Louis County"},
		{"Washington , D.C. police", "Washington , D.C."},
		{"北|京|市|民", "北京市"},
		{"テ|ヘ|ラ|ン|で", "テヘラン"},
		{"テヘラン|で", "テヘラン"},
		{"กรุง|เทพ|นี้", "กรุงเทพ"},
		{"rio de nothing", "rio"},
	} {
		cursor, end, at, best, joined := g.Start(), 0, 0, Cursor{}, false
		for at < len(c.words) {
			n := strings.IndexAny(c.words[at:], " |")
			if n < 0 {
				n = len(c.words) - at
			}
			var ok bool
			if cursor, ok = cursor.Step(Fold(c.words[at:at+n]), joined); !ok {
				break
			}
			at += n
			if cursor.Names() {
				best, end = cursor, at
			}
			joined = at < len(c.words) && c.words[at] == '|'
			at++
		}
		got := strings.ReplaceAll(c.words[:end], "|", "")
		if got != c.want {
			t.Errorf("%s: longest name is %q, want %q", c.words, got, c.want)
		}
		if list := best.Append(nil); !slices.Equal(list, g.Lookup(got)) {
			t.Errorf("%s: cursor gives %v, Lookup %v", c.words, list, g.Lookup(got))
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range [][2]string{
		{"St. Louis", "st louis"},
		{"Sana'a", "sanaa"},
		{"Sana’a", "sanaa"},
		{"Şanlıurfa", "sanliurfa"},
		{"Tel-Aviv – Yafo", "tel aviv yafo"},
		{"  Washington, D.C. ", "washington dc"},
		{"Côte d'Ivoire", "cote divoire"},
		{"خان\u200cیونس", "خان یونس"},
		{"كرمان", "کرمان"},
		{"北 京", "北京"},
		{"ハーン・ユーニス", "ハーンユーニス"},
		{"ต. บ้าน", "ตบ้าน"},
		{"서울 시", "서울 시"},
		{"...", ""},
		{"", ""},
	} {
		if got := Fold(c[0]); got != c[1] {
			t.Errorf("Fold(%q) is %q, want %q", c[0], got, c[1])
		}
		if again := Fold(c[1]); again != c[1] {
			t.Errorf("Fold(%q) is %q", c[1], again)
		}
	}
}
