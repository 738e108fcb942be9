package search

import (
	"errors"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline"
	"dateline/lang"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		query, want string
		notes       string // joined by " | "
	}{
		{"", "", ""},
		{" \u3000\n", "", ""},
		{"flood", "flood", ""},
		{"flood  warning", "flood warning", ""},
		{"flood AND warning", "flood warning", ""},
		{"or and not", "or and not", ""},
		{"a OR b", "a OR b", ""},
		{"a | b", "a OR b", ""},
		{"a b OR c d", "a (b OR c) d", ""},
		{"(a b) OR c", "(a b) OR c", ""},
		{"((a OR b) OR c)", "a OR b OR c", ""},
		{"(a (b (c)))", "a b c", ""},
		{"a （b OR c）", "a (b OR c)", ""},
		{"-a", "-a", ""},
		{"scope:sentence", "scope:sentence", ""},
		{"a scope:sentence OR b", "a OR b scope:sentence", ""},
		{"scope:SENTENCE a b", "a b scope:sentence", ""},
		{"a scope:sentence scope:article", "a", ""},
		{"a OR b scope:sentence", "a OR b scope:sentence", ""},
		{"--a", "a", ""},
		{"a -b", "a -b", ""},
		{"a - b", "a b", ""},
		{"a NOT b", "a -b", ""},
		{"NOT NOT b", "b", ""},
		{"−a –b －c", "-a -b -c", ""},
		{"-(a b)", "-(a b)", ""},
		{"-(-a)", "a", ""},
		{"a OR -b", "a OR -b", ""},
		{"covid-19", "covid-19", ""},
		{"中国 -美国", "中国 -美国", ""},
		{"中国-美国", "中国-美国", ""},
		{`"prime minister"`, `"prime minister"`, ""},
		{`“prime minister”`, `"prime minister"`, ""},
		{`„Guten Tag“ «à lire» 「東京都」 ＂x＂`, `"Guten Tag" "à lire" "東京都" "x"`, ""},
		{`-"prime minister"`, `-"prime minister"`, ""},
		{`foo"bar"`, `foo "bar"`, ""},
		{"flood*", "flood*", ""},
		{"flo＊", "flo*", ""},
		{"洪*", "洪", ""},
		{"flood***", "flood*", ""},
		{"title:flood", "title:flood", ""},
		{"Title：flood", "title:flood", ""},
		{"title: flood", "title:flood", ""},
		{`title:"big flood" -title:x`, `title:"big flood" -title:x`, ""},
		{"title:(flood OR -storm*)", "title:flood OR -title:storm*", ""},
		{"lang:(ID OR pt_BR)", "lang:id OR lang:pt-br", ""},
		{`lang:English OR lang:inggris OR lang:"Bahasa Indonesia" OR lang:Русский OR lang:中文`, "lang:en OR lang:en OR lang:id OR lang:ru OR lang:zh", ""},
		{`person:"Rano Wirya"`, `person:"Rano Wirya"`, ""},
		{"person:«Rano Wirya»", `person:"Rano Wirya"`, ""},
		{"person:Wirya", "person:Wirya", ""},
		{"outlet:marlow-herald.example", "outlet:marlow-herald.example", ""},
		{"outlet:https://x.example/a?b", `outlet:"https://x.example/a?b"`, ""},
		{"place:São org:ONU kind:Opinion has:change", "place:São org:ONU kind:opinion has:change", ""},
		{"after:2024 before:2024-02 after:2024-01-31", "after:2024 before:2024-02 after:2024-01-31", ""},
		{"after:۲۰۲۴-۰۱ before:24.01.2024", "after:2024-01 before:2024-01-24", ""},
		{"figure:killed", "figure:killed", ""},
		{"figure:killed>=10", "figure:killed>=10", ""},
		{"figure:killed >= 1,000", "figure:killed>=1000", ""},
		{"figure:Killed ≥1.000 x", "figure:killed>=1000 x", ""},
		{"figure:money<2.5", "figure:money<2.5", ""},
		{"figure:money<2.1250", "figure:money<2.1250", ""},
		{"figure:killed=10..20", "figure:killed=10..20", ""},
		{"figure:killed:10…20", "figure:killed=10..20", ""},
		{"figure:killed=10", "figure:killed=10", ""},
		{"figure:>5 -figure:injured<=۳", "figure:>5 -figure:injured<=3", ""},
		{"figure:killed 10", "figure:killed 10", ""},
		{"figure:killed=20..10", "figure:killed=10..20", "the greater number came first; taken the other way round"},
		{"https://x.example/a", "https://x.example/a", ""},
		{"10:30", "10:30", ""},
		{"covid:deaths", "covid:deaths", "covid: is no field; looked for as words"},
		{"minister: no", "minister: no", "minister: is no field; looked for as words"},
		{"... & – ¿", "", ""},
		{`"..."`, "", "there is no word in the quotes; passed over"},
		{`a "b c`, `a "b c"`, "the quote is never closed; taken to close at the end"},
		{`a "`, `a`, "the quote is never closed; taken to close at the end | there is no word in the quotes; passed over"},
		{"(a b", "a b", "the bracket is never closed; taken to close at the end"},
		{"a) b", "a b", "the bracket closes nothing; passed over"},
		{"OR a", "a", "OR has nothing before it; passed over"},
		{"a OR", "a", "OR has nothing behind it; passed over"},
		{"a OR OR b", "a OR b", "OR has nothing before it; passed over"},
		{"()", "", ""},
		{"-", "", ""},
	} {
		q, err := Parse(c.query)
		if err != nil {
			t.Errorf("%q: %v", c.query, err)
			continue
		}
		if d := cmp.Diff(c.want, q.String()); d != "" {
			t.Errorf("%q: (- want, + got)\n%s", c.query, d)
		}
		var notes []string
		for _, n := range q.Notes {
			notes = append(notes, n.Text)
		}
		if d := cmp.Diff(c.notes, strings.Join(notes, " | ")); d != "" {
			t.Errorf("%q: notes (- want, + got)\n%s", c.query, d)
		}
	}
}

func TestNotesSayWhere(t *testing.T) {
	for _, c := range []struct{ query, part string }{
		{"x （a b", "（"},
		{"a ） b", "）"},
		{"a OR", "OR"},
		{"a |", "|"},
		{"x «a b", "«"},
		{"x covid:deaths y", "covid:deaths"},
		{"x figure:killed = 20..10 y", "figure:killed = 20..10"},
	} {
		q, err := Parse(c.query)
		if err != nil || len(q.Notes) != 1 {
			t.Errorf("%q: %v, %+v", c.query, err, q)
			continue
		}
		if n := q.Notes[0]; c.query[n.Start:n.End] != c.part {
			t.Errorf("%q: at %q, want %q", c.query, c.query[n.Start:n.End], c.part)
		}
	}
}

func TestParseTree(t *testing.T) {
	q, err := Parse(`flood* title:"big storm" -(outlet:x.example OR figure:killed>=10) before:2024-02 figure:injured=1..2`)
	if err != nil {
		t.Fatal(err)
	}
	want := And{
		Word{Text: "flood", Prefix: true},
		Phrase{FieldTitle, "big storm"},
		Not{Or{Is{FieldOutlet, "x.example"}, Figure{What: "killed", Min: 10, Max: math.Inf(1)}}},
		Published{Before: true, Date: lang.Date{Year: 2024, Month: 2}},
		Figure{What: "injured", Min: 1, Max: 2},
	}
	if d := cmp.Diff(Node(want), q.Root); d != "" {
		t.Errorf("(- want, + got)\n%s", d)
	}
}

func TestParseMistakes(t *testing.T) {
	for _, c := range []struct{ query, part, want string }{
		{"a outlt:x", "outlt:x", "did you mean outlet:?"},
		{"site:x.example", "site:x.example", "did you mean outlet:?"},
		{"since:2024", "since:2024", "did you mean after:?"},
		{"after:soon", "after:soon", "is no date; write it as after:2024"},
		{"after:2024-13", "after:2024-13", "is no date"},
		{"x after:2024-01-01T10:00 y", "after:2024-01-01T10:00", "is no date"},
		{"title:", "title:", "nothing behind it"},
		{"(title: )", "title: ", "nothing behind it"},
		{"person:...", "person:...", `write it as person:"Rano Wirya"`},
		{"has:chagne", "has:chagne", "did you mean has:change?"},
		{"has:nothing", "has:nothing", "is not known; write it as has:change, has:date"},
		{"kind:opinoin", "kind:opinoin", "did you mean kind:opinion?"},
		{"lang:ру", "lang:ру", "is no language's tag or name"},
		{"lang:englisch OR lang:Engish", "lang:Engish", "did you mean lang:english?"},
		{"figure:kiled>3", "figure:kiled>3", "did you mean figure:killed?"},
		{"figure:wolves", "figure:wolves", "figures are killed, injured"},
		{"figure:killed>", "figure:killed>", "is no figure"},
		{"figure:killed>ten", "figure:killed>ten", "is no figure"},
		{"figure:killed=5..", "figure:killed=5..", "no number behind the dots"},
		{"figure:killed>=1e9", "figure:killed>=1e9", "is no figure"},
		{"figure:killed>=nan", "figure:killed>=nan", "is no figure"},
		{"fl*", "fl*", "needs 3 letters"},
		{"a\xff", "a\xff", "UTF-8"},
		{strings.Repeat("a ", 33), "a", "at most 32"},
		{`"` + strings.Repeat("a ", 65) + `"`, `"` + strings.Repeat("a ", 65) + `"`, "at most 64"},
		{strings.Repeat("x", 4097), strings.Repeat("x", 4097), "at most 4096"},
		{strings.Repeat("(", 33) + "x", "(", "more than 32 deep"},
		{strings.Repeat("-(", 1000), "(", "more than 32 deep"},
	} {
		q, err := Parse(c.query)
		var m *Mistake
		if !errors.As(err, &m) || !errors.Is(err, dateline.ErrInvalid) || !strings.Contains(err.Error(), c.want) || q != nil {
			t.Errorf("%.60q: %v, want %q", c.query, err, c.want)
			continue
		}
		if part := c.query[m.Start:m.End]; part != c.part {
			t.Errorf("%.60q: at %.60q, want %.60q", c.query, part, c.part)
		}
	}
}

// TestCodes sees that each note and mistake has a code that is in the table, and
// that its text has all of its arguments filled in.
func TestCodes(t *testing.T) {
	code := regexp.MustCompile(`(?:say|note|wrong|bad)\([^"\n]*"([a-z-]+)"`)
	used := map[string]bool{}
	for _, file := range []string{"parse.go", "value.go", "absent.go"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = true
		}
	}
	if d := cmp.Diff(Codes(), slices.Sorted(maps.Keys(used))); d != "" {
		t.Errorf("codes that have texts, and those used: (-, +)\n%s", d)
	}
	for _, query := range []string{"a outlt:x", "after:soon", "has:nothing", "has:chagne", "figure:wolves", "fl*", "title:", "x covid:deaths"} {
		q, err := Parse(query)
		var m *Mistake
		if !errors.As(err, &m) {
			m = (*Mistake)(&q.Notes[0])
		}
		if said[m.Code] == "" || strings.Contains(m.Text, "{") || strings.Count(said[m.Code], "{") != len(m.Args) {
			t.Errorf("%s: %+v", query, m)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`a OR b -"c d" (e* | title:f)`, `person:"x y" after:2024-01 figure:killed >= 1.000`, "((((-(", `"«`, "title:(lang:id OR x", "中国* -“美国”", "figure:money=2.125..3", "a：b NOT OR | AND", "（x |", "--−x title:-y title:OR", "scope:sentence -(scope:sentence", "a OR scope:sentence",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := Parse(query)
		if err != nil {
			var m *Mistake
			if !errors.As(err, &m) || m.Start < 0 || m.Start > m.End || m.End > len(query) {
				t.Fatalf("%q: %#v", query, err)
			}
			return
		}
		for _, n := range q.Notes {
			if n.Start < 0 || n.Start >= n.End || n.End > len(query) || n.Text == "" || !utf8.ValidString(query[n.Start:n.End]) {
				t.Fatalf("%q: note %+v", query, n)
			}
		}
		s := q.String()
		if len(s) > maxQuery {
			return
		}
		again, err := Parse(s)
		if err != nil {
			t.Fatalf("%q is %q: %v", query, s, err)
		}
		if q.Sentence != again.Sentence {
			t.Fatalf("%q is %q, of another scope", query, s)
		}
		if d := cmp.Diff(q.Root, again.Root); d != "" {
			t.Fatalf("%q is %q, which is another: (- first, + second)\n%s", query, s, d)
		}
	})
}
