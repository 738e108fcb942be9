package lang

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

const stemRules = `# of no language
suffix	3	-	s er ers
suffix	2	y	ies
suffix	3	-	и ами
suffix	2	us	us
suffix	4	-	ed
suffix	2	e	ed
prefix	2	-	un re
word	-	man	men
word	-	-	news others
`

func TestAppendStem(t *testing.T) {
	ps, err := LoadPacks(packFS(
		"xx/endings.tsv", stemRules,
		"yy/pack.tsv", "tag\tyy\nparent\txx\n",
		"zz/pack.tsv", "tag\tzz\nparent\txx\n", "zz/endings.tsv", "",
		"ww/pack.tsv", "tag\tww\n",
	))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(ps.Problems()...); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tag, word, want string }{
		{"xx", "pagers", "pag"}, // the longest, not "s" and then "er"
		{"xx", "pages", "page"},
		{"xx", "abus", "abus"},
		{"xx", "gas", "gas"}, // two letters would be left
		{"xx", "voted", "vote"},
		{"xx", "voteds", "vote"},
		{"xx", "killed", "kill"},
		{"xx", "cities", "city"},
		{"xx", "ies", "ies"},
		{"xx", "ties", "tie"}, // "ies" would leave one letter, "s" leaves three
		{"xx", "men", "man"},
		{"xx", "news", "news"},
		{"xx", "unmen", "man"},
		{"xx", "reunit", "it"},
		{"xx", "re", "re"},
		{"xx", "словами", "слов"},
		{"xx", "עיר", ""},
		{"xx", "", ""},
		{"yy", "pages", "page"},
		{"zz", "pages", ""},
		{"ww", "pages", ""},
	} {
		p := ps.Pack(c.tag)
		if got := string(p.AppendStem(nil, c.word)); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.tag, c.word, got, c.want)
		}
		if p.HasStems() != (c.tag == "xx" || c.tag == "yy") {
			t.Errorf("%s: has stems: %v", c.tag, p.HasStems())
		}
	}
	if (*Pack)(nil).HasStems() || len((*Pack)(nil).AppendStem(nil, "pages")) > 0 {
		t.Error("no pack has stems")
	}
	if got := string(ps.Pack("xx").AppendStem([]byte("page "), "pages")); got != "page page" {
		t.Errorf("appended: %q", got)
	}
}

func TestEndingsProblems(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"suffix\t3\ts\n", "3 columns, want 4"},
		{"ending\t3\t-\ts\n", `unknown kind "ending"`},
		{"suffix\tno\t-\ts\n", `"no" letters left`},
		{"suffix\t0\t-\ts\n", `"0" letters left`},
		{"prefix\t3\ta\tbe\n", "a prefix becomes nothing"},
		{"word\t3\t-\tmen\n", "letters left of a word"},
		{"suffix\t3\tss\ts\n", "no shorter"},
		{"suffix\t3\t-\t\u0301\n", "has no letter"},
	} {
		ps, err := LoadPacks(packFS("xx/endings.tsv", c.text))
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(ps.Problems()...)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "xx/endings.tsv:1") {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}

// The stem of a stem is itself, and a stem is no longer than its word unless
// the pack lists the word.
func FuzzAppendStem(f *testing.F) {
	ps := Builtin()
	tags := ps.Tags()
	for i, s := range []string{"kebijakannya", "وبالحكومة", "hükümetlerinin", "stopped", "правительствами"} {
		f.Add(s, uint8(i))
	}
	f.Fuzz(func(t *testing.T, word string, which uint8) {
		p := ps.Pack(tags[int(which)%len(tags)])
		word = Fold(word)
		for _, r := range word {
			if first, _ := utf8.DecodeRuneInString(word); !unicode.IsLetter(r) || scriptBlock(r) != scriptBlock(first) {
				return
			}
		}
		once := p.AppendStem(nil, word)
		if len(once) > len(word)+8 {
			t.Fatalf("%s %q: %q", p.Tag, word, once)
		}
		// A word with more endings than any has stops on the way.
		twice := p.AppendStem(nil, string(once))
		if len(word) <= stemRounds && string(twice) != string(once) {
			t.Fatalf("%s %q: %q, then %q", p.Tag, word, once, twice)
		}
	})
}
