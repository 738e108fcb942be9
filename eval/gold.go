package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/net/publicsuffix"
)

// Gold is what people said a page holds. Which fields are there depends on
// the corpus.
type Gold struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Host      string   `json:"host"`
	Lang      string   `json:"lang"`
	Crawled   string   `json:"crawl_date"`
	Publisher string   `json:"publisher"`
	Title     string   `json:"title"`
	Authors   []string `json:"authors"`
	Date      string   `json:"date"`
	Body      string   `json:"body"`
	With      []string `json:"with"`
	Without   []string `json:"without"`

	page []byte
	fold int // by host; see folds
}

// A corpus is a folder of gold.jsonl and pages.
type corpus struct {
	name string
	gold []*Gold
}

// corpora are the corpora of reading, in the order of the report. learnt
// marks those the block model learns from: their scores come from models that
// have not seen the page's host.
var corpora = []struct {
	name   string
	learnt bool
}{
	{"fundus", true}, {"trafilatura", true}, {"wcxb", true}, {"daniel", false},
	{"cleanportaleval", false}, {"htmldate", false}, {"postlight", false},
}

// folds is the number of parts the learnt corpora are split into by host.
const folds = 5

// foldOf puts all pages of a registrable domain into one fold.
func foldOf(g *Gold) int {
	host := g.Publisher
	if u, err := url.Parse(g.URL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
		if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
			host = d
		}
	}
	if host == "" {
		host = g.ID
	}
	h := fnv.New32a()
	io.WriteString(h, host)
	return int(h.Sum32() % folds)
}

// load reads a corpus with its pages.
func load(dir, name string) (*corpus, error) {
	root, err := os.OpenRoot(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open("gold.jsonl")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c := &corpus{name: name}
	dec := json.NewDecoder(f)
	for {
		g := new(Gold)
		if err := dec.Decode(g); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s gold.jsonl: %w", name, err)
		}
		b, err := root.ReadFile("pages/" + g.ID + ".html.gz")
		if errors.Is(err, fs.ErrNotExist) {
			b, err = root.ReadFile("pages/" + g.ID + ".html")
		}
		if err != nil {
			return nil, fmt.Errorf("%s page %s: %w", name, g.ID, err)
		}
		if z, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
			if b, err = io.ReadAll(z); err != nil {
				return nil, fmt.Errorf("%s page %s: %w", name, g.ID, err)
			}
		}
		g.page = b
		g.fold = foldOf(g)
		c.gold = append(c.gold, g)
	}
	return c, nil
}
