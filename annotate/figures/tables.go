package figures

import (
	_ "embed"
	"errors"
	"slices"
	"strconv"
	"strings"

	"dateline/lang"
)

// The pack's files that this package reads.
const (
	quantityFile = "quantity.tsv"
	casualtyFile = "casualty.tsv"
	unitsFile    = "units.tsv"
)

// commonUnits are the units of languages whose pack has no units.tsv.
//
//go:embed units.tsv
var commonUnits string

// role says what a word does around numbers.
type role uint8

const (
	roleModifier  role = iota + 1 // "at least"
	roleVague                     // "hundreds"
	roleJoin                      // "to" between the ends of a range
	roleOpen                      // "between"
	roleClose                     // the "and" behind "between"
	roleFrom                      // "from": the number behind it was another time's
	roleOne                       // "a", "seorang"
	roleNone                      // "no", "no one"
	roleOther                     // "others", "lainnya"
	roleIncluding                 // "including", "di antaranya"
	rolePerson                    // a noun of people
	roleThing                     // a noun of things
	roleGroup                     // "family": one of them is not one person
	roleOf                        // "of" in "hundreds of people"
	roleThe                       // "the" before or behind it
	roleLabel                     // the number beside it counts nothing: "nomor"
	roleAnd
	roleAux     // words between a subject and its verb
	rolePassive // "were" before "killed"
	rolePrep
	rolePlace // a preposition of place
	roleBy    // what follows did it
	roleModal
	roleAccording
	roleRelative // "who": begins a clause about what is before it
	roleClause   // begins another clause: "because", "who"
	roleVerb     // never a noun: no figure counts it
	rolePrice    // what is beside it is paid: "costs"
	roleAlone    // a noun that is one person in a headline: "man"
	roleNounPart // may stand between a number and its noun: "presuntos"
	roleNounName // names follow nouns
	roleOr
	roleNounFirst // adjectives follow their noun
	roleCapital   // nouns have capitals
	rolePlural    // endings of nouns of many
	roleEnding    // endings of nouns of one person: "-er"
	roleUnit
	roleDenied  // says that what is told is not so: "denied reports"
	roleTrigger // what became of people
)

var quantityRoles = map[string]role{
	"at-least": roleModifier, "more-than": roleModifier, "at-most": roleModifier, "less-than": roleModifier,
	"nearly": roleModifier, "about": roleModifier, "exact": roleModifier,
	"vague": roleVague, "join": roleJoin, "open": roleOpen, "close": roleClose, "from": roleFrom, "one": roleOne,
	"none": roleNone, "other": roleOther, "including": roleIncluding, "person": rolePerson, "thing": roleThing,
	"of": roleOf, "group": roleGroup, "the": roleThe, "label": roleLabel, "and": roleAnd, "aux": roleAux, "passive": rolePassive,
	"prep": rolePrep, "place": rolePlace, "by": roleBy, "modal": roleModal, "denied": roleDenied, "according": roleAccording,
	"clause": roleClause, "relative": roleRelative, "verb": roleVerb, "price": rolePrice, "alone": roleAlone, "before-noun": roleNounPart, "names-behind": roleNounName, "capital-nouns": roleCapital, "or": roleOr, "nouns-first": roleNounFirst, "plural": rolePlural, "person-ending": roleEnding,
}

// side is where something stands, seen from a word.
type side uint8

const (
	before side = 1 << iota
	behind
	behindFirst // both, and behind is the usual one
	past        // before where it is passive, behind where it is active
	noun        // the word is the noun that is counted
	toll        // a noun that means the number: it stands behind
	weak        // a noun of people that tells only where nothing else does
)

var sides = map[string]side{"before": before, "behind": behind, "both": before | behind, "-": 0, "": 0}

var triggerSides = map[string]side{
	"before": before, "behind": behind, "before behind": before | behind, "behind before": before | behind | behindFirst,
	"past": past, "noun": noun, "toll": toll, "weak": weak,
}

// whats are what may become of people.
var whats = []string{"killed", "injured", "missing", "displaced", "detained", "abducted", "rescued", "infected", "affected", "other"}

var measures = []string{"money", "percent", "distance", "area", "weight", "duration", "count", "skip"}

// entry is what a word or phrase means.
type entry struct {
	role   role
	side   side
	what   string // modifier, what became of people, or kind of measure
	unit   string
	exact  string  // as it must be written but for capitals, where accents matter
	tail   string  // the word that must follow in the clause: "fest" of "nahm ... fest"
	of     bool    // a noun with "of": what is right behind it is what it happened to
	stop   bool    // the full stop behind it is not its own
	lo, hi float64 // of a vague quantity; hi 0 is open. lo of a person: how many the noun alone says; of a unit: what it is worth
}

// tables is what the annotator takes from a pack.
type tables struct {
	pack        *lang.Pack
	lex         *lang.Lexicon[entry]
	plural      []string
	person      []string        // endings of nouns of one person
	price       map[string]bool // words that tell that something is paid
	verbs       []string        // endings of verbs: no noun that is counted has them
	namesBehind bool
	nouns       bool // the language's words around numbers are known, so that others are nouns
	nounsFirst  bool // adjectives follow their noun
	capitals    bool
	placeForms  []placeForm
	ands        []string // those written together with the next word
}

// placeForm is a preposition of place that is written together with the
// place's name: "-de" behind it, "ب" before it.
type placeForm struct{ prefix, suffix string }

// fits tells whether the word at token i has it.
func (p placeForm) fits(tokens []lang.Token, i int) bool {
	if p.prefix != "" {
		return strings.HasPrefix(tokens[i].Fold, p.prefix)
	}
	// The ending may be parted from the name at its apostrophe.
	for j := i; j < len(tokens) && j < i+4; j++ {
		if j > i && (tokens[j].Kind != lang.Word || tokens[j].Space && tokens[j].Case == lang.Lower) {
			return false
		}
		if f := strings.TrimLeft(tokens[j].Fold, "'"); strings.HasSuffix(tokens[j].Fold, p.suffix) || f == p.suffix {
			return true
		}
	}
	return false
}

func load(p *lang.Pack) (*tables, error) {
	t := &tables{pack: p, lex: lang.NewLexicon[entry](p), price: map[string]bool{}}
	var bad []error
	read := func(file string, row func(r lang.Row) error) bool {
		if p == nil {
			return false
		}
		rows, err := p.Rows(file)
		bad = append(bad, err)
		for _, r := range rows {
			bad = append(bad, row(r))
		}
		return len(rows) > 0 || p.Has(file)
	}
	t.nouns = read(quantityFile, t.quantity)
	read(casualtyFile, t.casualty)
	if !read(unitsFile, t.units) {
		rows, err := lang.ParseRows(unitsFile, commonUnits)
		bad = append(bad, err)
		for _, r := range rows {
			bad = append(bad, t.units(r))
		}
	}
	return t, errors.Join(bad...)
}

func (t *tables) quantity(r lang.Row) error {
	e := entry{role: quantityRoles[r.Field(0)], what: r.Field(0)}
	value := r.Field(1)
	switch e.role {
	case 0:
		return r.Errorf("unknown role %q", r.Field(0))
	case roleNounName:
		t.namesBehind = true
		return nil
	case roleNounFirst:
		t.nounsFirst = true
		return nil
	case roleCapital:
		t.capitals = true
		return nil
	case rolePlural:
		for _, f := range r.Forms(2) {
			t.plural = append(t.plural, lang.Fold(f))
		}
		return nil
	case roleEnding:
		for _, f := range r.Forms(2) {
			t.person = append(t.person, lang.Fold(strings.TrimPrefix(f, "-")))
		}
		return nil
	case roleVerb:
		var whole []string
		for _, f := range r.Forms(2) {
			if a, ok := strings.CutPrefix(f, "-"); ok {
				t.verbs = append(t.verbs, lang.Fold(a))
			} else {
				whole = append(whole, f)
			}
		}
		for _, f := range whole {
			t.lex.Add(f, e)
		}
		return nil
	case rolePrice:
		for _, f := range r.Forms(2) {
			t.price[lang.Fold(f)] = true
		}
		return nil
	case roleVague:
		lo, hi, _ := strings.Cut(value, "-")
		var err1, err2 error
		e.lo, err1 = strconv.ParseFloat(lo, 64)
		if hi != "" {
			e.hi, err2 = strconv.ParseFloat(hi, 64)
		}
		if err1 != nil || err2 != nil || hi != "" && e.hi < e.lo {
			return r.Errorf("bounds %q: want two numbers with a hyphen, as 100-999; the second may be left out", value)
		}
	case rolePlace:
		var whole []string
		for _, f := range r.Forms(2) {
			if a, ok := strings.CutPrefix(f, "-"); ok {
				t.placeForms = append(t.placeForms, placeForm{suffix: lang.Fold(a)})
			} else if a, ok := strings.CutSuffix(f, "-"); ok {
				t.placeForms = append(t.placeForms, placeForm{prefix: lang.Fold(a)})
			} else {
				whole = append(whole, f)
			}
		}
		for _, f := range whole {
			t.lex.Add(f, e)
		}
		return nil
	case rolePerson:
		if value != "-" {
			var err error
			if e.lo, err = strconv.ParseFloat(value, 64); err != nil {
				return r.Errorf("%q: want how many people the noun alone says, or -", value)
			}
		}
	default:
		var ok bool
		if e.side, ok = sides[value]; !ok {
			return r.Errorf("%q: want before, behind, both or -", value)
		}
	}
	if e.role == roleAnd {
		for _, f := range r.Forms(2) {
			t.attachedAnd(lang.Fold(f))
		}
	}
	return t.add(r, 2, e)
}

// attachedAnd keeps an "and" if the pack takes it off the beginning of a word.
func (t *tables) attachedAnd(and string) {
	const word = "xxxx"
	t.pack.Bare(and+word, func(w string) bool {
		if w == word {
			t.ands = append(t.ands, and)
		}
		return w != word
	})
}

// andBegins tells whether a number has an "and" written together with it:
// "وثلاثة", and three.
func (t *tables) andBegins(w *lang.Token) bool {
	for _, and := range t.ands {
		bare := [1]lang.Token{*w}
		rest, ok := strings.CutPrefix(w.Fold, and)
		if bare[0].Fold = rest; !ok || w.Kind != lang.Word || rest == "" {
			continue
		}
		if _, n := t.pack.NumberAt(rest, bare[:], 0); n > 0 {
			return true
		}
		if slices.ContainsFunc(t.lex.Word(bare[0]), func(e entry) bool { return e.role == roleVague }) {
			return true
		}
	}
	return false
}

func (t *tables) casualty(r lang.Row) error {
	e := entry{role: roleTrigger, what: r.Field(0)}
	if !slices.Contains(whats, e.what) {
		return r.Errorf("unknown kind %q; there are %s", e.what, strings.Join(whats, ", "))
	}
	var ok bool
	if e.side, ok = triggerSides[r.Field(1)]; !ok {
		return r.Errorf("%q: want before, behind, before behind, behind before, past, noun, toll or weak", r.Field(1))
	}
	return t.add(r, 2, e)
}

// endsInOf tells whether the last of several words is one for "of".
func (t *tables) endsInOf(phrase string) bool {
	i := strings.LastIndexAny(phrase, " ")
	if i < 0 {
		return false
	}
	return slices.ContainsFunc(t.lex.Word(lang.Token{Kind: lang.Word, Fold: lang.Fold(phrase[i+1:])}), func(e entry) bool { return e.role == roleOf })
}

func (t *tables) units(r lang.Row) error {
	e := entry{role: roleUnit, what: r.Field(0), unit: r.Field(1)}
	if !slices.Contains(measures, e.what) {
		return r.Errorf("unknown measure %q; there are %s", e.what, strings.Join(measures, ", "))
	}
	if e.what == "money" && !currencies(e.unit) {
		return r.Errorf("currency %q: want three letters of ISO 4217, or several with spaces between", e.unit)
	}
	if e.unit == "-" {
		e.unit = ""
	}
	var ok bool
	if e.side, ok = sides[r.Field(2)]; !ok || e.side == 0 {
		return r.Errorf("%q: want before, behind or both", r.Field(2))
	}
	e.lo = 1
	if v := r.Field(4); v != "" {
		var err error
		if e.lo, err = strconv.ParseFloat(v, 64); err != nil || e.lo <= 0 {
			return r.Errorf("%q: want how many of the unit it is", v)
		}
	}
	return t.add(r, 3, e)
}

func (t *tables) add(r lang.Row, column int, e entry) error {
	forms := r.Forms(column)
	if len(forms) == 0 {
		return r.Errorf("no forms in column %d", column+1)
	}
	for _, f := range forms {
		e := e
		if w, ok := strings.CutPrefix(f, "="); ok && w != "" {
			f, e.exact = w, w
		}
		e.of = e.role == roleTrigger && t.endsInOf(f)
		if first, tail, ok := strings.Cut(f, " ... "); ok && (e.role == roleTrigger || e.role == roleNone) {
			f, e.tail = first, lang.Fold(tail)
		}
		t.lex.Add(f, e)
		if e.role == roleUnit && t.pack != nil && slices.Contains(t.pack.Abbreviations, f+".") {
			// At the end of a sentence its full stop is taken for the
			// abbreviation's.
			e.stop = true
			t.lex.Add(f+".", e)
		}
	}
	return nil
}
