package diff_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/annotate/standard"
	"dateline/diff"
	"dateline/internal/golden"
	"dateline/lang"
)

// TestCases compares the versions in testdata/*.txtar. Sections old and new
// begin with lines as "title: ...", then a blank line and the text; want has
// the edits of headline and text ("-" removed, "+" added, three dots for what
// is the same) and the summary behind "=".
func TestCases(t *testing.T) {
	packs := lang.Builtin()
	runner := standard.New(packs)
	golden.Run(t, "testdata", "want", func(t *testing.T, c *golden.Case) string {
		version := func(name string) *dateline.Article {
			s, ok := c.File(name)
			if !ok {
				t.Fatalf("the case has no section %s", name)
			}
			a := parse(t, s)
			var err error
			if a.Annotations, _, err = runner.Annotate(annotate.InputOf(a, "")); err != nil {
				t.Fatal(err)
			}
			return a
		}
		old, new := version("old"), version("new")
		got := diff.Versions(old, new, packs)
		check(t, old.Title, new.Title, got.Title)
		check(t, old.Text, new.Text, got.Text)
		if same := diff.Versions(old, old, packs); !same.Empty() || same.Summary() != nil {
			t.Errorf("a version differs from itself: %q", same.Summary())
		}
		var b strings.Builder
		dump(&b, "title ", old.Title, new.Title, got.Title)
		dump(&b, "", old.Text, new.Text, got.Text)
		for _, line := range got.Summary() {
			fmt.Fprintf(&b, "= %s\n", line)
		}
		return b.String()
	})
}

func parse(t *testing.T, s string) *dateline.Article {
	a := &dateline.Article{}
	head, text, ok := strings.Cut(s, "\n\n")
	if !ok {
		t.Fatalf("no blank line behind the head of %q", s)
	}
	a.Text = strings.TrimSuffix(text, "\n")
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "language":
			a.Language = value
		case "title":
			a.Title = value
		case "published":
			a.Published = value
		case "modified":
			a.Modified = value
		case "authors":
			a.Authors = strings.Split(value, ", ")
		case "correction":
			a.Corrections = append(a.Corrections, value)
		case "access":
			a.Access = dateline.Access(value)
		default:
			t.Fatalf("what is %q?", line)
		}
	}
	return a
}

func dump(b *strings.Builder, head, old, new string, edits []diff.Edit) {
	for _, e := range edits {
		switch e.Op {
		case diff.Same:
			fmt.Fprintf(b, "%s  ...\n", head)
		case diff.Removed:
			fmt.Fprintf(b, "%s- %q\n", head, old[e.Old[0]:e.Old[1]])
		case diff.Added:
			fmt.Fprintf(b, "%s+ %q\n", head, new[e.New[0]:e.New[1]])
		}
	}
}

// check applies the edits, and tells where they are not what [diff.Edit] says
// of them.
func check(t *testing.T, old, new string, edits []diff.Edit) {
	t.Helper()
	if edits == nil {
		if old != new {
			t.Errorf("no edits between %q and %q", old, new)
		}
		return
	}
	var made strings.Builder
	o, n := 0, 0
	for i, e := range edits {
		if e.Old[0] != o || e.New[0] != n || e.Old[1] < o || e.New[1] < n {
			t.Fatalf("edit %d is %+v, behind %d, %d", i, e, o, n)
		}
		o, n = e.Old[1], e.New[1]
		switch e.Op {
		case diff.Same:
			if old[e.Old[0]:o] != new[e.New[0]:n] || o == e.Old[0] {
				t.Errorf("edit %d: %q is not %q", i, old[e.Old[0]:o], new[e.New[0]:n])
			}
			made.WriteString(old[e.Old[0]:o])
		case diff.Removed:
			if e.New[0] != n || o == e.Old[0] {
				t.Errorf("edit %d: %+v removes and has %q", i, e, new[e.New[0]:n])
			}
		case diff.Added:
			if e.Old[0] != o || n == e.New[0] {
				t.Errorf("edit %d: %+v adds and has %q", i, e, old[e.Old[0]:o])
			}
			made.WriteString(new[e.New[0]:n])
		}
		if i > 0 && (edits[i-1].Op == e.Op || edits[i-1].Op == diff.Added && e.Op == diff.Removed) {
			t.Errorf("edit %d: %d stands behind %d", i, e.Op, edits[i-1].Op)
		}
	}
	if o != len(old) || made.String() != new {
		t.Errorf("the edits make %q of %q, want %q", made.String(), old, new)
	}
}

// FuzzVersions: the edits of any two texts make the second of the first.
func FuzzVersions(f *testing.F) {
	f.Add("A b. C d.\n\nE f.", "A b. X. C d.\n\nE g.", "")
	f.Add("a a a a", "a a", "xx")
	f.Add(" \n", "\u200d a", "")
	f.Add("\xffa\xc3", "\xc3\xff", "")
	packs := lang.Builtin()
	tags := lang.Languages()
	f.Fuzz(func(t *testing.T, old, new, tag string) {
		a := &dateline.Article{Title: new, Text: old, Language: tag}
		if tag != "" {
			a.Language = tags[len(tag)*int(tag[0])%len(tags)]
		}
		b := &dateline.Article{Title: old, Text: new, Language: a.Language}
		got := diff.Versions(a, b, packs)
		check(t, a.Title, b.Title, got.Title)
		check(t, a.Text, b.Text, got.Text)
	})
}

// TestRandomEdits makes versions by taking out, putting in and moving words.
func TestRandomEdits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("the river rose , fell . The mayor said “ more rain ” would come to 41 homes .\n\n We saw")
	packs := lang.Builtin()
	for range 2000 {
		var a []string
		for range r.IntN(40) {
			a = append(a, words[r.IntN(len(words))])
		}
		b := append([]string(nil), a...)
		for range r.IntN(6) {
			i := r.IntN(len(b) + 1)
			switch r.IntN(3) {
			case 0:
				b = append(b[:i:i], append([]string{words[r.IntN(len(words))]}, b[i:]...)...)
			case 1:
				b = append(b[:i:i], b[min(len(b), i+r.IntN(4)):]...)
			case 2:
				b = append(b[i:len(b):len(b)], b[:i]...)
			}
		}
		old := &dateline.Article{Text: strings.Join(a, " ")}
		new := &dateline.Article{Text: strings.Join(b, []string{" ", "  ", "\n\n"}[r.IntN(3)])}
		check(t, old.Text, new.Text, diff.Versions(old, new, packs).Text)
		if t.Failed() {
			t.Fatalf("%q\n%q", old.Text, new.Text)
		}
	}
}

// TestBounded compares texts of a megabyte that are made to take long.
func TestBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func(words int, sep string) string {
		var b strings.Builder
		for b.Len() < 1<<20 {
			fmt.Fprintf(&b, "%x%s", r.IntN(words), sep)
		}
		return b.String()
	}
	repeat := func(s string) string { return strings.Repeat(s, (1<<20)/len(s)) }
	packs := lang.Builtin()
	for _, c := range []struct{ name, old, new string }{
		{"repeats", repeat("a "), repeat("a b ")},
		{"two words", random(2, " "), random(2, " ")},
		{"many words", random(1000, " "), random(1000, " ")},
		{"sentences", random(50, ". "), random(50, ". ")},
		{"paragraphs", random(50, "\n\n"), random(50, "\n\n")},
		{"short paragraphs", repeat("a\n\n"), repeat("a\n\nb\n\n")},
		{"nothing in common", repeat("a b c "), repeat("x y z ")},
		{"no spaces", repeat("文字"), repeat("字文字")},
	} {
		t.Run(c.name, func(t *testing.T) {
			old, new := &dateline.Article{Text: c.old}, &dateline.Article{Text: c.new}
			start := time.Now()
			got := diff.Versions(old, new, packs)
			t.Logf("%v, %d edits", time.Since(start), len(got.Text))
			// A second is what it takes at most on a machine that does nothing
			// else; ten tell quadratic time all the same.
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("it took %v", d)
			}
			check(t, c.old, c.new, got.Text)
		})
	}
}

// TestManyMarks compares versions with more marks than any article has, all
// in one long sentence, where every one is another.
func TestManyMarks(t *testing.T) {
	make := func(from float64) *dateline.Article {
		a := &dateline.Article{Text: strings.Repeat("so many words of all sorts ", 40000)}
		end := len(a.Text)
		for i := range 20000 {
			n := from + float64(i)
			at := i * 27
			add := func(kind dateline.AnnotationKind, v dateline.Value) {
				a.Annotations = append(a.Annotations, &dateline.Annotation{Kind: kind, Start: at, End: at + 20, Sentence: [2]int{0, end}, Value: v})
			}
			add(dateline.KindFigure, &dateline.Figure{What: "killed", Min: &n})
			add(dateline.KindPerson, &dateline.Person{Name: fmt.Sprint("Ada ", n)})
			if i < 100 {
				add(dateline.KindQuote, &dateline.Quotation{Content: [2]int{at, end - int(from)}})
			}
		}
		return a
	}
	old, new := make(0), make(1e6)
	new.Text = "And " + new.Text[:len(new.Text)-10]
	for _, m := range new.Annotations {
		m.Sentence[1] = len(new.Text)
		if v, ok := m.Value.(*dateline.Quotation); ok {
			v.Content[1] = len(new.Text) - 3
		}
	}
	start := time.Now()
	c := diff.Versions(old, new, lang.Builtin())
	t.Logf("%v, %d marks", time.Since(start), len(c.Marks))
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("it took %v", d)
	}
	if len(c.Marks) < 80000 {
		t.Errorf("%d marks changed, of 20,000 figures and names in each all did", len(c.Marks))
	}
}

// TestBareMarks compares marks that say nothing: it must not fail on them.
func TestBareMarks(t *testing.T) {
	a := &dateline.Article{Text: "abc", Annotations: []*dateline.Annotation{
		{Kind: dateline.KindFigure, End: 1, Value: &dateline.Figure{}},
		{Kind: dateline.KindQuote, End: 1, Value: &dateline.Quotation{}},
		{Kind: dateline.KindPerson, End: 1, Value: &dateline.Person{}},
		{Kind: dateline.KindPlace, End: 1, Value: &dateline.Place{}},
	}}
	b := &dateline.Article{Text: "x"}
	for _, c := range [][2]*dateline.Article{{a, b}, {b, a}} {
		// A name that is none is nobody's.
		if got := len(diff.Versions(c[0], c[1], lang.Builtin()).Marks); got != 2 {
			t.Errorf("%d marks changed, want the figure and the quotation", got)
		}
	}
}

func BenchmarkVersions(b *testing.B) {
	packs := lang.Builtin()
	runner := standard.New(packs)
	paragraph := "Rescuers in the valley of Orrin said on Tuesday that 41 people were killed and at least %d injured when the dam above Lower Marl gave way. “We are still looking for those who were in the houses by the river,” said Mayor Ada Quill of the town of Marl. "
	var text strings.Builder
	for i := 0; text.Len() < 5000; i++ {
		fmt.Fprintf(&text, paragraph+"\n\n", 100+i)
	}
	old := &dateline.Article{Text: text.String(), Title: "Dam gives way above Lower Marl"}
	new := &dateline.Article{Text: strings.Replace(text.String(), "41 people were killed and at least 105", "52 people have now been killed and more than 110", 1), Title: old.Title}
	for _, a := range []*dateline.Article{old, new} {
		var err error
		if a.Annotations, a.Language, err = runner.Annotate(annotate.InputOf(a, "2026-01-01")); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(old.Text)))
	b.ReportAllocs()
	for b.Loop() {
		diff.Versions(old, new, packs)
	}
}
