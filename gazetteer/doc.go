// Package gazetteer knows what places a name may mean.
//
// The built-in gazetteer has every place of 1,000 inhabitants or more, the
// first-level administrative areas of all countries, second-level ones of the
// United States, Britain, Ireland, France and Indonesia, countries with their
// names in all languages of CLDR, and continents, seas, straits, deserts,
// mountains, rivers and regions that news names. A name has many meanings: "Georgia" is a country and a state,
// "Springfield" is sixty cities. The package gives all of them, each with how
// the place is known by the name (Rank) and with what says how well known the
// place is (kind, population, capital); choosing is left to the caller, who
// has the text.
//
//	g := gazetteer.Builtin()
//	for _, e := range g.Lookup("Khan-Younis") {
//		fmt.Println(g.Place(e.ID).Name, e.Rank)
//	}
//
// In running text the longest name is found word by word:
//
//	c, end := g.Start(), 0
//	for i, w := range words { // of the text, folded with Fold
//		var ok bool
//		if c, ok = c.Step(w, false); !ok {
//			break
//		}
//		if c.Names() {
//			longest, end = c, i+1
//		}
//	}
//
// Names are compared folded (Fold): without case, accents, hyphens,
// apostrophes and full stops. What is not known of a place is left at its
// zero value. The package does not read texts, know inflected forms or weigh
// meanings.
//
// The data are in gazetteer.bin, which is made by cmd/gendata out of GeoNames,
// CLDR, geometries of counties and countries and the tables of this folder:
// regions.tsv (areas), counties.tsv (second-level areas), names.tsv (what is
// added or corrected by hand) and affixes.tsv (generic words around the names
// of regions). They are used where they lie in the program, so that first use
// costs next to nothing.
package gazetteer
