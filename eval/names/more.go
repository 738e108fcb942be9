package main

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/annotate/names"
	"dateline/lang"
)

// The corpora are small. What a sentence teaches is multiplied in two ways,
// which are as true as the sentence is: its end, from some word on, is written
// as a sentence of its own (cuts), and its names are changed for others
// (swaps). The first teaches which words are only the beginnings of sentences,
// the second to go by what stands around a name.

// lessons are what a model is learnt from: texts of the corpora and our own. A
// language's own model has more made of the corpora's texts in it; tag is empty
// for the model of all others. For them nothing is: the English corpus is of
// the web, and more of it drowns our sentences, which are of news.
func lessons(corpora, own []text, tag string) []example {
	a := names.New()
	list := append(examples(a, corpora), examples(a, own)...)
	if tag == "" {
		return list
	}
	var of []text
	for _, t := range corpora {
		if t.Lang == tag {
			of = append(of, t)
		}
	}
	list = append(list, cuts(a, of)...)
	return append(list, examples(a, swaps(of))...)
}

// cutsOf is at how many words in lower case a sentence is cut. It is cut at all
// its names as well, or what begins a sentence would seldom be one.
const cutsOf = 4

// cuts are the first runs of sentences that were cut: the others would be there
// twice.
func cuts(a *names.Annotator, texts []text) []example {
	random := rand.New(rand.NewPCG(5, 6))
	var out []example
	for _, t := range texts {
		var at []int
		tokens := lang.Builtin().Pack(t.Lang).Tokens(t.Text)
		for i, k := range tokens {
			if i > 0 && k.Kind == lang.Word && k.Case == lang.Lower && tokens[i-1].Kind == lang.Word && !t.named(k.Start, k.End) {
				at = append(at, k.Start)
			}
		}
		random.Shuffle(len(at), func(i, j int) { at[i], at[j] = at[j], at[i] })
		at = at[:min(len(at), cutsOf)]
		for _, s := range t.Spans {
			if kinds[s.Type] != 0 && s.Start > 0 {
				at = append(at, s.Start)
			}
		}
		for _, k := range at {
			if list := examples(a, []text{t.from(k)}); len(list) > 0 && list[0].Spans[0][0] == 0 {
				out = append(out, list[0])
			}
		}
	}
	return out
}

// named tells whether bytes [start, end) are of a name.
func (t *text) named(start, end int) bool {
	for _, s := range t.Spans {
		if s.Start < end && start < s.End {
			return true
		}
	}
	return false
}

// from is the text from a byte on, its first letter a capital.
func (t *text) from(at int) text {
	r, n := utf8.DecodeRuneInString(t.Text[at:])
	out := text{ID: t.ID, Lang: t.Lang, Text: string(unicode.ToUpper(r)) + t.Text[at+n:]}
	shift := len(out.Text) - len(t.Text)
	for _, s := range t.Spans {
		if s.Start >= at {
			s.Start += shift
			s.End += shift
			out.Spans = append(out.Spans, s)
		}
	}
	return out
}

// form is names that may stand for each other.
type form struct {
	lang, kind string
	words      int // 0 for letters: "KPU"
}

func formOf(t *text, s *span) form {
	f := form{t.Lang, s.Type, min(strings.Count(s.Text, " ")+1, 4)}
	if f.words == 1 && strings.ToUpper(s.Text) == s.Text {
		f.words = 0
	}
	return f
}

// swaps are the texts with other names in the places of theirs: half of them
// those of other texts, half made up.
func swaps(texts []text) []text {
	random := rand.New(rand.NewPCG(7, 8))
	others := map[form][]string{}
	writers := map[string]*writer{}
	for i := range texts {
		t := &texts[i]
		for k := range t.Spans {
			f := formOf(t, &t.Spans[k])
			others[f] = append(others[f], t.Spans[k].Text)
		}
		if writers[t.Lang] == nil {
			writers[t.Lang] = newWriter(t.Lang)
		}
	}
	var out []text
	for i := range texts {
		t := &texts[i]
		x := text{ID: t.ID, Lang: t.Lang}
		var b strings.Builder
		at := 0
		for k := range t.Spans {
			s := &t.Spans[k]
			if kinds[s.Type] == 0 || s.Start < at {
				continue
			}
			b.WriteString(t.Text[at:s.Start])
			at = s.End
			f := formOf(t, s)
			name := others[f][random.IntN(len(others[f]))]
			if random.IntN(2) == 0 {
				if made := writers[t.Lang].like(f); made != "" {
					name = made
				}
			}
			x.Spans = append(x.Spans, span{b.Len(), b.Len() + len(name), name, s.Type})
			b.WriteString(name)
		}
		if at == 0 {
			continue
		}
		b.WriteString(t.Text[at:])
		x.Text = b.String()
		out = append(out, x)
	}
	return out
}

// like makes up a name of a form; it is empty where none is made up.
func (w *writer) like(f form) string {
	switch {
	case f.kind == "PER" && f.words == 1:
		return w.name('N')
	case f.kind == "PER" && f.words == 2:
		return w.name('P')
	case f.kind == "ORG" && f.words == 0:
		return w.name('A')
	case f.words == 1:
		return w.invent()
	}
	return ""
}
