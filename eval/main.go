// Command eval scores reading and annotating against gold data, measures
// their speed, and learns the block model.
//
//	go run ./eval            the report: each corpus beside the peers, and speed
//	go run ./eval -check     fail where a figure is below eval/floors.tsv
//	go run ./eval -floors    write what is reached to eval/floors.tsv
//	go run ./eval train      learn read/model.bin and eval/folds/*.bin again
//	go run ./eval show CORPUS PAGE    a page's blocks, and where the model errs
//
// The gold corpora are not part of the project (-gold names their folder);
// where they are absent, scoring says so and succeeds. The measures are those
// of score.go and marks_score.go. It is run from the module's root.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"dateline"
	"dateline/read"
)

// settings are the flags.
type settings struct {
	gold, only, misses, records string
	check, floors, noSpeed      bool
}

func main() {
	var s settings
	flag.StringVar(&s.gold, "gold", "../shared/eval", "folder of the gold corpora, with read and annotate in it")
	flag.StringVar(&s.only, "corpus", "", "score only this corpus")
	flag.StringVar(&s.misses, "misses", "", "write what was wrong with each page to this file, as JSONL")
	flag.StringVar(&s.records, "records", "", "write the scored records to CORPUS.jsonl in this folder")
	flag.BoolVar(&s.check, "check", false, "fail where a figure is below eval/floors.tsv")
	flag.BoolVar(&s.floors, "floors", false, "write eval/floors.tsv")
	flag.BoolVar(&s.noSpeed, "no-speed", false, "leave speed out")
	flag.Parse()
	if err := run(s, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(s settings, args []string) error {
	if _, err := os.Stat(s.gold); errors.Is(err, fs.ErrNotExist) {
		fmt.Printf("eval: skipped: there is no gold data at %s\n", s.gold)
		return nil
	}
	switch {
	case len(args) == 0:
		return score(s)
	case args[0] == "train" && len(args) == 1:
		return train(filepath.Join(s.gold, "read"), "read/model.bin", "eval/folds")
	case args[0] == "show" && len(args) == 3:
		return show(filepath.Join(s.gold, "read"), args[1], args[2])
	}
	return fmt.Errorf("unknown arguments %q; see go doc ./eval", strings.Join(args, " "))
}

// parallel calls f with 0 to n-1 on all cores.
func parallel(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	wg.Wait()
}

// foldModels reads the models that were learnt without each fold.
func foldModels() ([]*read.Model, error) {
	var ms []*read.Model
	for k := range folds {
		b, err := os.ReadFile(filepath.Join("eval/folds", fmt.Sprintf("%d.bin", k)))
		if err != nil {
			return nil, err
		}
		m := new(read.Model)
		if err := m.UnmarshalBinary(b); err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, nil
}

// result is the score of one corpus.
type result struct {
	corpus string
	learnt bool
	all    tally
	byLang map[string]*tally
}

func score(s settings) error {
	models, err := foldModels()
	if err != nil {
		return err
	}
	var misses *json.Encoder
	if s.misses != "" {
		f, err := os.Create(s.misses)
		if err != nil {
			return err
		}
		defer f.Close()
		misses = json.NewEncoder(f)
	}
	var results []result
	var timed []*Gold
	for _, c := range corpora {
		if s.only != "" && c.name != s.only {
			continue
		}
		cp, err := load(filepath.Join(s.gold, "read"), c.name)
		if err != nil {
			return err
		}
		if c.name == "fundus" {
			timed = cp.gold
		}
		arts := make([]*dateline.Article, len(cp.gold))
		parallel(len(cp.gold), func(i int) {
			g := cp.gold[i]
			opt := &read.Options{}
			if c.learnt {
				opt.Model = models[g.fold]
			}
			a, err := read.Page(read.Source{Name: g.ID, URL: g.URL, Body: g.page, Fetched: g.Crawled}, opt)
			if err != nil {
				a = &dateline.Article{Source: g.ID}
			}
			arts[i] = a
		})
		r := result{corpus: c.name, learnt: c.learnt, byLang: map[string]*tally{}}
		for i, g := range cp.gold {
			m := r.all.page(g, arts[i])
			l := arts[i].Language
			if r.byLang[l] == nil {
				r.byLang[l] = new(tally)
			}
			r.byLang[l].page(g, arts[i])
			if misses != nil {
				if err := misses.Encode(m.report(c.name, g, arts[i])); err != nil {
					return err
				}
			}
		}
		if s.records != "" {
			if err := writeRecords(filepath.Join(s.records, c.name+".jsonl"), arts); err != nil {
				return err
			}
		}
		results = append(results, r)
	}
	rows, err := scoreMarks(filepath.Join(s.gold, "annotate"), s.only, s.records)
	if err != nil {
		return err
	}
	if len(results) > 0 {
		printReport(os.Stdout, results)
	}
	if len(rows) > 0 {
		printMarks(os.Stdout, rows)
	}
	for _, r := range results {
		for _, m := range r.all.measures() {
			rows = append(rows, row{r.corpus, m.name, m.n, m.value})
		}
	}
	switch {
	case s.floors:
		f, err := os.Create("eval/floors.tsv")
		if err != nil {
			return err
		}
		defer f.Close()
		writeFloors(f, rows)
	case s.check:
		if below := checkFloors(rows); len(below) > 0 {
			return fmt.Errorf("below the floors:\n  %s", strings.Join(below, "\n  "))
		}
		fmt.Println("no figure is below its floor")
		return nil
	}
	if timed != nil && !s.noSpeed {
		speed(os.Stdout, timed, 11)
	}
	return nil
}

func writeRecords(path string, arts []*dateline.Article) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	enc := json.NewEncoder(f)
	enc.SetEscapeHTML(false)
	for _, a := range arts {
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
	return nil
}
