package lang

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Reading numbers.
//
// Digits are read with the signs the pack names: "25.490" is 25490 where the
// full stop parts thousands (number_digits.go). Words are read with the table
// numbers.tsv (number_table.go), each word by its role:
//
//	role      value    example
//	add       20       "twenty": adds what is smaller than the part before it
//	teen      10       "belas": makes a digit right before it a teen
//	times     100      "hundred", "puluh": multiplies what is before it
//	scale     1000000  "million", "juta", "bn": multiplies all before it since the last greater scale
//	bare      1000     "mil": a scale that also stands alone
//	one       1        "a": one before "hundred" and "million" alone
//	half      0.5      "half", "setengah": half of the scale behind it, or before it
//	and       100      "and": may stand between parts, the one before it at least so great;
//	                   "reverse": also between a digit and a ten behind it
//	compound           number words are written together, with the forms between a digit and a ten
//
// "dua ratus lima puluh" is 2 × 100 + 5 × 10; "cien mil millones" is
// 100 × 1000 × 1000000; "fünfundzwanzig" is 5 + 20. A word that does not fit,
// as a second digit, ends the number; after an "and" it ends the number before
// the "and": "between one hundred and two hundred" has two numbers.

// NumberValue is a number read from tokens.
type NumberValue struct {
	Value float64
	Words bool // it was not written in digits alone
	Whole bool // no decimals: a number things can be counted with
	Scale bool // a word such as "million" made it great, so it is likely rounded
}

// NumberAt reads the number that begins at token i, in digits or words, and
// tells how many tokens it takes; 0 where there is none. A sign is not part of
// it.
func (p *Pack) NumberAt(text string, tokens []Token, i int) (NumberValue, int) {
	if i >= len(tokens) || tokens[i].Kind == Sign {
		return NumberValue{}, 0
	}
	t := p.numberTable()
	if tokens[i].Kind == Word && !t.begins(tokens[i].Fold) {
		return NumberValue{}, 0
	}
	r := numberReader{pack: p, table: t, text: text, tokens: tokens, first: i}
	return r.read()
}

// numberReader reads one number.
type numberReader struct {
	pack   *Pack
	table  *numberTable
	text   string
	tokens []Token
	first  int

	sum   numberSum
	and   bool      // an "and" was read, and what follows it is in sum.cur
	least float64   // what must be before the "and"
	back  bool      // the "and" also turns digit and ten
	base  numberSum // the sum before the "and"

	words, whole bool
	article      bool // "a" was read and needs a scale

	best  NumberValue // of the longest number so far
	bestN int
	andN  int // bestN before the "and"
	andV  NumberValue
}

// maxNumberTokens is more than any number in words has.
const maxNumberTokens = 40

func (r *numberReader) read() (NumberValue, int) {
	r.whole = true
	i := r.first
	for i < len(r.tokens) && i < r.first+maxNumberTokens {
		t := &r.tokens[i]
		if i > r.first && t.Paragraph {
			break
		}
		at := i
		if t.Kind == Sign {
			// "vingt-cinq", "twenty-five".
			if i == r.first || !r.words || t.Fold != "-" || t.Space || i+1 >= len(r.tokens) || r.tokens[i+1].Space || r.tokens[i+1].Kind != Word {
				break
			}
			i++
			t = &r.tokens[i]
		}
		if t.Kind == Number {
			v, whole, n := r.digits(i)
			if n == 0 || i > r.first && !r.more(v, whole, i+n) {
				return r.end(false)
			}
			r.sum.cur, r.sum.any = v, true
			r.whole = r.whole && whole
			i += n
			r.accept(i)
			continue
		}
		if r.table == nil {
			break
		}
		n, ok := r.word(i, at < i)
		if n == 0 {
			break
		}
		if !ok {
			return r.end(true)
		}
		i += n
	}
	return r.end(false)
}

// end is the number read. Where a number word follows that does not fit, what
// stands behind an "and" belongs to it.
func (r *numberReader) end(stuck bool) (NumberValue, int) {
	if stuck && r.and {
		return r.andV, r.andN
	}
	return r.best, r.bestN
}

// accept notes that the tokens before i are a number, if they are one.
func (r *numberReader) accept(i int) bool {
	s := r.sum
	if !r.merge(&s) {
		return false
	}
	v := s.cur
	scale := false
	for _, p := range s.parts[:s.n] {
		v += p.value
		scale = true
	}
	r.best = NumberValue{Value: v, Words: r.words, Whole: r.whole && v == float64(int64(v)), Scale: scale}
	if scale && !r.whole {
		r.best.Whole = v == float64(int64(v))
	}
	r.bestN = i - r.first
	return true
}

// word reads the words at token i and tells how many they are and whether
// they fit; hyphen says that a hyphen ties them to what is before.
func (r *numberReader) word(i int, hyphen bool) (int, bool) {
	values, n, and := r.table.at(r.tokens, i)
	if n == 0 {
		pieces := r.table.split(r.tokens[i].Fold)
		if len(pieces) == 0 {
			return 0, false
		}
		save := *r
		for _, w := range pieces {
			r.words = true
			if !r.one(w) {
				*r = save
				return 1, false
			}
		}
		return 1, r.accept(i + 1)
	}
	if and && i > r.first && !r.open(r.table.attachedAnd) {
		return 0, false
	}
	if and || len(values) > 1 {
		save := *r
		for _, w := range values {
			if r.one(w) {
				return n, r.done(w, i+n)
			}
			*r = save
		}
		return n, false
	}
	w := values[0]
	if w.role == roleScale && n == 1 && r.tokens[i].Space && utf8.RuneCountInString(r.tokens[i].Fold) == 1 {
		return 0, false // "5 m" is five metres, "5m" five million.
	}
	if w.role == roleAnd && i == r.first {
		return 0, false
	}
	if w.role == roleAnd && !r.open(w) {
		return 0, false
	}
	if w.role == roleAnd {
		return n, true
	}
	if !r.one(w) {
		if w.role == roleOne || i == r.first {
			return 0, false
		}
		return n, false
	}
	return n, r.done(w, i+n)
}

// done notes the number as far as the word that ends before the token end.
func (r *numberReader) done(w numberWord, end int) bool {
	r.words = true
	if w.role == roleOne || w.role == roleHalf && r.sum.n == 0 && r.sum.cur < 1 && !r.and {
		return true // "a", "half": no number yet.
	}
	return r.accept(end)
}

// digits reads digits, in several tokens where thousands are parted by spaces.
func (r *numberReader) digits(i int) (v float64, whole bool, n int) {
	v, whole, ok := r.pack.ParseDigits(r.tokens[i].Fold)
	if !ok {
		return 0, false, 0
	}
	n = 1
	if whole && r.pack.groupsBySpace() && len(r.tokens[i].Fold) <= 3 && r.tokens[i].Fold[0] != '0' {
		for i+n < len(r.tokens) && r.tokens[i+n].Kind == Number && len(r.tokens[i+n].Fold) >= 3 && r.narrow(i+n) {
			d := r.tokens[i+n].Fold
			tail := d[3:] // "25 490,5"
			if !allDigits(d[:3]) || tail != "" && (tail[0] != r.pack.decimalSign() || !allDigits(tail[1:])) {
				break
			}
			more, err := strconv.ParseFloat(strings.Replace(d, ",", ".", 1), 64)
			if err != nil {
				break
			}
			v = v*1000 + more
			n++
			if tail != "" {
				return v, false, n
			}
		}
	}
	return v, whole, n
}

// narrow tells whether one space and nothing else is before token i.
func (r *numberReader) narrow(i int) bool {
	gap := r.text[r.tokens[i-1].End:r.tokens[i].Start]
	return utf8.RuneCountInString(gap) == 1 && gap != "\n"
}

// more tells whether digits go on with a number: "2 bin 500", "2 million 300
// thousand".
func (r *numberReader) more(v float64, whole bool, next int) bool {
	s := &r.sum
	if s.any || s.n == 0 || !whole || v == 0 {
		return false
	}
	last := s.parts[s.n-1].scale
	if last == 1000 {
		return v < 1000 && v >= 1
	}
	if next >= len(r.tokens) || r.tokens[next].Kind != Word || r.table == nil {
		return false
	}
	values, _, _ := r.table.at(r.tokens, next)
	for _, w := range values {
		if (w.role == roleScale || w.role == roleBare) && w.value < last && v*w.value < last {
			return true
		}
	}
	return false
}
