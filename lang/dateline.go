package lang

import (
	"dateline"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How datelines are recognised.
//
// A dateline is read as a chain of parts with the signs between them:
//
//	LONDON , Jan 24 (AP) -          place , date (agency) dash
//	МОСКВА , 24 января . /ТАСС/ .   place , date . /agency/ stop
//	Senja.id , Jakarta -            agency , place dash
//
// Each part is taken for a place, a region, an agency or a date by its form
// (capitals, brackets, digits, a name that is a domain) and by lists: the
// agencies and the places of the packs, the names the page itself gives. The
// chain is a dateline when it has evidence that a title, a subject or a word
// such as "Update" before a dash lacks. Forms that belong to some languages
// only (a colon, a full stop, no sign at all, the bracketed heads of East
// Asian agencies) are switched on by name in their packs.

// DatelineHints is what the caller knows about the page. The zero value is no
// knowledge: only what the packs list and what the form shows counts.
type DatelineHints struct {
	// Names are those of the outlet and of agencies as the page gives them: the
	// site's name, its domain, the name in the byline. A name found in a
	// dateline's place is taken for its agency; one that only a domain gives,
	// where it is of several words, for a paper is often at the address of its
	// town.
	Names []string

	// Place reports whether there is a place of that name, as a gazetteer
	// would. Where it is nil only the packs' places are known; where it is set,
	// a word in capitals it does not know is no place without further evidence.
	Place func(name string) bool

	// Text is the article's text. A word in capitals that nobody knows for a
	// place is one where the text goes on to write it as a name.
	Text string
}

// FindDateline finds the dateline at the beginning of an article's first
// paragraph, with the forms that the language's pack allows. It returns the
// offset at which the first sentence begins, on a rune boundary, or 0 where
// there is no dateline. Text, Place, Agency and Date are as printed; Text
// leaves out the sign that ends the dateline. It is strict: a doubtful one is
// left in the text.
func (ps *Packs) FindDateline(block, tag string, hints DatelineHints) (dateline.Dateline, int) {
	f := datelineFinder{block: block, tag: tag, hints: hints, index: ps.dateline(), fold: phraseFold()}
	f.rules = f.index.rules(ps, tag)
	for _, name := range hints.Names {
		switch k := nameKey(f.fold, name); {
		case utf8.RuneCountInString(k) < 2:
		case strings.Contains(name, ".") && !strings.Contains(name, " "):
			f.hosts = append(f.hosts, k)
		default:
			f.names = append(f.names, k)
		}
	}
	begin := 0
	for begin < len(block) {
		r, n := utf8.DecodeRuneInString(block[begin:])
		if c := f.fold.rune(r); c != ' ' && c != 0 {
			break
		}
		begin += n
	}
	d, at := f.chain(begin)
	if at == 0 && f.rules.has("wire") {
		d, at = f.wire(begin)
	}
	if at == 0 && f.rules.has("equals") {
		d, at = f.equals(begin)
	}
	if at == 0 {
		d, at = f.run(begin)
	}
	if at >= len(block) {
		return dateline.Dateline{}, 0
	}
	return d, at
}

// FindDateline is [Packs.FindDateline] of the built-in packs.
func FindDateline(block, tag string, hints DatelineHints) (dateline.Dateline, int) {
	return Builtin().FindDateline(block, tag, hints)
}

type datelineFinder struct {
	block string
	tag   string
	hints DatelineHints
	names []string // of the hints, as keys
	hosts []string // those that are domains
	index *datelineIndex
	rules *datelineRules
	fold  *foldTable
}

// nameKey is what names are compared as: folded letters and digits; of a
// domain only the label that names its owner.
func nameKey(fold *foldTable, name string) string {
	if strings.Contains(name, ".") && !strings.ContainsAny(name, " \u00a0") {
		name = strings.TrimPrefix(strings.ToLower(name), "www.")
		name, _, _ = strings.Cut(name, ".")
	}
	return squeeze(fold, name)
}

// squeeze folds s and keeps its letters and digits only.
func squeeze(fold *foldTable, s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		var r rune
		if r, i = fold.next(s, i); fold.classOf(r) != 0 {
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}

// knownAgency reports whether s names an agency of the packs or of the hints,
// or is a domain: an outlet that signs with its address.
func (f *datelineFinder) knownAgency(s string) bool {
	key := squeeze(f.fold, s)
	if key == "" {
		return false
	}
	if f.index.agencies[key] || f.hinted(key, len(strings.Fields(s))) {
		return true
	}
	return isDomain(s)
}

// hinted reports whether the caller knows a name of so many words.
func (f *datelineFinder) hinted(key string, words int) bool {
	return slices.Contains(f.names, key) || words > 1 && slices.Contains(f.hosts, key)
}

// isDomain reports whether s looks like "Outlet.com" or "OUTLET.CO.ID".
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(labels[0]) < 3 {
		return false
	}
	for i, l := range labels {
		if l == "" || i > 0 && (len(l) < 2 || len(l) > 5) {
			return false
		}
		for _, c := range []byte(l) {
			if !(c|0x20 >= 'a' && c|0x20 <= 'z') && (i > 0 || !(c >= '0' && c <= '9') && c != '-') {
				return false
			}
		}
	}
	return true
}

// knownPlace reports whether the packs or the caller know the place.
func (f *datelineFinder) knownPlace(s string) bool {
	return f.index.places[squeeze(f.fold, s)] || f.hints.Place != nil && f.hints.Place(s)
}

// shape is what the letters of a part look like.
type shape struct {
	words    int
	letters  int
	place    bool // could be a name: letters only, each word with a capital but for short particles
	capitals bool // all cased letters are capitals
	caseless bool // of a script without capitals
	digits   bool
}

func shapeOf(s string) shape {
	sh := shape{place: true, capitals: true, caseless: true}
	atWord, wordLen, lowWord := true, 0, false
	end := func() {
		if lowWord && (wordLen > 3 || sh.words == 1) {
			sh.place = false
		}
		wordLen, lowWord = 0, false
	}
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			sh.letters++
			if atWord {
				sh.words++
				lowWord = unicode.IsLower(r)
			}
			wordLen++
			if unicode.IsUpper(r) {
				sh.caseless = false
			} else if unicode.IsLower(r) {
				sh.caseless, sh.capitals = false, false
			}
			atWord = false
		case unicode.IsMark(r), r == '\u200c':
		case unicode.IsDigit(r):
			sh.digits, sh.place = true, false
			if atWord {
				sh.words++
			}
			atWord = false
		case unicode.IsSpace(r):
			end()
			atWord = true
		case r == '-' || r == '\'' || r == '’' || r == '.' || r == '‘' || r == 'ʼ':
		default:
			sh.place = false
		}
	}
	end()
	if sh.letters == 0 {
		sh.place, sh.capitals, sh.caseless = false, false, false
	}
	if sh.caseless {
		sh.capitals = false
		sh.place = sh.place && sh.words <= 3
	}
	sh.place = sh.place && sh.words <= 4 && sh.letters >= 2
	return sh
}

// acronym reports whether s is two to six capitals.
func acronym(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsUpper(r) {
			return false
		}
		n++
	}
	return n >= 2 && n <= 6
}

// begins reports whether a sentence may begin at i: with a capital, a letter
// of a script that has none, a digit, a quote or a bracket.
func (f *datelineFinder) begins(i int) bool {
	for n := 0; i < len(f.block) && n < 3; n++ {
		r, size := utf8.DecodeRuneInString(f.block[i:])
		switch {
		case unicode.IsLetter(r):
			return !unicode.IsLower(r)
		case unicode.IsDigit(r):
			return true
		case unicode.IsPunct(r) || f.fold.rune(r) == '"' || f.fold.rune(r) == 0:
			i += size
		default:
			return false
		}
	}
	return false
}
