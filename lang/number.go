package lang

import (
	"errors"
	"strconv"
	"strings"
	"sync"
)

// Reading numbers.
//
// Digits are read with the signs the pack names: "25.490" is 25490 where the
// full stop parts thousands. Words are read with the table numbers.tsv, each
// word by its role:
//
//	role   value  example
//	add    20     twenty: adds
//	teen   10     "belas": adds, right behind a digit
//	times  100    "hundred", "puluh": multiplies what is before it, up to the last larger part
//	scale  1000   "thousand", "juta", "bn": multiplies all before it since the last scale; also behind digits
//	and           "and", "und": may stand between number words
//	half   0.5    "half", "setengah": adds, or multiplies the scale behind it
//
// "dua ratus lima puluh" is 2 × 100 + 5 × 10. A word that does not fit, as a
// second digit, ends the number.

// NumberValue is a number read from tokens.
type NumberValue struct {
	Value float64
	Words bool // it was not written in digits alone
	Whole bool // no decimals: a number things can be counted with
	Scale bool // a word such as "million" made it great, so it is likely rounded
}

type numberRole uint8

const (
	roleAdd numberRole = iota + 1
	roleTeen
	roleTimes
	roleScale
	roleAnd
	roleHalf
)

var numberRoles = map[string]numberRole{"add": roleAdd, "teen": roleTeen, "times": roleTimes, "scale": roleScale, "and": roleAnd, "half": roleHalf}

type numberWord struct {
	role  numberRole
	value float64
}

type numberTable struct {
	once sync.Once
	lex  *Lexicon[numberWord]
	err  error
}

// numbersFile is the pack's table of number words.
const numbersFile = "numbers.tsv"

func (p *Pack) numberWords() *Lexicon[numberWord] {
	p.numbers.once.Do(func() {
		p.numbers.lex = NewLexicon[numberWord](p)
		rows, err := p.Rows(numbersFile)
		bad := []error{err}
		for _, r := range rows {
			role, value := numberRoles[r.Field(0)], 0.0
			if role == 0 {
				bad = append(bad, r.Errorf("unknown role %q", r.Field(0)))
				continue
			}
			if role != roleAnd {
				if value, err = strconv.ParseFloat(r.Field(1), 64); err != nil || value < 0 {
					bad = append(bad, r.Errorf("value %q is no number", r.Field(1)))
					continue
				}
			}
			for _, f := range r.Forms(2) {
				p.numbers.lex.Add(f, numberWord{role, value})
			}
		}
		p.numbers.err = errors.Join(bad...)
	})
	return p.numbers.lex
}

// NumberAt reads the number that begins at token i, in digits or words, and
// tells how many tokens it takes; 0 where there is none. A sign is not part of
// it.
func (p *Pack) NumberAt(text string, tokens []Token, i int) (NumberValue, int) {
	if i >= len(tokens) {
		return NumberValue{}, 0
	}
	if tokens[i].Kind == Number {
		return p.digitsAt(text, tokens, i)
	}
	if p == nil || tokens[i].Kind != Word {
		return NumberValue{}, 0
	}
	return p.wordsAt(tokens, i)
}

// digitsAt reads a number in digits, with the words of scale behind it.
func (p *Pack) digitsAt(text string, tokens []Token, i int) (NumberValue, int) {
	v, whole, ok := p.ParseDigits(tokens[i].Fold)
	if !ok {
		return NumberValue{}, 0
	}
	n := 1
	// "25 490": thousands parted by a space.
	if p != nil && whole && strings.Contains(p.group, "space") && len(tokens[i].Fold) <= 3 {
		for i+n < len(tokens) && tokens[i+n].Kind == Number && tokens[i+n].Start-tokens[i+n-1].End <= 3 && tokens[i+n].Space && len(tokens[i+n].Fold) == 3 && allDigits(tokens[i+n].Fold) {
			more, _ := strconv.ParseFloat(tokens[i+n].Fold, 64)
			v = v*1000 + more
			n++
		}
	}
	num := NumberValue{Value: v, Whole: whole}
	if p == nil {
		return num, n
	}
	for i+n < len(tokens) {
		w, m := p.numberWord(tokens, i+n, roleScale, roleTimes)
		if m == 0 || w.role == roleTimes && (w.value < 100 || num.Value >= w.value) {
			break
		}
		num.Value *= w.value
		num.Words, num.Scale = true, true
		num.Whole = num.Value == float64(int64(num.Value))
		n += m
	}
	return num, n
}

func (p *Pack) numberWord(tokens []Token, i int, roles ...numberRole) (numberWord, int) {
	if tokens[i].Kind != Word {
		return numberWord{}, 0
	}
	words, n := p.numberWords().Longest(tokens, i)
	for _, w := range words {
		for _, r := range roles {
			if w.role == r {
				return w, n
			}
		}
	}
	return numberWord{}, 0
}

// wordsAt reads a number in words.
func (p *Pack) wordsAt(tokens []Token, i int) (NumberValue, int) {
	var total, cur, last float64 // of the scales done; of this one; its last addend
	any := false
	scale := 0.0 // the last one
	n, and := 0, false
	num := NumberValue{Words: true, Whole: true}
loop:
	for i+n < len(tokens) {
		t := &tokens[i+n]
		if n > 0 && t.Kind == Sign && t.Fold == "-" && !t.Space && i+n+1 < len(tokens) && !tokens[i+n+1].Space {
			if w, m := p.numberWord(tokens, i+n+1, roleAdd); m > 0 && fits(cur, w.value) {
				cur, last, any = cur+w.value, w.value, true
				n += 1 + m
				continue
			}
			break
		}
		w, m := p.numberWord(tokens, i+n, roleAdd, roleTeen, roleTimes, roleScale, roleAnd, roleHalf)
		if m == 0 {
			break
		}
		switch w.role {
		case roleAdd:
			switch {
			case !any && total == 0, fits(cur, w.value):
				cur += w.value
			case and && last < 10 && last > 0 && w.value >= 20 && w.value < 100 && fits(cur-last, w.value):
				cur += w.value // "ein und zwanzig"
			default:
				break loop
			}
			last = w.value
		case roleTeen:
			if last < 1 || last > 9 {
				break loop
			}
			cur += w.value
			last += w.value
		case roleTimes:
			if !any && n > 0 || last == 0 && cur != 0 || last >= w.value {
				break loop
			}
			if last == 0 {
				cur, last = w.value, w.value
			} else {
				cur += last*w.value - last
				last *= w.value
			}
			if w.value >= 1000 {
				num.Scale = true
			}
		case roleScale:
			if scale != 0 && w.value >= scale {
				break loop
			}
			if !any && n > 0 {
				break loop
			}
			total += max(cur, 1) * w.value
			if cur > 0 && cur < 1 {
				total -= w.value - cur*w.value
			}
			scale, cur, last = w.value, 0, 0
			num.Scale = true
		case roleAnd:
			if n == 0 || !any {
				break loop
			}
			// It counts only with a number word behind it that fits.
			next, k := p.numberWord(tokens, min(i+n+m, len(tokens)-1), roleAdd, roleHalf)
			if i+n+m >= len(tokens) || k == 0 || next.role == roleAdd && !fits(cur, next.value) && !(last < 10 && next.value >= 20 && next.value < 100) || total == 0 && cur < 20 && next.role == roleAdd && next.value < 20 {
				break loop
			}
			and = true
			n += m
			continue
		case roleHalf:
			cur += w.value
			last = w.value
		}
		any, and = true, false
		n += m
	}
	if !any {
		return NumberValue{}, 0
	}
	num.Value = total + cur
	num.Whole = num.Value == float64(int64(num.Value))
	return num, n
}

// fits tells whether v may be added behind cur: it is smaller than the last
// part cur is made of.
func fits(cur, v float64) bool {
	if cur == 0 || v == 0 {
		return cur == 0
	}
	for unit := 10.0; unit <= 1000; unit *= 10 {
		if v < unit {
			return int64(cur)%int64(unit) == 0
		}
	}
	return false
}

// ParseDigits reads a number in ASCII digits with signs between thousands and
// before tenths. Which is which the pack says, but where only one reading is
// possible that one is taken: "1,234,567" has thousands in every language.
func (p *Pack) ParseDigits(s string) (v float64, whole, ok bool) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false, false
	}
	decimal := byte('.')
	if p != nil && p.decimal != "" {
		decimal = p.decimal[0]
	}
	var sep [2]byte // the different signs, in their order
	seps := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
		case c == '.' || c == ',' || c == '\'' || c == 0xd9 || c == 0xab || c == 0xac:
			if c >= 0x80 {
				// The Arabic signs are two bytes: ٫ decimal, ٬ thousands.
				return p.ParseDigits(strings.NewReplacer("٫", string(decimal), "٬", "'").Replace(s))
			}
			if seps == 0 || sep[seps-1] != c {
				if seps == 2 {
					return 0, false, false
				}
				sep[seps] = c
				seps++
			}
		default:
			return 0, false, false
		}
	}
	group, dec := byte(0), byte(0)
	switch seps {
	case 1:
		c := sep[0]
		switch {
		case !grouped(s, c):
			if strings.Count(s, string(c)) > 1 {
				return 0, false, false // 24.1.2024, 1.2.3
			}
			dec = c
		case c == '\'', strings.Count(s, string(c)) > 1, c != decimal:
			group = c
		default:
			dec = c
		}
	case 2:
		group, dec = sep[0], sep[1]
		if i := strings.IndexByte(s, dec); !grouped(s[:i], group) || strings.Count(s, string(dec)) > 1 {
			return 0, false, false
		}
	}
	var buf [32]byte
	digits := buf[:0]
	for i := range len(s) {
		switch s[i] {
		case group:
		case dec:
			digits = append(digits, '.')
		default:
			digits = append(digits, s[i])
		}
	}
	if len(digits) > 24 {
		return 0, false, false
	}
	v, err := strconv.ParseFloat(string(digits), 64)
	return v, dec == 0, err == nil
}

// grouped tells whether s is one to three digits and then threes, parted by c.
func grouped(s string, c byte) bool {
	first, rest, ok := strings.Cut(s, string(c))
	if !ok || len(first) < 1 || len(first) > 3 || first == "0" || first[0] == '0' {
		return false
	}
	for ok {
		var g string
		g, rest, ok = strings.Cut(rest, string(c))
		if len(g) != 3 {
			return false
		}
	}
	return true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
