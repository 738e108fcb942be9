package search

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/cputime"
	"dateline/lang"
)

// found tells whether a word or phrase of a query finds a text, as a store
// would look it up.
func found(a *Analyzer, f Forms, text, language string) bool {
	terms := a.AppendTerms(nil, text, language)
	for i := range terms {
		if slices.Contains(f.Stems, terms[i].Stem) {
			return true
		}
		if len(f.Terms) == 0 || i+len(f.Terms) > len(terms) {
			continue
		}
		same := true
		for j, want := range f.Terms {
			got := terms[i+j].Text
			same = same && (got == want || f.Prefix && j == len(f.Terms)-1 && strings.HasPrefix(got, want))
		}
		if same {
			return true
		}
	}
	return false
}

func TestForms(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	table, err := lang.ParseRows("forms.tsv", formsTable)
	if err != nil {
		t.Fatal(err)
	}
	if len(table) < 100 {
		t.Fatalf("only %d rows", len(table))
	}
	for _, row := range table {
		language, yes, forms, not := row.Field(0), row.Field(1), row.Forms(2), row.Forms(3)
		if len(forms) < 2 && len(not) == 0 || language == "" {
			t.Error(row.Errorf("a row has at least two forms, or one it must not find"))
		}
		for _, q := range forms {
			for _, word := range forms {
				if word != q && !found(a, a.Forms(q), "a "+word+" b", language) && (yes == "both" || q == forms[0]) {
					t.Error(row.Errorf("%q does not find %q: %+v, %+v", q, word, a.Forms(q), a.AppendTerms(nil, word, language)))
				}
			}
			for _, word := range not {
				if found(a, a.Forms(q), "a "+word+" b", language) {
					t.Error(row.Errorf("%q finds %q: %+v, %+v", q, word, a.Forms(q), a.AppendTerms(nil, word, language)))
				}
			}
		}
	}
}

func TestAppendTerms(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	for _, c := range []struct{ text, language, want string }{
		{"", "", ""},
		{" ... – ¿?", "", ""},
		{"Zürich, ÉLYSÉE", "", "zurich elysee"},
		{"Straße Œuvre æra", "", "strasse oeuvre aera"},
		{"COVID-19 G20 5km", "", "covid 19 g 20 5 km"},
		{"1,200.5", "", "1 200 5"},
		{"l'eau Ankara’da oʻzbek", "", "l eau ankara da o zbek"},
		{"۲۵ ٪ ١٢", "", "25 12"},
		{"Ｆｕｌｌ１２", "", "full 12"},
		{"حكومــة حُكُومَة", "", "حکومه حکومه"},
		{"کتاب\u200cها", "", "کتاب ها"},
		{"so\u00adft co\u200bde", "", "soft code"},
		{"北京市GDP増", "", "北京 京市 市 gdp 増"},
		{"ไทย ก่อน", "", "ไท ทย ย ก่อ อน น"},
		{"정부는", "", "정부는"},
		{"a\xff\xfeb", "", "a b"},
		{"\u0301 \u0301a", "", "a"},
		{"kebijakannya itu 5", "id", "kebijakannya/id·kebijakan itu/id·itu 5"},
		{"Москва и USA", "ru", "москва/ru·москв и usa"},
		{"kebijakan", "xx", "kebijakan"},
		{"U.S. e.g. a.b U.S.A", "", "us eg ab usa"},
		{"x.example A.Wirya", "", "x example a wirya"},
		{strings.Repeat("x", 500) + " y", "", strings.Repeat("x", 128) + " y"},
	} {
		var got []string
		for _, term := range a.AppendTerms(nil, c.text, c.language) {
			s := term.Text
			if term.Stem != "" {
				s += "/" + term.Stem
			}
			got = append(got, s)
		}
		if d := cmp.Diff(c.want, strings.Join(got, " ")); d != "" {
			t.Errorf("%q: (- want, + got)\n%s", c.text, d)
		}
	}
}

func TestJoined(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	texts, stems := Joined(a.AppendTerms(nil, "Votes, voted: 5 votes", "en"))
	if texts != "votes voted 5 votes" || stems != "en·vote" {
		t.Errorf("%q, %q", texts, stems)
	}
	if texts, stems := Joined(nil); texts+stems != "" {
		t.Errorf("of nothing %q, %q", texts, stems)
	}
}

func TestAppendTermsKeepsDst(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	first := a.AppendTerms(nil, "one two", "en")
	both := a.AppendTerms(first, "three", "en")
	want := []string{"one", "two", "three"}
	for i, term := range both {
		if term.Text != want[i] {
			t.Errorf("term %d: %q, want %q", i, term.Text, want[i])
		}
	}
}

func TestExactly(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	for _, c := range []struct {
		phrase, text string
		want         bool
	}{
		{"prime minister", "the Prime Minister said", true},
		{"prime minister", "the prime ministers said", false},
		{"minister prime", "the prime minister", false},
		{"北京", "在北京市", true},
		{"京", "在北京", true},
		{"京", "北京市", true},
		{"北京市", "北京的市", false},
		{"市京北", "北京市", false},
		{"北京大学", "在北京大学里", true},
		{"GDP增长", "今年GDP增长了", true},
		{"東京へ", "東京へ行く", true},
		{"ที่", "วันที่หนึ่ง", true},
		{"covid 19", "COVID-19", true},
		{"...", "...", false},
	} {
		if got := found(a, a.Exactly(c.phrase), c.text, ""); got != c.want {
			t.Errorf("%q in %q: %v, want %v (%+v)", c.phrase, c.text, got, c.want, a.Exactly(c.phrase))
		}
	}
}

// A word of a query is not stripped by the rules of one language to find
// articles in another.
func TestStemsKeepToTheirLanguage(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	for _, c := range []struct {
		query, text, language string
		want                  bool
	}{
		{"dossiers", "un dossier", "fr", true},
		{"dossiers", "el dossi", "es", false}, // what French makes of it
		{"news", "new", "en", false},
		{"partiler", "parti", "tr", true},
		{"partiler", "parti", "fr", false},
	} {
		if got := found(a, a.Forms(c.query), c.text, c.language); got != c.want {
			t.Errorf("%q in %s %q: %v, want %v", c.query, c.language, c.text, got, c.want)
		}
	}
	all, one := a.Forms("kebijakan"), a.Forms("kebijakan", "id")
	if len(all.Stems) < 10 || len(one.Stems) != 1 {
		t.Errorf("%d stems, %d of one language", len(all.Stems), len(one.Stems))
	}
}

// The stem of a stem is itself.
func TestStemOfStem(t *testing.T) {
	ps := lang.Builtin()
	rows, err := lang.ParseRows("forms.tsv", formsTable)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		p := ps.Pack(row.Field(0))
		for _, w := range row.Forms(2) {
			once := string(p.AppendStem(nil, lang.Fold(w)))
			if twice := string(p.AppendStem(nil, once)); twice != once {
				t.Errorf("%s: %q: %q, then %q", p.Tag, w, once, twice)
			}
		}
	}
}

// Hostile texts take no longer than others. What is quadratic takes 10 s.
func TestTermsLinear(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	const size = 1 << 18
	for _, piece := range []string{"a.", "a", "a\u0301", "ก\u0e48", "\u0301", "北", "a\u00ad", "и", "'", "1a", "a b "} {
		text := strings.Repeat(piece, size/len(piece)) + "ab"
		start := cputime.Used()
		a.AppendTerms(nil, text, "fi")
		if took := cputime.Used() - start; took > 3*time.Second { // 0.03 s
			t.Errorf("%q: %v", piece, took)
		}
	}
}

func FuzzTerms(f *testing.F) {
	a := NewAnalyzer(lang.Builtin())
	tags := lang.Builtin().Tags()
	for i, s := range []string{"Kebijakannya, ‘x’ 5km", "وبالحكومة ۱۲", "北京市abc ไทย", "a\u200cb\u0301\xff", "İstanbul'da ʼ", "правительствами", strings.Repeat("́", 50) + "ก" + strings.Repeat("่", 50)} {
		f.Add(s, uint8(i))
	}
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		terms := a.AppendTerms(nil, text, tags[int(which)%len(tags)])
		size, before := 0, Term{End: -1}
		for i, term := range terms {
			if term.Start >= term.End || term.End > len(text) || term.Start < before.Start || term.End < before.End || i > 0 && term.Start == before.Start {
				t.Fatalf("term %d %+v after %+v in %q", i, term, before, text)
			}
			before = term
			size += len(term.Text) + len(term.Stem)
			if term.Text == "" || utf8.ValidString(text) && !utf8.ValidString(term.Text+term.Stem) {
				t.Fatalf("text %q stem %q", term.Text, term.Stem)
			}
			for _, s := range []string{term.Text, term.Stem} {
				for _, r := range s {
					if r < utf8.RuneSelf && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
						t.Fatalf("%q has %q", s, r)
					}
				}
			}
		}
		if size > 12*len(text) {
			t.Fatalf("%d bytes of terms for %d", size, len(text))
		}
		if utf8.ValidString(text) && len(terms) > 0 {
			// A text finds itself, whatever language it is taken for.
			if !found(a, a.Exactly(text), text, "") {
				t.Fatalf("%q does not find itself: %+v, %+v", text, a.Exactly(text), terms)
			}
		}
	})
}
