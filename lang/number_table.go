package lang

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

type numberRole uint8

const (
	roleAdd numberRole = iota + 1
	roleTeen
	roleTimes
	roleScale
	roleBare
	roleOne
	roleAnd
	roleHalf
	roleCompound
)

var numberRoles = map[string]numberRole{
	"add": roleAdd, "teen": roleTeen, "times": roleTimes, "scale": roleScale, "bare": roleBare,
	"one": roleOne, "and": roleAnd, "half": roleHalf, "compound": roleCompound,
}

type numberWord struct {
	role    numberRole
	value   float64
	reverse bool // of an "and"
}

// numberTable is a language's number words. It is made when first asked for.
type numberTable struct {
	once sync.Once
	lex  *Lexicon[numberWord]
	err  error

	decimal, group string // signs before tenths and between thousands

	articles    bool       // "a" goes before "hundred", which does not stand alone behind a scale
	attachedAnd numberWord // an "and" that is written together with the next word
	attached    string     // its letters; empty for none
	compound    bool
	joiners     []string   // inside compounds, folded
	letters     [16]uint64 // how number words begin
	prefixes    [4]uint64  // how words begin that are written together with them
}

// numbersFile is the pack's table of number words.
const numbersFile = "numbers.tsv"

// numberTable returns the pack's number words; nil for no language.
func (p *Pack) numberTable() *numberTable {
	if p == nil {
		return nil
	}
	t := &p.numbers
	t.once.Do(func() { t.load(p) })
	return t
}

// CheckNumbers reads the pack's number words and returns what is wrong with
// them.
func (p *Pack) CheckNumbers() error {
	if t := p.numberTable(); t != nil {
		return t.err
	}
	return nil
}

func (t *numberTable) load(p *Pack) {
	t.lex = NewLexicon[numberWord](p)
	t.decimal, t.group = p.decimal, p.group
	if t.decimal == "" {
		names := namesOfNumbers(p.Tag)
		t.decimal, t.group = names.decimal, names.group
	}
	rows, err := p.numberRows()
	bad := []error{err}
	for _, r := range rows {
		w, err := readNumberWord(r)
		if err != nil {
			bad = append(bad, err)
			continue
		}
		forms := r.Forms(2)
		switch w.role {
		case roleCompound:
			t.compound = true
			for _, f := range forms {
				t.joiners = append(t.joiners, Fold(f))
			}
			continue
		case roleOne:
			t.articles = true
		}
		if len(forms) == 0 {
			bad = append(bad, r.Errorf("no forms in column 3"))
		}
		for _, f := range forms {
			t.lex.Add(f, w)
			f = Fold(f)
			t.letter(f)
			if w.role == roleAnd && p.attachedWord(f) {
				t.attached, t.attachedAnd = f, w
			}
		}
	}
	if t.lex.Len() > 0 {
		for _, a := range p.attached {
			t.prefix(a)
		}
	}
	t.err = errors.Join(bad...)
}

func readNumberWord(r Row) (numberWord, error) {
	w := numberWord{role: numberRoles[r.Field(0)]}
	value := r.Field(1)
	switch {
	case w.role == 0:
		return w, r.Errorf("unknown role %q", r.Field(0))
	case w.role == roleCompound:
		return w, nil
	case w.role == roleAnd && value == "reverse":
		w.value, w.reverse = 10, true
		return w, nil
	}
	var err error
	if w.value, err = strconv.ParseFloat(value, 64); err != nil || w.value < 0 {
		return w, r.Errorf("value %q is no number", value)
	}
	return w, nil
}

// letter notes how a number word begins.
func (t *numberTable) letter(f string) {
	h := beginning(f)
	t.letters[h>>6&15] |= 1 << (h & 63)
}

// prefix notes how a word begins that is written together with a number word.
func (t *numberTable) prefix(f string) {
	r, _ := utf8.DecodeRuneInString(f)
	t.prefixes[r>>6&3] |= 1 << (r & 63)
}

// beginning is a small number made of a word's first two letters.
func beginning(f string) rune {
	r, n := utf8.DecodeRuneInString(f)
	if n == len(f) {
		return r
	}
	second, _ := utf8.DecodeRuneInString(f[n:])
	return r + second<<5 + second>>4
}

// begins tells whether a number may begin with the word: a quick look that
// most words fail.
func (t *numberTable) begins(fold string) bool {
	if t == nil || t.lex.Len() == 0 || fold == "" {
		return false
	}
	h := beginning(fold)
	if t.letters[h>>6&15]&(1<<(h&63)) != 0 {
		return true
	}
	r, _ := utf8.DecodeRuneInString(fold)
	return t.prefixes[r>>6&3]&(1<<(r&63)) != 0
}

// at returns the values of the longest number word at token i, and whether an
// "and" is written together with it.
func (t *numberTable) at(tokens []Token, i int) (values []numberWord, n int, and bool) {
	w := tokens[i].Fold
	if tokens[i].Kind != Word || !t.begins(w) {
		return nil, 0, false
	}
	values, n = t.lex.Longest(tokens, i)
	if _, whole := t.lex.words[w]; n > 0 && !whole && !t.attachedTo(w) {
		return nil, 0, false // "satunya", "duanya" refer to people, they do not count.
	}
	if t.attached != "" && n > 0 && len(w) > len(t.attached) && strings.HasPrefix(w, t.attached) {
		_, whole := t.lex.words[w]
		and = !whole
	}
	return values, n, and
}

// attachedTo tells whether the word begins with what the pack says is written
// together with the next word.
func (t *numberTable) attachedTo(w string) bool {
	for _, a := range t.lex.pack.attached {
		if strings.HasPrefix(w, a) {
			return true
		}
	}
	return false
}

// maxCompound is more bytes than a number written as one word has.
const maxCompound = 96

// split parts a word that is made of number words; nil where it is not.
func (t *numberTable) split(fold string) []numberWord {
	if !t.compound || len(fold) > maxCompound {
		return nil
	}
	var dead [maxCompound + 1]bool
	var pieces []numberWord
	var from func(at int) bool
	from = func(at int) bool {
		if at == len(fold) {
			return len(pieces) > 1
		}
		if dead[at] {
			return false
		}
		for end := len(fold); end > at; end-- {
			w, ok := t.piece(fold[at:end])
			if !ok {
				continue
			}
			pieces = append(pieces, w)
			if from(end) {
				return true
			}
			pieces = pieces[:len(pieces)-1]
		}
		dead[at] = true
		return false
	}
	if !from(0) {
		return nil
	}
	return pieces
}

// piece is a number word, or what joins two, inside a compound.
func (t *numberTable) piece(s string) (numberWord, bool) {
	if slices.Contains(t.joiners, s) {
		return numberWord{role: roleAnd, reverse: true}, true
	}
	id, ok := t.lex.words[s]
	if !ok {
		return numberWord{}, false
	}
	node, ok := t.lex.edges[uint64(id)]
	if !ok || len(t.lex.values[node]) == 0 || t.lex.values[node][0].role == roleAnd {
		return numberWord{}, false
	}
	return t.lex.values[node][0], true
}

func (p *Pack) attachedWord(fold string) bool { return slices.Contains(p.attached, fold) }
