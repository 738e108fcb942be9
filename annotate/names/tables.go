package names

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"dateline/gazetteer"
	"dateline/lang"
)

// Names of the tables that a pack may have.
const (
	titlesFile = "titles.tsv"
	namesFile  = "names.tsv"
)

// class is what tables say of a word: a set.
type class uint32

const (
	isGiven     class = 1 << iota // a given name
	isSurname                     // a family name
	isKnown                       // of the name of a well-known organization
	isHead                        // begins names of organizations, or stands in them: "ministry"
	isTail                        // ends names of organizations: "Inc"
	isTitle                       // of an office
	isRank                        // of a rank, which is written in front of names
	isHonorific                   // "Mr"
	isPrefix                      // "former"
	isArea                        // begins or ends names of places: "province", "river"
	isBefore                      // a preposition of place
	isSay                         // a verb of saying
	isParticle                    // "van", "bin"
	isJoiner                      // stands in lower case inside names of organizations: "of"
	isNoName                      // in capitals, and no name: weekdays, months
	isDemonym                     // of a nation
	isStop                        // begins sentences
	isSuffix                      // follows persons' names: "Jr"
	isGroup                       // of persons: "brothers", "family"
	isTeam                        // of clubs and teams
	isThing                       // of the names of events, works, laws: "cup", "act"
	isOf                          // stands between an office and what it is an office of
	isDet                         // an article before an office: "the"
	isPlural
	isFirst   // of a phrase in the common table
	isPeople  // common nouns of people, which begin sentences: "fishermen"
	isClosing // ends an organization's name in lower case: "суд"
	isBody    // an organization with the word for a nation behind it
	isFirm    // in lower case in front of an organization's name: "company"
)

// nameKinds are the kinds of names.tsv, with the class of their words. Those
// of the second group hold for texts in every language.
var nameKinds = map[string]class{
	"head": isHead, "tail": isTail, "area": isArea, "before": isBefore, "say": isSay, "joiner": isJoiner,
	"no-name": isNoName, "demonym": isDemonym, "group": isGroup, "thing": isThing, "of": isOf, "article": isDet, "firm": isFirm, "body": isBody, "closing": isClosing, "people": isPeople,

	"given": isGiven, "surname": isSurname, "organization": isKnown, "particle": isParticle, "suffix": isSuffix, "team": isTeam | isKnown,
}

const shared = isGiven | isSurname | isKnown | isTeam | isParticle | isSuffix

// titleKinds are the kinds of titles.tsv.
var titleKinds = map[string]class{"title": isTitle, "rank": isRank, "honorific": isHonorific, "prefix": isPrefix, "plural": isTitle | isPlural}

// tables is what the annotator takes from a pack.
type tables struct {
	pack   *lang.Pack
	tag    uint64 // hash of the pack's tag: features of its own words
	own    *lang.Lexicon[class]
	titles *lang.Lexicon[class]
	common *common
	model  *model

	least      float64  // how certain a name must be to be marked
	nouns      bool     // every noun is written with a capital
	caseless   bool     // the script has no capitals
	endings    []string // folded: case endings of names
	titleEnds  []string // folded: what offices end in
	glued      []string // folded: what may be written in one word with an office: "ex"
	offices    map[string]bool
	ownerFirst bool // whose an office is may stand in front of it without a mark: "Iranian president"
}

// common is what holds for all languages: from the tables of all packs.
type common struct {
	words   map[string]class
	phrases map[string][]phrase // by their first word; words has isFirst there
}

// phrase is a name of several words.
type phrase struct {
	words []string // folded
	class class
}

func (a *Annotator) load(p *lang.Pack) (*tables, error) {
	set := lang.Builtin()
	if p != nil {
		set = p.Set()
	}
	a.mu.Lock()
	c := a.common[set]
	if c == nil {
		c = sync.OnceValue(func() *common { return loadCommon(set) })
		if a.common == nil {
			a.common = map[*lang.Packs]func() *common{}
		}
		a.common[set] = c
	}
	a.mu.Unlock()
	t := &tables{pack: p, own: lang.NewLexicon[class](p), titles: lang.NewLexicon[class](p), common: c(), model: a.model}
	tag := anyModel
	if p != nil {
		tag = p.Tag
	}
	if t.model == nil {
		t.model = builtinModel(tag)
	}
	if p == nil {
		return t, nil
	}
	t.tag = hashString(p.Tag)
	rows, err := p.Rows(titlesFile)
	bad := []error{err}
	t.offices = map[string]bool{}
	for _, r := range rows {
		switch r.Field(0) {
		case "ending":
			for _, f := range r.Forms(1) {
				t.titleEnds = append(t.titleEnds, lang.Fold(f))
			}
			continue
		case "glued":
			for _, f := range r.Forms(1) {
				t.glued = append(t.glued, lang.Fold(f))
			}
			continue
		}
		k, forms, err := phrases(r, titleKinds)
		bad = append(bad, err)
		for _, f := range forms {
			t.titles.Add(f, k)
			t.own.Add(f, k)
			if k == isTitle && plain(f) {
				t.offices[lang.Fold(f)] = true
			}
		}
	}
	rows, err = p.Rows(namesFile)
	bad = append(bad, err)
	for _, r := range rows {
		switch r.Field(0) {
		case "least":
			if t.least, err = strconv.ParseFloat(r.Field(1), 64); err != nil || t.least < 0 || t.least > 1 {
				t.least = 0
				bad = append(bad, r.Errorf("%q is no number from 0 to 1", r.Field(1)))
			}
			continue
		case "nouns":
			if r.Field(1) != "capital" {
				bad = append(bad, r.Errorf("nouns %q: want capital", r.Field(1)))
			}
			t.nouns = true
			continue
		case "capitals":
			if r.Field(1) != "none" {
				bad = append(bad, r.Errorf("capitals %q: want none", r.Field(1)))
			}
			t.caseless = true
			continue
		case "endings":
			for _, f := range r.Forms(1) {
				t.endings = append(t.endings, lang.Fold(f))
			}
			continue
		case "owner":
			if r.Field(1) != "before" {
				bad = append(bad, r.Errorf("owner %q: want before", r.Field(1)))
			}
			t.ownerFirst = true
			continue
		}
		k, forms, err := phrases(r, nameKinds)
		bad = append(bad, err)
		if k&shared == 0 {
			for _, f := range forms {
				t.own.Add(f, k)
			}
		}
	}
	return t, errors.Join(bad...)
}

// phrases reads a row of a kind and its phrases; there are none where the error
// says what is wrong.
func phrases(r lang.Row, kinds map[string]class) (class, []string, error) {
	k, ok := kinds[r.Field(0)]
	if !ok {
		return 0, nil, r.Errorf("unknown kind %q", r.Field(0))
	}
	forms := r.Forms(1)
	if len(forms) == 0 {
		return k, nil, r.Errorf("no phrases in column 2")
	}
	return k, forms, nil
}

// office tells whether a word is an office by what it ends in, or by what is
// written in one with it: "Finanzchef", "exgerente".
func (t *tables) office(fold string, shape uint8) bool {
	if shape != shapeCapital && (t.nouns || shape != shapeLower) {
		return false
	}
	for _, e := range t.titleEnds {
		if len(fold) > len(e)+2 && strings.HasSuffix(fold, e) {
			return true
		}
	}
	for _, g := range t.glued {
		if rest, ok := strings.CutPrefix(fold, g); ok && t.offices[rest] {
			return true
		}
	}
	return false
}

// loadCommon reads what the packs' tables say of names themselves. What is
// wrong with a pack's lines is told where that pack is loaded.
func loadCommon(set *lang.Packs) *common {
	c := &common{words: make(map[string]class, 16384), phrases: make(map[string][]phrase, 1024)}
	var buf []byte
	var tokens []lang.Token
	for _, tag := range set.Tags() {
		p := set.Pack(tag)
		rows, _ := p.Rows(namesFile)
		for _, r := range rows {
			k := nameKinds[r.Field(0)] & shared
			if k == 0 {
				continue
			}
			for f := range strings.SplitSeq(r.Field(1), "|") {
				if f = strings.TrimSpace(f); f == "" {
					continue
				}
				if !plain(f) {
					if tokens = p.AppendTokens(tokens[:0], f); len(tokens) > 1 {
						c.add(tokens, k)
						continue
					}
				}
				buf = lang.AppendFold(buf[:0], f)
				if had, ok := c.words[string(buf)]; !ok || had&k != k {
					c.words[string(buf)] = had | k
				}
			}
		}
	}
	return c
}

// plain tells whether a form is surely one word.
func plain(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// add takes a name of several words: organizations as phrases; of persons'
// given names each word, of their family names the last.
func (c *common) add(tokens []lang.Token, k class) {
	switch {
	case k&isKnown != 0:
		words := make([]string, len(tokens))
		for i, t := range tokens {
			words[i] = t.Fold
		}
		c.phrases[words[0]] = append(c.phrases[words[0]], phrase{words, k})
		c.words[words[0]] |= isFirst
	case k&isGiven != 0:
		for _, t := range tokens {
			if t.Kind == lang.Word && t.End-t.Start > 2 {
				c.words[t.Fold] |= k
			}
		}
	default:
		c.words[tokens[len(tokens)-1].Fold] |= k
	}
}

// longest is the longest phrase that begins at token i, and how many tokens it
// has; 0 where there is none.
func (c *common) longest(tokens []lang.Token, i int) (k class, n int) {
	for _, p := range c.phrases[tokens[i].Fold] {
		if len(p.words) <= n || i+len(p.words) > len(tokens) {
			continue
		}
		same := true
		for j := 1; j < len(p.words) && same; j++ {
			same = tokens[i+j].Fold == p.words[j] && !tokens[i+j].Paragraph
		}
		if same {
			k, n = p.class, len(p.words)
		}
	}
	return k, n
}

// places is the gazetteer.
func places() *gazetteer.Gazetteer { return gazetteer.Builtin() }
