package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/warc"
)

// Imported counts what an import did.
type Imported struct {
	Pages  int // taken
	Known  int // that were there already
	Erased int // refused, because they were erased
	Other  int // records that are no page of text
	Bad    int // records or lines that could not be read
}

// ImportWARC takes the pages of an archive into this one, byte for byte, to be
// read like those that were fetched. outletOf names the outlet of an address;
// bad is told of every record that could not be read, progress of the bytes
// of the file that are done.
func (p *Pipeline) ImportWARC(ctx context.Context, r io.Reader, outletOf func(address string) string, bad func(error), progress func(int64)) (sum Imported, err error) {
	w, err := warc.NewReader(r)
	if err != nil {
		return sum, err
	}
	w.Blocks = true
	// Several at once share the syncing of the disk.
	const hands = 16
	var mu sync.Mutex
	var wg sync.WaitGroup
	tell := bad
	bad = func(err error) {
		mu.Lock()
		defer mu.Unlock()
		tell(err)
	}
	count := func(n *int) {
		mu.Lock()
		defer mu.Unlock()
		*n++
	}
	slots := make(chan struct{}, hands)
	failed := make(chan error, hands+1)
	for ctx.Err() == nil && len(failed) == 0 {
		rec, err := w.NextPage()
		if err == io.EOF {
			break
		}
		if err != nil {
			count(&sum.Bad)
			bad(err)
			var we *warc.Error
			if errors.As(err, &we) && we.Final {
				break
			}
			continue
		}
		if !isPage(rec) {
			count(&sum.Other)
			continue
		}
		progress(rec.Offset)
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			what, err := p.importPage(ctx, rec, outletOf, bad)
			if err != nil {
				failed <- err
				return
			}
			count(what(&sum))
		})
	}
	wg.Wait()
	select {
	case err := <-failed:
		return sum, err
	default:
		return sum, ctx.Err()
	}
}

// isPage tells whether a record is a page to read.
func isPage(rec *warc.Page) bool {
	if rec.Status/100 != 2 && rec.Status != 0 || key(rec.URL) == "" || strings.HasSuffix(rec.URL, "/robots.txt") {
		return false
	}
	t, _, _ := strings.Cut(strings.ToLower(rec.ContentType), ";")
	switch strings.TrimSpace(t) {
	case "text/html", "application/xhtml+xml", "":
		return true
	}
	return false
}

func (p *Pipeline) importPage(ctx context.Context, rec *warc.Page, outletOf func(string) string, bad func(error)) (func(*Imported) *int, error) {
	page, err := p.Store.AddPage(ctx, store.Found{Entry: dateline.Entry{URL: rec.URL}, Key: key(rec.URL), Lane: fetch.Domain(rec.URL)}, outletOf(rec.URL))
	if errors.Is(err, dateline.ErrRefused) {
		return func(s *Imported) *int { return &s.Erased }, nil
	}
	if err != nil {
		return nil, err
	}
	at := rec.Date
	if at.IsZero() || at.After(p.Now().Add(48*time.Hour)) {
		at = p.Now()
	}
	at = at.UTC().Truncate(time.Millisecond)
	captures, err := p.Store.Captures(ctx, page.N)
	if err != nil {
		return nil, err
	}
	for _, k := range captures {
		if k.Fetched.Equal(at) {
			return func(s *Imported) *int { return &s.Known }, nil
		}
	}
	c, err := p.Archive.Import(ctx, rec, at)
	if errors.Is(err, dateline.ErrTooLarge) || errors.Is(err, dateline.ErrInvalid) {
		bad(fmt.Errorf("record at %d: %w", rec.Offset, err))
		return func(s *Imported) *int { return &s.Bad }, nil
	}
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", rec.URL, err)
	}
	k := store.Kept{Capture: c}
	if rec.Truncated {
		k.Truncated = "unspecified"
	}
	ok, err := p.Store.Import(ctx, page.N, k)
	if err != nil {
		return nil, err
	}
	p.nudge()
	if !ok {
		return func(s *Imported) *int { return &s.Known }, nil
	}
	return func(s *Imported) *int { return &s.Pages }, nil
}

// ImportAddresses takes addresses to be fetched, from lines of JSON objects
// {url, title?, published?} or bare addresses. One without a scheme is taken
// for https.
func (p *Pipeline) ImportAddresses(ctx context.Context, r io.Reader, outletOf func(address string) string, bad func(error)) (sum Imported, err error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(sc.Bytes(), []byte("\xef\xbb\xbf")))
		if len(line) == 0 {
			continue
		}
		var e struct{ URL, Title, Published string }
		if line[0] != '{' {
			e.URL = string(line)
		} else if err := json.Unmarshal(line, &e); err != nil {
			sum.Bad++
			bad(fmt.Errorf(`line %d: write an address, or {"url": "https://..."}`, n))
			continue
		}
		if host, _, _ := strings.Cut(e.URL, "/"); strings.Contains(host, ".") && !strings.ContainsAny(host, " \t,;\"'@") && !strings.Contains(e.URL, "://") {
			e.URL = "https://" + e.URL // as people write addresses
		}
		k, err := dateline.PageKey(e.URL)
		if err != nil {
			sum.Bad++
			bad(fmt.Errorf("line %d: %w", n, err))
			continue
		}
		f := store.Found{Entry: dateline.Entry{URL: e.URL, Title: e.Title, Published: e.Published}, Key: k, Lane: fetch.Domain(e.URL), Priority: work.News, Due: p.Now()}
		known, err := p.Store.Known(ctx, 0, []string{k})
		if err != nil {
			return sum, err
		}
		page, err := p.Store.AddPage(ctx, f, outletOf(e.URL))
		if errors.Is(err, dateline.ErrRefused) {
			sum.Erased++
			continue
		}
		if err != nil {
			return sum, err
		}
		if _, ok := known[k]; ok {
			if ok, err = p.Store.Ask(ctx, page.N, f.Due); err != nil {
				return sum, err
			}
			if !ok {
				sum.Known++ // and about to be fetched
				continue
			}
		}
		sum.Pages++
	}
	if err := sc.Err(); err != nil {
		return sum, err
	}
	return sum, ctx.Err()
}

// ImportAndRead is ImportWARC with the pages read and annotated meanwhile.
func (p *Pipeline) ImportAndRead(ctx context.Context, r io.Reader, outletOf func(address string) string, bad func(error), progress func(int64)) (sum Imported, err error) {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- p.run(reading, []work.Stage{work.Read, work.Annotate}, false) }()
	sum, err = p.ImportWARC(ctx, r, outletOf, bad, progress)
	stop()
	if rerr := <-ended; err == nil && !errors.Is(rerr, context.Canceled) {
		err = rerr
	}
	return sum, err
}
