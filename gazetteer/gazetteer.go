package gazetteer

import "math"

// Kind is the kind of a place.
type Kind uint8

// The kinds of place.
const (
	Country Kind = iota // a country or a territory with an ISO 3166-1 code
	Area                // a sea, strait, desert, mountain range, island, region without borders, part of the world
	Region              // a first-level administrative area: state, province, oblast
	County              // a second-level administrative area
	City                // a populated place of any size, and parts of large ones
	numKinds
)

var kindNames = [numKinds]string{"country", "area", "region", "county", "city"}

// String is "country", "area", "region", "county" or "city".
func (k Kind) String() string {
	if k < numKinds {
		return kindNames[k]
	}
	return "unknown"
}

// Rank is how a place is known by a name. A lower one is a better reason to
// think of the place; it says nothing about how well known the place is.
type Rank uint8

// The ranks of a name, the strongest first. Where sources agree on a name, the
// strongest counts.
const (
	Official  Rank = iota // of a country or an area: in CLDR or in the tables written by hand
	Tagged                // the name in some language, as GeoNames tags it
	Primary               // the place's name, or its ASCII form, in GeoNames
	Alternate             // another name in GeoNames, of any language and time, or a formed one
	Initials              // letters that mean the place if they are written as such: "US", "U.K.", "KL"
	Weak                  // a name that means the place in a context only: "Orange" for Orange County, or is a common word: "South", "Of"
	numRanks
)

var rankNames = [numRanks]string{"official", "tagged", "primary", "alternate", "initials", "weak"}

// String is "official", "tagged", "primary", "alternate", "initials" or "weak".
func (r Rank) String() string {
	if r < numRanks {
		return rankNames[r]
	}
	return "unknown"
}

// Place is what is known of a place.
type Place struct {
	ID         uint32  // index in the gazetteer, stable within one build of the data
	Geonames   int     // GeoNames identifier, 0 if it has none or it is not known
	Name       string  // name in GeoNames, of countries and areas in English
	Kind       Kind    // what it is
	Country    string  // ISO 3166-1 alpha-2; empty for areas over several countries
	Admin1     string  // GeoNames code of the first-level area within Country, "" if unknown
	Lat, Lon   float64 // degrees, WGS 84, to four decimals; of areas and regions somewhere in their middle
	Population int     // inhabitants, 0 if unknown; of regions and counties those of their places
	Radius     int     // of areas: rough distance from the middle to the border in km
	Capital    bool    // of a country
	Seat       bool    // of a first-level area
}

// Entry is one meaning of a name.
type Entry struct {
	ID   uint32
	Rank Rank
}

// Gazetteer is a table of places and their names. It is not changed after
// loading: any number of goroutines may use it.
type Gazetteer struct {
	t *table
}

// Builtin is the gazetteer that is compiled into the program. It is loaded
// at the first call, which takes microseconds: it is used where it lies.
func Builtin() *Gazetteer { return builtin() }

// Len is the number of places; their IDs are those below it. IDs go by kind in
// the order of the constants, and within a kind by falling population.
func (g *Gazetteer) Len() int { return g.t.numPlaces }

// Lookup returns the places called name, which need not be folded, by rising
// ID; nil if there are none.
func (g *Gazetteer) Lookup(name string) []Entry { return g.AppendLookup(nil, name) }

// AppendLookup appends to dst what Lookup returns. It allocates nothing else
// for names of usual length.
func (g *Gazetteer) AppendLookup(dst []Entry, name string) []Entry {
	var buf [128]byte
	folded := AppendFold(buf[:0], name)
	if len(folded) == 0 {
		return dst
	}
	v, ok := g.t.find(hashBytes(hashStart, folded))
	if !ok {
		return dst
	}
	return g.t.appendEntries(dst, v)
}

// Place returns the place of that ID, the zero Place if there is none. It
// allocates nothing.
func (g *Gazetteer) Place(id uint32) Place {
	if id >= uint32(g.t.numPlaces) {
		return Place{}
	}
	return g.t.place(id)
}

// Region returns the first-level area of a country by the code that GeoNames
// has for it, which is Place.Admin1.
func (g *Gazetteer) Region(country, admin1 string) (id uint32, ok bool) {
	if admin1 == "" {
		return 0, false
	}
	return g.t.region(country, admin1)
}

// Country returns the country of an ISO 3166-1 alpha-2 code in capitals.
func (g *Gazetteer) Country(code string) (id uint32, ok bool) {
	return g.t.region(code, "")
}

// Start is a cursor before the first word of a name.
func (g *Gazetteer) Start() Cursor {
	return Cursor{t: g.t, hash: hashStart, value: valueMore | valueNone}
}

// Cursor is where a walk through the words of names has got to. It is a small
// value: keeping a copy is how one returns to the longest name found.
type Cursor struct {
	t     *table
	hash  uint64
	value uint32 // of the words so far: see table
}

// Step goes on by one word, folded by Fold, and reports whether a name begins
// with the words so far; if none does, the cursor returned ends the walk.
// joined says that nothing lies between this word and the last, which is so in
// scripts written without spaces, where a word may be any part of a text, down
// to one character. In other scripts words are whole: "Tel-Aviv" is either
// the word "tel aviv" or the words "tel" and "aviv", "Sana'a" the word
// "sanaa". An empty word, which is what Fold makes of punctuation, changes
// nothing.
func (c Cursor) Step(word string, joined bool) (Cursor, bool) {
	if c.value&valueMore == 0 {
		return Cursor{}, false
	}
	if word == "" {
		return c, true
	}
	h := c.hash
	if !joined && h != hashStart {
		h = hashByte(h, ' ')
	}
	h = hashString(h, word)
	v, ok := c.t.find(h)
	if !ok {
		return Cursor{}, false
	}
	return Cursor{t: c.t, hash: h, value: v}, true
}

// Names reports whether a name ends here.
func (c Cursor) Names() bool { return c.t != nil && c.value&(valueMany|valueNone) != valueNone }

// Append appends the places whose name ends here, by rising ID. It allocates
// nothing else.
func (c Cursor) Append(dst []Entry) []Entry {
	if !c.Names() {
		return dst
	}
	return c.t.appendEntries(dst, c.value)
}

// Distance is the length in km of the great circle between two points given
// in degrees, on a sphere of 6,371 km.
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	a := math.Sin((lat2 - lat1) * rad / 2)
	b := math.Sin((lon2 - lon1) * rad / 2)
	h := a*a + math.Cos(lat1*rad)*math.Cos(lat2*rad)*b*b
	return 2 * 6371 * math.Asin(math.Sqrt(min(h, 1)))
}
