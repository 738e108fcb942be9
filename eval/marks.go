package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/annotate"
	"dateline/annotate/standard"
	"dateline/lang"
)

// markCorpora are the gold texts of annotating, and how each is scored.
var markCorpora = []struct {
	name, file string
	score      func([]markedText) []row
}{
	{"timebank", "dates/tempeval3-en-train-timebank.jsonl", scoreDates},
	{"aquaint", "dates/tempeval3-en-train-aquaint.jsonl", scoreDates},
	{"wikiwars", "dates/wikiwars-en-train.jsonl", scoreDates},
	{"idner", "names/idner-news-2k-dev.jsonl", scoreBothNames},
	{"conll", "names/conll-en-dev.jsonl", scoreNames},
	{"lgl", "places/lgl.jsonl", scorePlaces},
	{"geowebnews", "places/geowebnews.jsonl", scorePlaces},
	{"polnear", "quotes/polnear-en-dev.jsonl", scoreQuotes},
	{"disaster", "figures/disaster-id.jsonl", scoreFigures},
}

// row is one line of a report: a measure of a corpus over n texts.
type row struct {
	corpus, measure string
	n               int
	value           float64
}

// markGold is one text of a gold corpus. Offsets are code points, as read.
type markGold struct {
	ID       json.RawMessage `json:"id"`
	Text     string          `json:"text"`
	Language string          `json:"lang"`
	Date     string          `json:"date"`
	DCT      string          `json:"dct"`
	Spans    []goldSpan      `json:"spans"`
	Figures  []goldSpan      `json:"figures"`

	Attributions []struct {
		Content []goldSpan `json:"content"`
		Source  []goldSpan `json:"source"`
	} `json:"attributions"`
}

type goldSpan struct {
	Start int      `json:"start"`
	End   int      `json:"end"`
	Text  string   `json:"text"`
	Type  string   `json:"type"`
	Role  string   `json:"role"`
	Value *string  `json:"value"`
	Lat   *float64 `json:"lat"`
	Lon   *float64 `json:"lon"`
}

// markedText is a gold text, its offsets in bytes now, and the marks made.
type markedText struct {
	*markGold
	marks []*dateline.Annotation
}

// loadMarks reads a corpus and turns its offsets into bytes.
func loadMarks(file string) ([]*markGold, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []*markGold
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		g := new(markGold)
		if err := json.Unmarshal(lines.Bytes(), g); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		g.inBytes()
		out = append(out, g)
	}
	return out, lines.Err()
}

func (g *markGold) inBytes() {
	if utf8.RuneCountInString(g.Text) == len(g.Text) {
		return
	}
	var at []int
	for i := range g.Text {
		at = append(at, i)
	}
	at = append(at, len(g.Text))
	turn := func(spans []goldSpan) {
		for i := range spans {
			s := &spans[i]
			s.Start, s.End = at[min(s.Start, len(at)-1)], at[min(s.End, len(at)-1)]
		}
	}
	turn(g.Spans)
	turn(g.Figures)
	for _, a := range g.Attributions {
		turn(a.Content)
		turn(a.Source)
	}
}

// scoreMarks annotates and scores the corpora of the folder.
func scoreMarks(folder, only, records string) ([]row, error) {
	var rows []row
	r := standard.New(lang.Builtin())
	for _, c := range markCorpora {
		if only != "" && c.name != only {
			continue
		}
		gold, err := loadMarks(filepath.Join(folder, filepath.FromSlash(c.file)))
		if err != nil {
			return nil, err
		}
		texts := make([]markedText, len(gold))
		errs := make([]error, len(gold))
		parallel(len(gold), func(i int) {
			g := gold[i]
			day := g.Date
			if day == "" {
				day = g.DCT
			}
			texts[i] = markedText{markGold: g}
			texts[i].marks, _, errs[i] = r.Annotate(annotate.Input{Text: g.Text, Language: g.Language, Published: day})
		})
		for i, err := range errs {
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", c.name, gold[i].ID, err)
			}
		}
		for _, m := range c.score(texts) {
			m.corpus, m.n = c.name, len(texts)
			rows = append(rows, m)
		}
		if records != "" {
			if err := writeMarks(filepath.Join(records, c.name+".jsonl"), texts); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// writeMarks writes what `dateline annotate` prints for the texts.
func writeMarks(file string, texts []markedText) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	enc := json.NewEncoder(f)
	enc.SetEscapeHTML(false)
	for _, t := range texts {
		if err := enc.Encode(struct {
			ID          json.RawMessage      `json:"id"`
			Annotations dateline.Annotations `json:"annotations"`
		}{t.ID, dateline.Annotations{Text: t.Text, List: t.marks}}); err != nil {
			return err
		}
	}
	return nil
}

// printMarks writes the measures of annotating beside the references and goals.
func printMarks(w io.Writer, rows []row) {
	peers := table(peersTSV)
	fmt.Fprintf(w, "\n%-16s %-16s %5s %7s   %22s %6s %6s\n", "corpus", "measure", "texts", "reached", "best known reference", "asked", "aim")
	for _, r := range rows {
		p := peers[[2]string{r.corpus, r.measure}]
		for len(p) < 4 {
			p = append(p, "")
		}
		mark := ""
		if aim, err := strconv.ParseFloat(p[3], 64); err == nil && r.value >= aim {
			mark = "  aim reached"
		} else if asked, err := strconv.ParseFloat(p[2], 64); err == nil && r.value < asked {
			mark = "  below what is asked"
		}
		fmt.Fprintf(w, "%-16s %-16s %5d %7.4f   %22s %6s %6s%s\n", r.corpus, r.measure, r.n, r.value, strings.TrimSpace(p[0]+" "+p[1]), p[2], p[3], mark)
	}
}
