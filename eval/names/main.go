// Command names learns the models of annotate/names, and measures them.
//
//	go run ./eval/names train      learn annotate/names/models again
//	go run ./eval/names cross      cross-validate on what it is learnt from
//	go run ./eval/names score      score what is built in on the gold data
//
// It learns from two public corpora, which are not part of the project (-gold
// names their folder): IDNER-NEWS-2K (MIT) and the development part of
// UNER English-EWT (CC BY-SA 4.0); and from texts of our own in
// eval/names/own. The same corpora give the same weights.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"unicode"
	"unicode/utf8"

	"dateline/annotate/names"
	"dateline/lang"
)

func main() {
	gold := flag.String("gold", "../shared/eval/annotate/names", "folder of the gold data")
	out := flag.String("o", "annotate/names/models", "folder where train writes the models")
	var o options
	flag.IntVar(&o.epochs, "epochs", 30, "rounds of learning")
	flag.Float64Var(&o.l2, "l2", 0.001, "how strongly weights are held back")
	flag.Float64Var(&o.rate, "rate", 0.1, "how fast weights move")
	flag.IntVar(&o.most, "most", 98000, "how many features the model of every language has, one's own twice as many: three quarters of a power of two fill its table")
	flag.IntVar(&o.times, "times", 8, "how often it is learnt, for the average")
	flag.IntVar(&o.seen, "seen", 1, "how often a feature must be seen")
	flag.Float64Var(&o.drop, "drop", 0.6, "share of features left out at each step of learning")
	flag.BoolVar(&o.verbose, "v", false, "print each error")
	flag.StringVar(&o.only, "only", "", "score only this corpus; learn only this model")
	flag.Parse()
	if err := run(flag.Arg(0), *gold, *out, o); err != nil {
		fmt.Fprintln(os.Stderr, "names:", err)
		os.Exit(1)
	}
}

type options struct {
	epochs, seen int
	times        int
	drop         float64
	l2, rate     float64
	most         int
	verbose      bool
	only         string
}

// text is a text of a corpus with the names in it.
type text struct {
	ID    string `json:"id"`
	Lang  string `json:"lang"`
	Text  string `json:"text"`
	Spans []span `json:"spans"`
}

type span struct {
	Start int    `json:"start"` // code points; bytes once read
	End   int    `json:"end"`
	Text  string `json:"text"`
	Type  string `json:"type"`
}

func run(what, gold, out string, o options) error {
	switch what {
	case "train":
		texts, err := corpora(gold)
		if err != nil {
			return err
		}
		own, err := ownTexts(fills)
		if err != nil {
			return err
		}
		for _, tag := range ownModels {
			name := cmp.Or(tag, "any")
			if o.only != "" && o.only != name {
				continue
			}
			data := learnFor(tag, texts, own, o)
			fmt.Printf("%s: %d bytes\n", name, len(data))
			if err := os.WriteFile(filepath.Join(out, name+".bin"), data, 0o644); err != nil {
				return err
			}
		}
		return nil
	case "cross":
		return cross(gold, o)
	case "score":
		return score(gold, o)
	}
	return errors.New("say what to do: train, cross or score")
}

func read(file string) ([]text, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []text
	in := bufio.NewScanner(f)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var t text
		if err := json.Unmarshal(in.Bytes(), &t); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		at := make([]int, 0, len(t.Text)+1)
		for i := range t.Text {
			at = append(at, i)
		}
		at = append(at, len(t.Text))
		for i, s := range t.Spans {
			t.Spans[i].Start, t.Spans[i].End = at[s.Start], at[s.End]
		}
		list = append(list, t)
	}
	return list, in.Err()
}

// example is a run of tokens with their labels.
type example struct {
	names.Example
	labels []uint8
}

var kinds = map[string]uint8{"PER": 1, "ORG": 3, "LOC": 5}

// examples are the runs of texts. Signs at the edges of the corpora's names do
// not belong to them here.
func examples(a *names.Annotator, texts []text) []example {
	var list []example
	for _, t := range texts {
		p := lang.Builtin().Pack(t.Lang)
		for _, e := range a.Examples(p, t.Text) {
			x := example{e, make([]uint8, len(e.Spans))}
			for _, s := range t.Spans {
				k := kinds[s.Type]
				if k == 0 {
					continue
				}
				inside := false
				for i, b := range e.Spans {
					if b[0] < s.Start || b[1] > s.End {
						inside = false
						continue
					}
					r, _ := utf8.DecodeRuneInString(t.Text[b[0]:])
					if !inside && (r == '(' || r == '-' || r == '"' || k != 1 && unicode.IsLower(r)) {
						continue
					}
					x.labels[i] = k
					if inside {
						x.labels[i]++
					}
					inside = true
				}
			}
			list = append(list, x)
		}
	}
	return list
}

// corpora are the texts of those that are learnt from.
func corpora(gold string) ([]text, error) {
	var list []text
	for _, f := range learntFrom {
		texts, err := read(filepath.Join(gold, f))
		if err != nil {
			return nil, err
		}
		list = append(list, texts...)
	}
	return list, nil
}

// learnFor makes the bytes of a language's own model, or of that of every one.
func learnFor(tag string, texts, own []text, o options) []byte {
	most := o.most
	if tag != "" {
		most *= 2
	}
	return learn(lessons(texts, own, tag), o).encode(most)
}

// ownModels are the languages that have a model of their own, and "" for that
// of every other.
var ownModels = []string{"", "id"}

var learntFrom = []string{"idner-news-2k-train.jsonl", "uner-english-ewt-dev.jsonl"}
