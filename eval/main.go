// Command eval scores reading against gold data.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"dateline"
	"dateline/read"
)

func main() {
	dir := flag.String("gold", "../shared/eval/read", "folder of gold corpora")
	only := flag.String("corpus", "", "only this corpus")
	misses := flag.String("misses", "", "write what was wrong with each page to this file")
	flag.Parse()
	var err error
	switch flag.Arg(0) {
	case "train":
		err = train(*dir, "read/model.bin", "eval/folds")
	default:
		err = score(*dir, *only, *misses)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

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

func score(dir, only, misses string) error {
	models, err := foldModels()
	if err != nil {
		return err
	}
	out, err := os.Create(os.DevNull)
	if misses != "" {
		out, err = os.Create(misses)
	}
	if err != nil {
		return err
	}
	defer out.Close()
	for _, c := range corpora {
		if only != "" && c.name != only {
			continue
		}
		cp, err := load(dir, c.name)
		if err != nil {
			return err
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
				a = &dateline.Article{}
			}
			arts[i] = a
		})
		var t tally
		for i, g := range cp.gold {
			m := t.page(g, arts[i])
			report(out, c.name, g, arts[i], m)
		}
		fmt.Printf("%-16s", c.name)
		for _, m := range t.measures() {
			fmt.Printf(" %s %.4f", m.name, m.value)
		}
		fmt.Println()
	}
	return nil
}
