package quotes

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/internal/cputime"
	"dateline/lang"
)

// article is a text of about 4,000 characters as news has them: tags, clauses,
// quotations of several sentences, and text that nobody says.
func article() string {
	const part = `Mayor Elena Brook opened the new bridge over the Lenn on Tuesday, two years after the old one fell. “We will not wait for the rains again,” she said. “The town has waited long enough, and so have the farmers.”

Paul Ende, a spokesman for the water board, said the dam above the town was safe, although cracks had been seen in March. According to the board, the level stood at 41 metres on Monday. Officials told reporters that no one had to leave.

The company, which built both bridges, denied that it had been paid twice. "There is nothing in it," its director told the council, adding that the books were open. The council's members voted seven to four to see them.

Trucks crossed in the afternoon. Children from both banks had painted the railings, and a band played until the rain began. The market stayed open until nine.

`
	return strings.Repeat(part, 4)
}

func runner() *annotate.Runner { return annotate.New(lang.Builtin(), New()) }

// TestBadLines tells of a bad line with its file and number, and uses the rest.
func TestBadLines(t *testing.T) {
	packs, err := lang.LoadPacks(fstest.MapFS{
		"qq/pack.tsv":   {Data: []byte("tag\tqq\nname\tQ\nscript\tLatn\n")},
		"qq/speech.tsv": {Data: []byte("verb\tq!\tsaid\nverb\tqc\tspoke\nnothing\t-\tx\norder\tsideways\nverb\tq\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := New()
	err = a.Check(packs.Pack("qq"))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`qq/speech.tsv:1: verb: unknown letter '!'`, `qq/speech.tsv:3: unknown class "nothing"`, `qq/speech.tsv:4: order "sideways"`, "qq/speech.tsv:5: verb: no words"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not name %q", err, want)
		}
	}
	marks, _, err := annotate.New(packs, a).Annotate(annotate.Input{Language: "qq", Text: "Ann Field spoke that it rains."})
	if err != nil || len(marks) != 0 {
		t.Errorf("got %d marks, %v; want none without a word for that", len(marks), err)
	}
	marks, _, err = annotate.New(packs, a).Annotate(annotate.Input{Language: "qq", Text: `"It rains," Ann Field spoke.`})
	if err != nil || len(marks) != 1 {
		t.Errorf("got %d marks, %v; want one", len(marks), err)
	}
}

// TestFindQuoted pairs quotation marks.
func TestFindQuoted(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{`He said "yes" and "no".`, []string{"yes", "no"}},
		{`“One ‘two’ three.”`, []string{"One ‘two’ three."}},
		{`''We're here,'' he said.`, []string{"We're here,"}},
		{`„Ja“, sagt er. »Nein«, sagt sie. «Oui» et « non »`, []string{"Ja", "Nein", "Oui", "non"}},
		{`”Ja”, hän sanoi.`, []string{"Ja"}},
		{`「行く」と言った。`, []string{"行く"}},
		{`the farmers' union and the '90s`, nil},
		{`'Do the farmers' sons know?' he asked.`, []string{"Do the farmers' sons know?"}},
		{"“First.\n\n“Second.” Third", []string{"First.\n\n“Second."}},
		{"He has a 12\" board and left", nil},
		{"\"lost the end\n\nNext paragraph", nil},
		{`""`, nil},
		{`(“so”)`, []string{"so"}},
	} {
		tokens := (*lang.Pack)(nil).Tokens(c.text)
		var got []string
		for _, q := range findQuoted(c.text, tokens) {
			got = append(got, c.text[q.start:q.end])
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: got %q, want %q", c.text, got, c.want)
		}
	}
}

// huge are texts that are bad for what looks ahead or back.
func huge(n int) map[string]string {
	fill := func(s string) string { return strings.Repeat(s, n/len(s)+1)[:n] }
	return map[string]string{
		"no end":   fill("he said that the man said so "),
		"quotes":   fill("\" ' “ ” „ « » "),
		"opening":  fill("“a "),
		"tags":     fill("\"a,\" he said. "),
		"verbs":    fill("said "),
		"commas":   fill(", he said , "),
		"numbers":  fill("12,345 "),
		"brackets": fill("( he ) said "),
		"capitals": fill("Ann Field and Bob Mill "),
		"sources":  fill("according to "),
		"singles":  fill("'a b' c's "),
		"dashes":   fill("— a — he said "),
		"colons":   fill("he said: "),
	}
}

// TestLinear states that eight times the text takes about eight times as long.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	r := runner()
	cost := func(text string) time.Duration {
		best := time.Hour
		for range 3 {
			start := cputime.Used()
			if _, _, err := r.Annotate(annotate.Input{Language: "en", Text: text}); err != nil {
				t.Fatal(err)
			}
			best = min(best, cputime.Used()-start)
		}
		return best
	}
	small, large := huge(64<<10), huge(512<<10)
	for name := range small {
		s, l := cost(small[name]), cost(large[name])
		if l > 24*s && l > 500*time.Millisecond {
			t.Errorf("%s: 64 KB took %v, 512 KB %v", name, s, l)
		}
	}
}

// FuzzAnnotate states that marks are valid whatever the text, and the same
// when made twice.
func FuzzAnnotate(f *testing.F) {
	for _, s := range huge(200) {
		f.Add(s, 0)
	}
	f.Add(article()[:900], 1)
	f.Add("«Да, — сказал Иван Петров, — нет».\n\n— Да, — сказал он.", 2)
	f.Add(`"Yes," said X. "No." 'So`+"\u200c\u2029"+`”„`, 3)
	r := runner()
	tags := lang.Builtin().Tags()
	f.Fuzz(func(t *testing.T, text string, k int) {
		text = strings.ToValidUTF8(text, "\uFFFD") // as what articles are read from is
		in := annotate.Input{Title: text, Text: text, Language: tags[(k%len(tags)+len(tags))%len(tags)]}
		a, _, err := r.Annotate(in)
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := r.Annotate(in)
		if err != nil || strings.Join(annotate.Describe(text, text, a), "\n") != strings.Join(annotate.Describe(text, text, b), "\n") {
			t.Fatalf("twice is not the same: %v", err)
		}
		for _, m := range a {
			v := m.Value.(*dateline.Quotation)
			if v.Content[0] < m.Start || v.Content[1] > m.End {
				t.Fatalf("content %v outside its mark %d-%d", v.Content, m.Start, m.End)
			}
		}
	})
}

func BenchmarkAnnotate(b *testing.B) {
	text := article()
	pack := lang.Builtin().Pack("en")
	a := New()
	tokens := pack.Tokens(text)
	sentences := pack.Sentences(text, tokens)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		d := &annotate.Document{Pack: pack}
		d.Parts = []*annotate.Part{{Text: text, Tokens: tokens, Sentences: sentences}}
		a.Annotate(d)
	}
}
