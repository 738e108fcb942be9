package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/read"
	"dateline/search"
)

// suspect is after how many tries a page is taken for one that ends the
// program, and not read again. Being under way when the program was killed
// counts as a try, so it is more than a few; see [work.Doubted].
const suspect = 8

// read makes an article of an archived page.
func (p *Pipeline) read(ctx context.Context, it work.Item) error {
	k, err := p.Store.Capture(ctx, it.Key)
	if errors.Is(err, dateline.ErrNotFound) {
		return p.Store.Finish(ctx, it) // erased while it waited
	}
	if err != nil {
		return err
	}
	page, err := p.Store.Page(ctx, k.Page)
	if errors.Is(err, dateline.ErrNotFound) {
		return p.Store.Finish(ctx, it)
	}
	if err != nil {
		return err
	}
	r := store.Reading{Page: page.N, Capture: k.N, Reader: read.Version}
	if it.Tries > suspect {
		r.Outcome, r.Unread = "quarantined: reading it did not end", true
	} else {
		if page.Version != 0 && it.Version == "" {
			if err := p.upgrade(ctx, page, k); err != nil {
				return err
			}
		}
		if err := p.reading(ctx, page, k, &r); err != nil {
			return err
		}
	}
	if r.Article == nil && k.Feed {
		r.Outcome = page.Outcome // of the page itself, which had no article either
	}
	if r.Article == nil && !k.Feed && page.Listed != 0 && page.Version == 0 {
		// What the feed says of the page is read instead. This comes first, as
		// the program may end before the unit does.
		listed, err := p.Store.Capture(ctx, page.Listed)
		if err == nil {
			_, err = p.Store.Import(ctx, page.N, store.Kept{Capture: listed.Capture, Feed: true})
		}
		if err != nil && !errors.Is(err, dateline.ErrNotFound) {
			return err
		}
	}
	_, err = p.Store.SaveReading(ctx, it, r)
	return err
}

// reading reads a capture.
func (p *Pipeline) reading(ctx context.Context, page store.Page, k store.Kept, r *store.Reading) error {
	answer, err := p.Archive.Read(ctx, k.WARC, k.Offset)
	if errors.Is(err, dateline.ErrGone) || errors.Is(err, dateline.ErrCorrupt) {
		// Verify names what is damaged; trying again does not mend it.
		r.Outcome, r.Unread = "the kept page cannot be read: "+reason(err), true
		return nil
	}
	if err != nil {
		return err
	}
	done, err := p.alone(ctx, answer)
	if err != nil {
		return err
	}
	a, err := func() (*dateline.Article, error) {
		defer done() // though reading may panic, which is the page's end alone
		if k.Feed {
			return fromFeed(answer, page)
		}
		return fromPage(answer, page, k)
	}()
	if err != nil {
		r.Outcome = "not a page: " + reason(err)
		return nil
	}
	r.Outcome = outcome(a)
	if r.Outcome == "article" && !k.Feed && slices.Contains(a.Warnings, "paywall") && p.longer(ctx, page, a) {
		r.Outcome = "paid: the feed has more of it"
	}
	if r.Outcome == "article" {
		a.URL = cmp.Or(a.URL, page.URL)
		r.Article, r.Digest = a, store.TextDigest(a)
		r.Terms = p.terms(a)
		if !k.Feed {
			r.Keys = claimed(page, a)
		}
	}
	return nil
}

// heavy is how long a page is, decoded, of which one is read at a time: reading
// takes up to twenty times as much memory, and few articles are a tenth of it.
const heavy = 2 << 20

// alone waits until no other heavy page is read, where this is one. The caller
// calls done when it is read.
func (p *Pipeline) alone(ctx context.Context, answer *archive.Answer) (done func(), err error) {
	if !isHeavy(answer) {
		return func() {}, nil
	}
	p.one.Do(func() { p.heavy = make(chan struct{}, 1) })
	select {
	case p.heavy <- struct{}{}:
		return func() { <-p.heavy }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func isHeavy(answer *archive.Answer) bool {
	if len(answer.Payload) > heavy {
		return true
	}
	header := answer.Header
	if bytes.HasPrefix(answer.Payload, []byte("\x1f\x8b")) {
		header = http.Header{"Content-Encoding": {"gzip"}} // whatever it says
	}
	if header.Get("Content-Encoding") == "" {
		return false
	}
	r, err := fetch.Decoder(bytes.NewReader(answer.Payload), header)
	if err != nil {
		return false
	}
	defer r.Close()
	n, _ := io.Copy(io.Discard, io.LimitReader(r, heavy+1))
	return n > heavy
}

// longer tells whether the feed has more of a paid page's text than the page.
func (p *Pipeline) longer(ctx context.Context, page store.Page, a *dateline.Article) bool {
	if page.Listed == 0 || page.Version != 0 {
		return false
	}
	k, err := p.Store.Capture(ctx, page.Listed)
	if err != nil {
		return false
	}
	answer, err := p.Archive.Read(ctx, k.WARC, k.Offset)
	if err != nil {
		return false
	}
	f, err := fromFeed(answer, page)
	return err == nil && len(f.Text) > len(a.Text)
}

// upgrade reads the current version of a page again where older code read it:
// else what newer code reads otherwise would pass for a change of the outlet's.
func (p *Pipeline) upgrade(ctx context.Context, page store.Page, k store.Kept) error {
	list, err := p.Store.Versions(ctx, page.N)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.N != page.Version || v.Reader == read.Version || v.Capture == k.N {
			continue
		}
		old, err := p.Store.Capture(ctx, v.Capture)
		if err != nil {
			return err
		}
		r := store.Reading{Page: page.N, Capture: old.N, Reader: read.Version}
		if err := p.reading(ctx, page, old, &r); err != nil {
			return err
		}
		if r.Article == nil {
			return nil // newer code does not take it for an article; the old reading stays
		}
		// With a version, as for what is done again: it is no news.
		if _, err := p.Store.SaveReading(ctx, work.Item{Version: read.Version, Priority: work.Backlog}, r); err != nil {
			return err
		}
	}
	return nil
}

// fromPage reads a page.
func fromPage(answer *archive.Answer, page store.Page, k store.Kept) (*dateline.Article, error) {
	return read.Page(read.Source{
		Name: page.URL, URL: cmp.Or(k.URL, page.URL), Body: answer.Payload,
		ContentType: answer.Header.Get("Content-Type"), Coding: answer.Header.Get("Content-Encoding"),
		Fetched: k.Fetched.UTC().Format(time.RFC3339), Truncated: k.Truncated != "", Status: answer.Status,
	}, nil)
}

// outcome says what a page turned out to be.
func outcome(a *dateline.Article) string {
	switch {
	case a.Kind == dateline.KindNotice:
		return "notice: " + strings.Join(a.Warnings, ", ")
	case a.Kind == dateline.KindIndex:
		return "index"
	case a.Text == "":
		return "no text: " + strings.Join(a.Warnings, ", ")
	}
	return "article"
}

// fromFeed makes an article of what a feed says of a page, and marks it so.
func fromFeed(answer *archive.Answer, page store.Page) (*dateline.Article, error) {
	body, _, err := fetch.Decode(answer.Payload, answer.Header, 20<<20)
	if err != nil {
		return nil, err
	}
	doc, err := feed.Parse(body, answer.Header.Get("Content-Type"), answer.URL, answer.Fetched)
	if err != nil {
		return nil, err
	}
	for _, e := range doc.Entries {
		if dateline.PageID(key(e.URL)) != page.ID {
			continue
		}
		a := &dateline.Article{Source: page.URL, URL: e.URL, Kind: dateline.KindArticle}
		if e.Content != "" {
			// The feed's own markup, with nothing of a page around it.
			if c, err := read.Page(read.Source{Name: page.URL, URL: e.URL, ContentType: "text/html; charset=utf-8",
				Body: []byte("<!doctype html><title></title><article>" + e.Content + "</article>")}, nil); err == nil {
				a = c
				a.Kind, a.Warnings = dateline.KindArticle, nil
			}
		}
		if a.Text == "" {
			a.Text = e.Summary
			a.Blocks = []dateline.Block{{Kind: dateline.Paragraph, Text: e.Summary}}
		}
		a.Title, a.Authors, a.Tags = e.Title, e.Authors, e.Tags
		a.Published, a.Modified = e.Published, e.Modified
		a.Language = cmp.Or(a.Language, e.Language, doc.Language)
		a.Site.Name = cmp.Or(a.Site.Name, doc.Title)
		a.Dates = nil
		if e.Published != "" {
			a.Dates = []dateline.DateEvidence{{Value: e.Published, From: "feed", Chosen: true}}
		}
		a.Warnings = append(a.Warnings, "feed-text")
		return a, nil
	}
	return nil, fmt.Errorf("the feed no longer names this page: %w", dateline.ErrNotFound)
}

// claimed are the keys that a page says are its own and that may be: of the
// same site, and not its front page. The store believes them where the text
// there is the same.
func claimed(page store.Page, a *dateline.Article) []string {
	k := key(a.Canonical)
	if k == "" || k == key(page.URL) || fetch.Domain(a.Canonical) != fetch.Domain(page.URL) || !strings.ContainsAny(k, "/?") {
		return nil
	}
	return []string{k}
}

// known is how many bytes of a text it is found by, and are annotated: ten
// times the longest article. The terms of 10 MiB would take 300 MB.
const known = 512 << 10

// first is as much of a text.
func first(text string) string {
	if len(text) <= known {
		return text
	}
	return strings.ToValidUTF8(text[:known], "")
}

// terms are what an article is found by.
func (p *Pipeline) terms(a *dateline.Article) (t store.Terms) {
	list := p.Analyzer.AppendTerms(nil, a.Title, a.Language)
	t.Title, t.TitleStems = split(list)
	list = p.Analyzer.AppendTerms(list[:0], first(a.Text), a.Language)
	t.Text, t.TextStems = split(list)
	return t
}

func split(list []search.Term) (words, stems []string) {
	words, stems = make([]string, 0, len(list)), make([]string, 0, len(list))
	for _, t := range list {
		words = append(words, t.Text)
		if t.Stem != "" {
			stems = append(stems, t.Stem)
		}
	}
	return words, stems
}
