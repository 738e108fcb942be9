package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

// maker makes typical pages: 5 KB of text in words as frequent as those of a
// language are, and 60 marks.
type maker struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words []string
	n     int
}

func newMaker() *maker {
	m := &maker{r: rand.New(rand.NewPCG(1, 2))}
	const syllables = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu"
	all := strings.Fields(syllables)
	for range 60000 {
		w := ""
		for range 1 + m.r.IntN(4) {
			w += all[m.r.IntN(len(all))]
		}
		m.words = append(m.words, w)
	}
	m.zipf = rand.NewZipf(m.r, 1.1, 8, uint64(len(m.words)-1))
	return m
}

func (m *maker) word() string { return m.words[m.zipf.Uint64()] }

type made struct {
	found   store.Found
	kept    store.Kept
	reading store.Reading
	marks   []dateline.Mark
}

func (m *maker) page() made {
	m.n++
	url := fmt.Sprintf("https://h%d.example/2031/05/%d-%s-%s", m.n%500, m.n, m.word(), m.word())
	k, _ := dateline.PageKey(url)
	at := time.Date(2031, 5, 4, 8, 0, 0, 0, time.UTC).Add(time.Duration(m.n) * time.Second)
	var title, text []string
	for range 10 {
		title = append(title, m.word())
	}
	a := &dateline.Article{URL: url, Kind: "article", Language: "xx", Title: strings.Join(title, " "), Published: at.Add(-time.Hour).Format(time.RFC3339), Authors: []string{"A. Penulis"}}
	var paragraphs []string
	for range 18 {
		var p []string
		for range 45 {
			p = append(p, m.word())
		}
		text = append(text, p...)
		paragraphs = append(paragraphs, strings.Join(p, " ")+".")
	}
	a.Text = strings.Join(paragraphs, "\n\n")
	start := 0
	for _, p := range paragraphs {
		a.Blocks = append(a.Blocks, dateline.Block{Kind: "paragraph", Text: p, Start: start})
		start += len(p) + 2
	}
	stems := func(words []string) (out []string) {
		for _, w := range words {
			if len(w) > 5 {
				out = append(out, "xx·"+w[:5])
			}
		}
		return out
	}
	v := made{
		found: store.Found{Entry: dateline.Entry{URL: url, Title: a.Title}, Key: k, Lane: fmt.Sprintf("h%d.example", m.n%500), Priority: work.News, Due: at},
		kept:  store.Kept{Capture: dateline.Capture{URL: url, Status: 200, Digest: store.TextDigest(a), Fetched: at, WARC: fmt.Sprintf("%d.warc.gz", m.n/20000), Offset: int64(m.n) * 20000}},
		reading: store.Reading{Article: a, Digest: store.TextDigest(a), Reader: "read/1", Outcome: "article",
			Terms: store.Terms{Title: title, TitleStems: stems(title), Text: text, TextStems: stems(text)}},
	}
	for i := range 60 {
		at := i * 30
		name := m.word() + " " + m.word()
		mk := dateline.Mark{Start: at, End: at + len(name), Sentence: [2]int{at / 200 * 200, at/200*200 + 200}}
		switch i % 6 {
		case 0:
			mk.Kind, mk.By, mk.Value = "figure", "figures/1", json.RawMessage(fmt.Sprintf(`{"what":"killed","min":%d,"max":%d,"modifier":"exact","of":"orang"}`, i, i))
		case 1:
			mk.Kind, mk.By, mk.Value = "date", "dates/1", json.RawMessage(fmt.Sprintf(`{"type":"DATE","value":"2031-05-%02d","relative_to":"2031-05-04"}`, i%28+1))
		case 2:
			mk.Kind, mk.By, mk.Value = "place", "places/1", json.RawMessage(fmt.Sprintf(`{"name":%q,"kind":"city","country":"ID","lat":-6.2,"lon":106.8,"geonames":%d}`, name, 1000000+i))
		case 3:
			mk.Kind, mk.By, mk.Value = "person", "names/1", json.RawMessage(fmt.Sprintf(`{"name":%q,"role":"menteri"}`, name))
		case 4:
			mk.Kind, mk.By, mk.Value = "person", "names/1", json.RawMessage(fmt.Sprintf(`{"name":%q,"same_as":3}`, name))
		default:
			mk.Kind, mk.By, mk.Value = "quote", "quotes/1", json.RawMessage(fmt.Sprintf(`{"type":"direct","content":[%d,%d],"speaker":{"start":%d,"end":%d,"text":%q},"verb":{"start":%d,"end":%d,"text":%q}}`,
				at, at+60, at, at+9, a.Text[at:at+9], at+61, at+65, a.Text[at+61:at+65]))
		}
		v.marks = append(v.marks, mk)
	}
	return v
}

func openBench(tb testing.TB) *Store {
	tb.Helper()
	s, err := Open(context.Background(), filepath.Join(tb.TempDir(), "dateline.db"), Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

// put keeps a page as the pipeline does: four writes.
func put(s *Store, v *made) error {
	ctx := context.Background()
	f := v.found
	f.Due = time.Time{}
	p, err := s.AddPage(ctx, f, "")
	if err != nil {
		return err
	}
	k := v.kept
	if err := s.SaveFetch(ctx, work.Item{}, store.Fetched{Page: p.N, At: k.Fetched, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok", Host: &store.Host{Name: f.Lane, Next: k.Fetched}}); err != nil {
		return err
	}
	captures, err := s.Captures(ctx, p.N)
	if err != nil {
		return err
	}
	var it work.Item
	err = s.read(ctx, func(t *tx) error {
		t.row("SELECT id, stage, key, tries FROM work WHERE stage = 'read' AND key = ?", list{captures[0].N}, &it.ID, &it.Stage, &it.Key, &it.Tries)
		return nil
	})
	if err != nil {
		return err
	}
	r := v.reading
	r.Page, r.Capture = p.N, captures[0].N
	saved, err := s.SaveReading(ctx, it, r)
	if err != nil {
		return err
	}
	return s.SaveMarks(ctx, work.Item{}, saved.Version, "standard/1", v.marks)
}

func BenchmarkPage(b *testing.B) {
	for _, callers := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := openBench(b)
			m := newMaker()
			pages := make([]made, b.N)
			for i := range pages {
				pages[i] = m.page()
			}
			b.ReportAllocs()
			b.ResetTimer()
			together(b, callers, func(i int) error { return put(s, &pages[i]) })
			b.StopTimer()
			if err := s.checkpoint(b.Context()); err != nil {
				b.Fatal(err)
			}
			if st, err := os.Stat(s.path); err == nil {
				b.ReportMetric(float64(st.Size())/float64(b.N), "dbbytes/op")
			}
		})
	}
}

// together runs f b.N times by so many callers.
func together(b *testing.B, callers int, f func(i int) error) {
	var n atomic.Int64
	done := make(chan error, callers)
	for range callers {
		go func() {
			for {
				i := int(n.Add(1)) - 1
				if i >= b.N {
					done <- nil
					return
				}
				if err := f(i); err != nil {
					done <- err
					return
				}
			}
		}()
	}
	for range callers {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}

func BenchmarkCommit(b *testing.B) {
	for _, callers := range []int{1, 16} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := openBench(b)
			together(b, callers, func(i int) error {
				return s.PutHost(context.Background(), store.Host{Name: fmt.Sprintf("h%d.example", i%100), Count: i})
			})
		})
	}
}

// queueOf fills a queue: hosts with units each, due or in a day.
func queueOf(b *testing.B, s *Store, hosts, units int, due time.Time) {
	b.Helper()
	err := s.write(b.Context(), func(t *tx) error {
		for h := range hosts {
			host := t.host(fmt.Sprintf("h%d.example", h))
			for u := range units {
				t.exec("INSERT INTO page (id, url, host, found, title, published, mark, source, listed) VALUES ('', '', ?, 1, '', '', x'', 0, 0)", host)
				t.add("fetch", int64(h*units+u+1), "", host, int(work.News), ms(due), false)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkTake takes and ends one unit, from 500 lanes with 40 each due and
// 100,000 that wait for tomorrow.
func BenchmarkTake(b *testing.B) {
	now := time.Date(2031, 5, 4, 8, 0, 0, 0, time.UTC)
	for _, n := range []int{1, 16} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			s := openBench(b)
			queueOf(b, s, 500, 200, now.Add(24*time.Hour))
			ctx := context.Background()
			if err := s.write(ctx, func(t *tx) error {
				t.exec("UPDATE work SET due = ? WHERE id % 5 = 0", ms(now))
				for h := range 500 {
					t.touch(int64(h + 1))
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				items, err := s.Take(ctx, []work.Stage{work.Follow, work.Fetch}, n, now, now.Add(time.Minute))
				if err != nil || len(items) != n {
					b.Fatal(len(items), err)
				}
				b.StopTimer()
				if err := s.write(ctx, func(t *tx) error {
					for _, it := range items {
						t.again(it, ms(now), work.News)
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

// BenchmarkIdle asks for work where nothing is due among 100,000 units.
func BenchmarkIdle(b *testing.B) {
	now := time.Date(2031, 5, 4, 8, 0, 0, 0, time.UTC)
	s := openBench(b)
	queueOf(b, s, 1000, 100, now.Add(24*time.Hour))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := s.Take(context.Background(), []work.Stage{work.Follow, work.Fetch}, 16, now, now.Add(time.Minute)); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Wake(context.Background(), []work.Stage{work.Follow, work.Fetch}); err != nil {
			b.Fatal(err)
		}
	}
}
