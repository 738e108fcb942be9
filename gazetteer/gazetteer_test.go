package gazetteer

import (
	"bufio"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// refs are how the tables of cases name places.
func isPlace(g *Gazetteer, id uint32, want string) bool {
	p := g.Place(id)
	kind, ref, _ := strings.Cut(want, ":")
	switch kind {
	case "city":
		return p.Kind == City && strconv.Itoa(p.Geonames) == ref
	case "country":
		return p.Kind == Country && p.Country == ref
	case "adm1":
		return p.Kind == Region && p.Country+"."+p.Admin1 == ref
	case "region":
		return p.Kind == Area && slices.ContainsFunc(g.Lookup(strings.ReplaceAll(ref, "_", " ")), func(e Entry) bool { return e.ID == id })
	}
	return false
}

func TestLookups(t *testing.T) {
	f, err := os.Open("testdata/lookups.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := Builtin()
	for s := bufio.NewScanner(f); s.Scan(); {
		query, want, ok := strings.Cut(s.Text(), "\t")
		if !ok || query == "query" {
			continue
		}
		found := g.Lookup(query)
		if !slices.ContainsFunc(found, func(e Entry) bool { return isPlace(g, e.ID, want) }) {
			t.Errorf("%s is not %s but %v", query, want, found)
		}
	}
}
