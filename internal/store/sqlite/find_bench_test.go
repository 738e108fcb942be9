package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// many is how many articles are searched.
const many = 100_000

// openMany opens a record of many small articles of a few outlets: 30 words
// as frequent as those of a language, and names that are as well. It takes a
// minute to make; DATELINE_BENCH names a folder to keep it in.
func openMany(b *testing.B) *Store {
	b.Helper()
	dir := os.Getenv("DATELINE_BENCH")
	if dir == "" {
		dir = b.TempDir()
	}
	s, err := Open(b.Context(), filepath.Join(dir, "many.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	if have, err := s.Totals(b.Context()); err != nil || have.Articles == many {
		return s
	}
	m := newMaker()
	for i := range 50 {
		if err := s.PutOutlet(b.Context(), dateline.Outlet{ID: fmt.Sprint("o", i), Name: fmt.Sprint("Outlet ", i), Home: fmt.Sprintf("https://h%d.example/", i)}, func(string) string { return "" }); err != nil {
			b.Fatal(err)
		}
	}
	for n := 0; n < many; {
		err := s.write(b.Context(), func(t *tx) error {
			if n == 0 {
				t.exec("INSERT INTO file (n, name) VALUES (1, 'a.warc.gz')")
			}
			for range 500 {
				n++
				if err := m.small(s, t, int64(n)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := s.checkpoint(b.Context()); err != nil {
		b.Fatal(err)
	}
	return s
}

// small keeps an article.
func (m *maker) small(s *Store, t *tx, n int64) error {
	words := make([]string, 30)
	for i := range words {
		words[i] = m.word()
	}
	if n%10 == 0 {
		words[29] = "tenth"
	}
	if n%1000 == 0 {
		words[29] = "rare"
	}
	at := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 10 * time.Minute)
	a := &dateline.Article{URL: fmt.Sprintf("https://h%d.example/%d", n%50, n), Kind: "article", Language: []string{"xx", "yy", "zz"}[n%3], Title: strings.Join(words[:6], " "), Text: strings.Join(words, " ")}
	v := reading{article: a}
	if err := v.prepare(s, &store.Reading{Article: a, Digest: store.TextDigest(a), Terms: store.Terms{Title: words[:6], Text: words}}); err != nil {
		return err
	}
	name := func() string {
		return strings.ToUpper(m.words[m.zipf.Uint64()%5000]) + " " + m.words[m.zipf.Uint64()%500]
	}
	var marks []dateline.Mark
	for i := range 12 {
		mk := dateline.Mark{Start: i, End: i + 2, Sentence: [2]int{0, len(a.Text)}, By: "x/1"}
		switch {
		case i == 0:
			mk.Kind, mk.Value = "figure", json.RawMessage(fmt.Sprintf(`{"what":"killed","min":%d,"place":2,"speaker":6}`, m.r.IntN(1000)))
		case i == 1 && n%2000 == 0:
			mk.Kind, mk.Value = "figure", json.RawMessage(`{"what":"abducted","min":3}`)
		case i < 6:
			mk.Kind, mk.Value = "place", json.RawMessage(fmt.Sprintf(`{"name":%q,"kind":"city","country":"ID","lat":1.5,"lon":2.5,"geonames":%d}`, name(), m.r.IntN(5000)))
		case i < 11:
			mk.Kind, mk.Value = "person", json.RawMessage(fmt.Sprintf(`{"name":%q,"role":"bupati"}`, name()))
		default:
			mk.Kind, mk.Value = "quote", json.RawMessage(fmt.Sprintf(`{"type":"direct","content":[0,5],"speaker":{"start":0,"end":2,"text":%q,"annotation":6}}`, string([]rune(a.Text)[:2])))
		}
		marks = append(marks, mk)
	}
	if n%4 == 0 {
		marks[7].Value = json.RawMessage(`{"name":"Rano Wirya","role":"gubernur"}`)
	}
	var of marked
	if err := of.prepare(marks); err != nil {
		return err
	}
	page := t.insert("INSERT INTO page (id, outlet, url, found, title, published, mark, source, listed, visits, version) VALUES ('', ?, ?, ?, '', '', x'', 0, 0, 1, ?)", n%50+1, a.URL, ms(at), n)
	t.exec("INSERT INTO address (key, page) VALUES (?, ?)", pageKey(a.URL), page)
	version, _ := t.keep(&v, page, t.code("read/1"), false)
	t.exec("UPDATE version SET time = ?, current = 1 WHERE n = ?", ms(at), version)
	t.exec("INSERT INTO capture (page, status, digest, fetched, seen, file, offset, version, truncated, feed) VALUES (?1, 200, x'', ?2, ?2, 1, ?, ?, '', 0)", page, ms(at), n*1000, version)
	t.mark(version, "standard/1", &of)
	return nil
}

// BenchmarkFind asks of 100,000 articles. Answers that are kept are forgotten
// each time.
func BenchmarkFind(b *testing.B) {
	s := openMany(b)
	a := search.NewAnalyzer(lang.Builtin())
	parse := func(query string) *search.Query {
		q, err := search.Parse(query)
		if err != nil {
			b.Fatal(err)
		}
		return q
	}
	ctx := context.Background()
	run := func(name string, f func() (int, error)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for b.Loop() {
				s.answers.forget()
				n, err := f()
				if err != nil {
					b.Fatal(err)
				}
				found = n
			}
			b.ReportMetric(float64(found), "found")
		})
	}
	queries := []string{"", "rare", "tenth", "ba", "ba OR bi", "ba bi", "ba -bi", "title:tenth", `person:"Rano Wirya"`, "person:rano", `place:"BA be"`, "outlet:o7", "lang:xx", "figure:killed>=990", "figure:killed>=500", "has:quote", "after:2032-10", "tak*", "-has:figure"}
	for _, q := range queries {
		q := parse(q)
		run("search/"+q.String(), func() (n int, err error) {
			for _, e := range s.Search(ctx, q, a, store.Options{Limit: 50}) {
				n, err = n+1, e
			}
			return n, err
		})
		run("best/"+q.String(), func() (n int, err error) {
			for _, e := range s.Search(ctx, q, a, store.Options{Limit: 50, Best: true}) {
				n, err = n+1, e
			}
			return n, err
		})
		run("facets/"+q.String(), func() (int, error) {
			f, err := s.Facets(ctx, q, a, store.FacetOptions{})
			return f.Total, err
		})
	}
	for _, q := range []string{"", "rare", "tenth", "ba"} {
		for _, o := range []store.StatementOptions{
			{Kind: "figure", What: "killed"}, {What: "killed", Order: store.Greatest}, {What: "killed", Order: store.Least}, {Order: store.Greatest}, {What: "abducted"}, {What: "abducted", Order: store.Greatest},
			{Kind: "quote"}, {Kind: "organization"}, {Kind: "person", Name: "Rano Wirya"}, {Speaker: "Rano Wirya"},
		} {
			q := parse(q)
			o.Limit = 50
			run(fmt.Sprintf("statements/%s/%s%s%s%s%s", q, o.Kind, o.What, o.Order, o.Name, o.Speaker), func() (n int, err error) {
				for _, e := range s.Statements(ctx, q, a, o) {
					n, err = n+1, e
				}
				return n, err
			})
		}
	}
	run("name", func() (int, error) {
		v, err := s.Name(ctx, "person", "Rano Wirya")
		return v.Articles, err
	})
	run("places", func() (int, error) {
		v, err := s.Places(ctx, nil, a, 500)
		return len(v), err
	})
	run("volume", func() (int, error) {
		v, err := s.Volume(ctx, "o7", 30)
		return len(v), err
	})
	run("pages", func() (int, error) {
		v, err := s.ListPages(ctx, "o7", 0, 50)
		return len(v), err
	})
}
