package sqlite

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

// maxNames is how many names of an article are counted. What has more is a
// list.
const maxNames = 200

// nameKinds are the kinds of names by the fields of queries that ask for one.
var nameKinds = map[search.Field]dateline.AnnotationKind{
	search.FieldPerson: dateline.KindPerson, search.FieldOrg: dateline.KindOrganization, search.FieldPlace: dateline.KindPlace,
}

// letters are the kinds of names as the index of names has them.
var letters = map[dateline.AnnotationKind]string{
	dateline.KindPerson: "p", dateline.KindOrganization: "o", dateline.KindPlace: "l",
}

// namesOf gives the names among marks as a version keeps them, and what the
// marks are looked up by. A name that comes again, in other letters or as
// another mention, adds what the first did not say.
func namesOf(marks []dateline.Mark, cols []columns) (names, words string) {
	type entry struct {
		letter string
		fields []string
	}
	var entries []entry
	at := map[[2]string]int{}
	var kinds []dateline.AnnotationKind
	for i := range marks {
		kind, v := marks[i].Kind, &cols[i]
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
		letter := letters[kind]
		if letter == "" || v.Name == "" {
			continue
		}
		fields := v.fields(kind)
		k, ok := at[[2]string{letter, v.Name}]
		if !ok {
			if len(entries) == maxNames {
				continue
			}
			at[[2]string{letter, v.Name}] = len(entries)
			entries = append(entries, entry{letter, fields})
			continue
		}
		for j, f := range fields {
			// Country and position of a place go together.
			if kind == dateline.KindPlace && j > 0 && entries[k].fields[len(fields)-1] != "" {
				break
			}
			if entries[k].fields[j] == "" {
				entries[k].fields[j] = f
			}
		}
	}
	lines := make([]string, len(entries))
	for i, e := range entries {
		lines[i] = e.letter + "\t" + strings.Join(e.fields, "\t")
	}
	var w strings.Builder
	for _, k := range kinds {
		w.WriteString("+" + string(k) + " ")
	}
	for i := range marks {
		key := [2]string{letters[marks[i].Kind], cols[i].Name}
		if _, ok := at[key]; ok {
			delete(at, key)
			w.WriteString(nameWord(key[0], key[1]) + " " + nameWords(key[0], key[1]) + " ")
		}
	}
	return strings.Join(lines, "\n"), w.String()
}

// fields are what is kept of a name.
func (v *columns) fields(kind dateline.AnnotationKind) []string {
	var fields []string
	switch kind {
	case dateline.KindPerson:
		fields = []string{v.Shown, v.Role, v.Organization}
	case dateline.KindOrganization:
		fields = []string{v.Shown, v.Acronym}
	default:
		geonames, lat, lon := "", "", ""
		if v.Geonames != 0 {
			geonames = strconv.FormatInt(v.Geonames, 10)
		}
		if v.Lat != nil && v.Lon != nil {
			lat, lon = strconv.FormatFloat(*v.Lat, 'f', -1, 64), strconv.FormatFloat(*v.Lon, 'f', -1, 64)
		}
		fields = []string{v.Shown, v.What, v.Country, geonames, lat, lon}
	}
	for i, f := range fields {
		fields[i] = strings.Join(strings.Fields(f), " ")
	}
	return fields
}

// number is that of a place, 0 for what is none.
func (v *columns) number(kind dateline.AnnotationKind) int64 {
	if kind != dateline.KindPlace {
		return v.Geonames
	}
	p := store.NamedPlace{Kind: v.What, Geonames: v.Geonames}
	if v.Lat != nil && v.Lon != nil {
		p.Known, p.Lat, p.Lon = true, *v.Lat, *v.Lon
	}
	return placeNumber(&p)
}

// placeNumber tells a place from others, whatever it is called: its number in
// GeoNames; of a country or a region, which have none here, one above all of
// those that is made of its kind and its middle, as migration 12 makes it; and 0
// of what is not known.
func placeNumber(p *store.NamedPlace) int64 {
	isRegion := int64(0)
	switch {
	case p.Geonames > 0:
		return p.Geonames
	case !p.Known || p.Lat < -90 || p.Lat > 90 || p.Lon < -180 || p.Lon > 180:
		return 0
	case p.Kind == "region":
		isRegion = 1
	case p.Kind != "country":
		return 0
	}
	return 1<<44 + isRegion<<43 + int64(math.Round((p.Lat+90)*1e4))<<22 + int64(math.Round((p.Lon+180)*1e4))
}

// nameWord is what a folded name is looked up by as a whole.
func nameWord(letter, name string) string {
	return "=" + letter + "·" + strings.Join(strings.Fields(name), "·")
}

// nameWords are what words in a row of a folded name are looked up by.
func nameWords(letter, name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		words[i] = letter + "·" + w
	}
	return strings.Join(words, " ")
}

// eachName calls f with the names that a version keeps: the letter of the kind
// and the fields with tabs between, the first of them the name.
func eachName(names string, f func(letter byte, fields string)) {
	for names != "" {
		line, rest, _ := strings.Cut(names, "\n")
		names = rest
		if len(line) > 2 {
			f(line[0], line[2:])
		}
	}
}
