package places

import (
	"dateline"
	"dateline/annotate"
	"dateline/gazetteer"
)

// finder is the work on one document.
type finder struct {
	d *annotate.Document
	t *tables
	g *gazetteer.Gazetteer

	space    []token // of all parts
	parts    []part
	mentions []mention
	names    []name
	byKey    map[string]int32
	links    []link
	pairs    map[[2]int32]int32  // of names: the index of their link, -1 for none
	lower    map[string]struct{} // words that the article writes in lower case
	persons  map[string]struct{} // last words of what look like persons' names
	entries  []gazetteer.Entry
	key      []byte
	walk     walk
}

// part is a part of the document with what is known of its tokens.
type part struct {
	*annotate.Part
	tok      []token
	headline bool // most words have capitals, so that they tell nothing
}

// token is what is known of a token besides what it is.
type token struct {
	starts, ends role   // of phrases that begin at the token, and that end before it
	partStart    int32  // where the phrase of roleBeforePart that ends before it begins
	starterLen   uint8  // tokens of the longest phrase that begins here
	before       string // kind of the generic word that ends before it
	after        string // kind of the generic word that begins at it
	abbr         string // what the short form that begins here is short for
	abbrLen      uint8
	sentence     bool                    // the first of its sentence
	capital      bool                    // may be part of a name
	block        dateline.AnnotationKind // of the mark it is in
	from, to     int32                   // the tokens of that mark
	guess        dateline.AnnotationKind // what the names annotator takes it for
	sure         float64
	place        int32 // the mention that begins here, from 1
	placed       int32 // the mention that ends before it, from 1
	run          int32 // where the run of capitals it is in begins; -1 for none
	runEnd       int32
}

// mention is a name that may be a place's.
type mention struct {
	part        int
	first, last int // tokens, half-open
	start, end  int // bytes
	name        int32
	hint        string // its kind, where a generic word tells
	score       float64
	generic     bool       // a generic word tells that it is a place
	outer       bool       // another mention was said to lie in it
	strong      bool       // its own context tells that it is a place
	short       bool       // an abbreviation
	inflected   bool       // it was found by changing its ending
	unknown     bool       // the gazetteer does not have it
	adjective   bool       // a country's name here is an adjective
	sure        bool       // that holder holds it is no guess
	holder      *candidate // the country or region it lies in, as the names behind it say
	within      int        // the mention that names what it lies in; -1 for none
	inside      float64    // what was taken off because it is inside an organization's name
}

// reset prepares for a document; nil drops what the last one held.
func (f *finder) reset(d *annotate.Document, t *tables, g *gazetteer.Gazetteer) {
	f.d, f.t, f.g = d, t, g
	clear(f.parts)
	clear(f.mentions)
	clear(f.names)
	f.parts, f.mentions, f.names, f.links = f.parts[:0], f.mentions[:0], f.names[:0], f.links[:0]
	if d == nil {
		if len(f.lower) > 10000 || len(f.space) > 20000 {
			*f = finder{}
		}
		return
	}
	if f.byKey == nil {
		f.byKey, f.lower, f.persons = map[string]int32{}, map[string]struct{}{}, map[string]struct{}{}
		f.pairs = map[[2]int32]int32{}
	}
	clear(f.pairs)
	clear(f.byKey)
	clear(f.lower)
	clear(f.persons)
	n := 0
	for _, p := range d.Parts {
		n += len(p.Tokens) + 1
	}
	if n > cap(f.space) {
		f.space = make([]token, n+n/2)
	}
	space := f.space[:n]
	clear(space) // It may hold words of the last text.
	for i, p := range d.Parts {
		f.parts = append(f.parts, part{Part: p, tok: space[: len(p.Tokens)+1 : len(p.Tokens)+1]})
		space = space[len(p.Tokens)+1:]
		f.tokens(&f.parts[i])
	}
}
