package quotes

import (
	"errors"
	"slices"
	"strings"

	"dateline/lang"
)

// speechFile is the pack's table of words that tell who says something.
const speechFile = "speech.tsv"

// class is what a word can be where someone is said to say something. A word
// may be of several classes.
type class uint32

const (
	verb       class = 1 << iota // "said"
	noun                         // "statement", with a clause behind it
	before                       // "according to": the source follows
	after                        // "göre": the source is before it
	pronoun                      // "he"
	owner                        // "his": a pronoun before a noun
	that                         // opens the clause that was said
	clause                       // opens a clause and belongs to it: "whether"
	to                           // opens an infinitive
	helper                       // stands between subject and verb: "has", "also"
	prep                         // opens an adjunct
	of                           // a preposition that goes on with a name of people: "of", "for"
	det                          // "the"
	stop                         // ends a phrase: "but", "when"
	and                          // joins
	title                        // stands before a name and is no part of it
	who                          // opens a relative clause
	office                       // an office or rank, of titles.tsv
	as                           // "as he said, ..."
	passive                      // makes a passive: "was"
	nobody                       // a noun that is no source: "plan"
	proxy                        // speaks for whom the office behind it names: \"spokesman\"
	onward                       // goes on behind a comma: "especially", "not"
	gerundLike                   // a participle: "referring", "including"
	articles                     // "a", "the": what follows is no verb of its own
	several                      // a verb of more than one: "dijeron"
	calling                      // what someone is, his name behind it: "farmer"
)

var classes = map[string]class{
	"verb": verb, "noun": noun, "before": before, "after": after, "pronoun": pronoun, "owner": owner, "that": that,
	"clause": clause, "to": to, "helper": helper, "prep": prep, "of": of, "det": det, "stop": stop, "and": and,
	"title": title, "who": who, "participle": gerundLike, "onward": onward, "proxy": proxy, "plural": several, "role": calling, "article": articles | det, "nobody": nobody, "passive": passive, "as": as,
}

// frame is what can stand with a verb or noun of saying.
type frame uint16

const (
	tags       frame = 1 << iota // q: stands with a quotation: "...", he said
	inverts                      // b: may stand before its subject: "...", said he
	takesThat                    // c
	bare                         // z: takes a clause that nothing opens: "said he would"
	nounPhrase                   // n: what is said is a noun phrase: "condemned the attack"
	infinite                     // i: what is said is an infinitive: "promised to"
	addressed                    // p: who is spoken to comes first: "told them that"
	commas                       // k: a comma may open the clause: "mengatakan, ..."
	gerund                       // g: its subject is another verb's: "..., adding that"
	ambiguous                    // m: is a noun as well: "claims"
	female                       // f: of a pronoun, a title
	male                         // m
	person                       // s: of a pronoun: one person
	many                         // p: of a pronoun: several
	located                      // l: a preposition may stand before its subject: "they said at X"
	writer                       // a: of a pronoun: means the writer or the reader
)

var verbFrames = map[rune]frame{'q': tags, 'b': inverts, 'c': takesThat, 'z': bare, 'n': nounPhrase, 'i': infinite, 'p': addressed, 'k': commas, 'g': gerund, 'm': ambiguous, 'l': located}

var pronounFrames = map[rune]frame{'f': female, 'm': male, 's': person, 'p': many, 'a': writer}

// word is what the table has about a token, or about the phrase that begins
// with it.
type word struct {
	class class
	frame frame
	n     uint8 // tokens of the phrase; 0 behind its first one
	inner bool  // is a later token of a phrase
}

// tables is what the annotator takes from a pack.
type tables struct {
	lex       *lang.Lexicon[word]
	suffixes  []suffix // words known by how they end
	clitics   []string // pronouns written at a verb's end: "-nya"
	sov       bool     // the verb stands at the sentence's end
	headFirst bool     // what is told of a noun follows it: a name is not part of the words behind it
	proDrop   bool     // a verb may stand without a subject: "Añadió que"
	nameLast  bool     // common nouns are small, and one right before a name tells of it
	listed    []string // words of verbs that end in a clitic and have none, sorted
}

type suffix struct {
	text string
	word word
}

func load(p *lang.Pack) (*tables, error) {
	if p == nil {
		return &tables{lex: lang.NewLexicon[word](nil)}, nil
	}
	t := &tables{lex: lang.NewLexicon[word](p)}
	rows, err := p.Rows(speechFile)
	for _, r := range rows {
		if e := t.row(r); e != nil {
			err = errors.Join(err, e)
		}
	}
	slices.Sort(t.listed)
	if len(rows) == 0 {
		return t, err
	}
	// What is wrong with the offices is told by those whose table it is.
	titles, _ := p.Rows("titles.tsv")
	for _, r := range titles {
		w := word{class: title}
		switch r.Field(0) {
		case "title", "rank":
			w.class = office
		case "honorific":
		default:
			continue
		}
		for _, f := range r.Forms(1) {
			t.lex.Add(f, w)
		}
	}
	return t, err
}

func (t *tables) row(r lang.Row) error {
	name := r.Field(0)
	forms := r.Forms(2)
	switch name {
	case "order":
		switch v := r.Field(1); v {
		case "verb-last":
			t.sov = true
		case "head-first":
			t.headFirst = true
		case "no-subject":
			t.proDrop = true
		case "name-last":
			t.nameLast = true
		default:
			return r.Errorf("order %q: want verb-last, head-first, no-subject or name-last", v)
		}
		return nil
	case "clitic":
		for _, f := range forms {
			t.clitics = append(t.clitics, lang.Fold(f))
		}
		return nil
	}
	c, ok := classes[name]
	if !ok {
		return r.Errorf("unknown class %q", name)
	}
	if len(forms) == 0 {
		return r.Errorf("%s: no words in the third column", name)
	}
	w := word{class: c}
	letters := verbFrames
	if c&(pronoun|owner|title) != 0 {
		letters = pronounFrames
	}
	if f := r.Field(1); f != "-" {
		for _, l := range f {
			fr, ok := letters[l]
			if !ok {
				return r.Errorf("%s: unknown letter %q in the second column", name, l)
			}
			w.frame |= fr
		}
	}
	for _, f := range forms {
		if s, ok := strings.CutPrefix(f, "*"); ok {
			t.suffixes = append(t.suffixes, suffix{lang.Fold(s), w})
			continue
		}
		t.lex.Add(f, w)
		if c == verb {
			t.listed = append(t.listed, lang.Fold(f))
		}
	}
	return nil
}

// words looks the tokens up. The longest phrase is taken; the tokens in it are
// not looked up again.
func (t *tables) words(tokens []lang.Token) []word {
	out := make([]word, len(tokens))
	for i := 0; i < len(tokens); {
		if tokens[i].Kind != lang.Word {
			i++
			continue
		}
		values, n := t.lex.Longest(tokens, i)
		var w word
		for _, v := range values {
			w.class |= v.class
			w.frame |= v.frame
		}
		for _, s := range t.suffixes {
			if n > 0 && (s.word.class != several || w.class&verb == 0) {
				continue
			}
			if f := tokens[i].Fold; len(f) > len(s.text)+1 && (tokens[i].Case != lang.Capital || s.word.class == calling) && strings.HasSuffix(f, s.text) {
				w.class |= s.word.class
				w.frame |= s.word.frame
			}
		}
		if n == 0 {
			n = 1
		}
		w.n = uint8(min(n, 255))
		out[i] = w
		for k := i + 1; k < i+n; k++ {
			out[k] = word{class: w.class, inner: true}
		}
		i += n
	}
	return out
}
