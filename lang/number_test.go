package lang

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"
)

//go:embed testdata/numbers.tsv
var numberCases string

func TestNumberAt(t *testing.T) {
	for i, line := range strings.Split(numberCases, "\n") {
		f := strings.Split(line, "\t")
		if line == "" || line[0] == '#' {
			continue
		}
		if len(f) != 4 {
			t.Errorf("numbers.tsv:%d: %d columns", i+1, len(f))
			continue
		}
		p := Builtin().Pack(f[0])
		tokens := p.Tokens(f[1])
		v, n := p.NumberAt(f[1], tokens, 0)
		rest := f[1]
		if n > 0 {
			rest = f[1][tokens[n-1].End:]
		}
		want, _ := strconv.ParseFloat(f[2], 64)
		if n == 0 && want == 0 {
			continue
		}
		if v.Value != want || strings.TrimSpace(rest) != f[3] {
			t.Errorf("numbers.tsv:%d: %s %q: %v, left over %q", i+1, f[0], f[1], v, rest)
		}
	}
}

func TestNumberTables(t *testing.T) {
	for _, tag := range Builtin().Tags() {
		if err := Builtin().Pack(tag).CheckNumbers(); err != nil {
			t.Error(err)
		}
	}
}

// TestNumbersAgree states that the packs' own number words read what CLDR
// spells: all numbers below a hundred, the hundreds, and the scales.
func TestNumbersAgree(t *testing.T) {
	for _, tag := range Builtin().Tags() {
		p := Builtin().Pack(tag)
		own, err := p.Rows(numbersFile)
		if err != nil || len(own) == 0 || !p.Has(numbersFile) {
			continue
		}
		rows, err := rowsOf("cldr", namesOfNumbers(tag).rows)
		if err != nil || len(rows) < 100 {
			t.Errorf("%s: CLDR has %d lines, %v", tag, len(rows), err)
		}
		for _, r := range rows {
			want, _ := strconv.ParseFloat(r.Field(1), 64)
			for _, form := range r.Forms(2) {
				text := form
				switch r.Field(0) {
				case "scale", "bare":
					text, want = "2 "+form, 2*want
				case "add":
				default:
					continue
				}
				tokens := p.Tokens(text)
				if v, n := p.NumberAt(text, tokens, 0); v.Value != want || n != len(tokens) {
					if tag == p.Tag && strings.Contains(text, numberPluralOne) {
						break // "twenty one" of things that have no singular
					}
					t.Errorf("%s: %q is %v in %d tokens, want %v in %d", tag, text, v.Value, n, want, len(tokens))
				}
				if r.Field(0) != "add" {
					want /= 2
				}
			}
		}
	}
}

// numberPluralOne is the plural of one, which also means "some" and is left
// out of the pack.
const numberPluralOne = "\u043e\u0434\u043d\u0438"

// TestNumbersOfCLDR states that the generated table serves packs that have no
// number words.
func TestNumbersOfCLDR(t *testing.T) {
	for _, c := range []struct {
		tag, text string
		want      float64
	}{
		{"nl", "zevenhonderdvijfentwintig", 725}, {"nl", "25.490", 25490}, {"nl", "3,5 miljoen", 3.5e6},
		{"it", "trentadue", 32}, {"it", "duecento", 200}, {"pl", "dwadzie\u015bcia pi\u0119\u0107", 25}, {"pl", "25 490", 25490},
		{"sv", "tjugofem", 25}, {"fi", "kaksikymment\u00e4viisi", 25}, {"uk", "\u0434\u0432\u0430\u0434\u0446\u044f\u0442\u044c \u043f\u02bc\u044f\u0442\u044c", 25},
		{"vi", "hai m\u01b0\u01a1i l\u0103m", 25}, {"el", "\u03b5\u03af\u03ba\u03bf\u03c3\u03b9 \u03c0\u03ad\u03bd\u03c4\u03b5", 25}, {"hi", "\u092a\u091a\u094d\u091a\u0940\u0938", 25},
		{"zh", "\u4e8c\u5341\u4e94", 25}, {"zh", "3\u4e07", 30000}, {"ja", "1\u5104", 1e8}, {"ko", "2\ub9cc", 20000}, {"he", "\u05e2\u05e9\u05e8\u05d9\u05dd", 20}, {"nb", "tjuefem", 25},
	} {
		p := Builtin().Pack(c.tag)
		tokens := p.Tokens(c.text)
		if v, n := p.NumberAt(c.text, tokens, 0); v.Value != c.want || n != len(tokens) {
			t.Errorf("%s %q: %v in %d tokens, want %v in %d", c.tag, c.text, v.Value, n, c.want, len(tokens))
		}
	}
}
