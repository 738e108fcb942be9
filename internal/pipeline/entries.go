package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"strings"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/lang"
)

// listed takes the entries of a feed or of an index page. The error is errLarge
// where it is longer than the limit, and that is not all it may be.
func (p *Pipeline) listed(ctx context.Context, v *store.Visit, ex *fetch.Exchange, limit int64) error {
	l := p.lister(ctx, v)
	if v.Source.Kind != dateline.SourceFeed {
		ex.Hops = nil // for the archive only, and as long as the body
	}
	doc, cut, err := l.read(ex, limit)
	if cut && limit < p.longest(v.Source.Kind) && l.err == nil {
		return errLarge
	}
	return l.list(doc, err, ex)
}

func (p *Pipeline) lister(ctx context.Context, v *store.Visit) *lister {
	l := &lister{p: p, ctx: ctx, v: v, own: map[string]bool{}, seen: map[[16]byte]bool{}}
	for _, a := range []string{v.Source.URL, v.Source.Home} {
		if d := fetch.Domain(a); d != "" {
			l.own[d] = true
		}
	}
	return l
}

// list ends a visit whose document was read, or was none.
func (l *lister) list(doc *feed.Document, err error, ex *fetch.Exchange) error {
	p, v := l.p, l.v
	switch {
	case l.err != nil:
		return l.err
	case err != nil:
		p.failed(v, reason(err))
		return nil
	}
	if l.foreign+l.endless > 0 || len(doc.Warnings) > 0 {
		p.Log.Debug("follow", "source", v.Source.URL, "foreign", l.foreign, "endless", l.endless, "warnings", strings.Join(doc.Warnings, " "))
	}
	if err := l.end(ex); err != nil {
		return err
	}
	if err := p.children(l.ctx, v.Source, doc.Sitemaps, l.own); err != nil {
		return err
	}
	if l.news > 0 || len(doc.Sitemaps) > 0 && v.Source.Succeeded.IsZero() {
		v.Source.Changed = p.Now()
	}
	v.Source.ETag, v.Source.LastModified = ex.Header.Get("ETag"), ex.Header.Get("Last-Modified")
	v.Source.Succeeded, v.Source.Failures, v.Source.Error = p.Now(), 0, ""
	v.Source.Entries, v.Source.Foreign = l.entries+len(doc.Sitemaps), l.foreign
	if l.news > 0 {
		p.lively(v, doc.Every)
	} else {
		p.quiet(v, doc.Every)
	}
	return nil
}

// A lister takes the entries of one visit. Those of a sitemap go into the store
// while it is read, so that of however many only some are in memory.
type lister struct {
	p     *Pipeline
	ctx   context.Context
	v     *store.Visit
	own   map[string]bool   // domains of the outlet
	seen  map[[16]byte]bool // digests of keys
	found []store.Found     // not looked up yet
	early *bool             // what early says
	err   error             // of the store

	doc    *feed.Document // that was poured
	docErr error          // or why there is none

	entries, foreign, endless, news int
}

// read reads a document. cut tells that it is longer than the limit.
func (l *lister) read(ex *fetch.Exchange, limit int64) (doc *feed.Document, cut bool, err error) {
	cut = ex.Truncated && int64(len(ex.Body)) >= limit
	body := ex.Body
	if l.v.Source.Kind == dateline.SourceIndex || !packed(ex) {
		most := limit
		if ex.Header.Get("Content-Encoding") != "" {
			most = min(most, maxDecoded)
		}
		var more bool
		if body, more, err = fetch.Decode(body, ex.Header, int(most)); err != nil {
			return nil, cut, err
		}
		cut = cut || more && int64(len(body)) >= limit
	}
	if cut && limit < l.p.longest(l.v.Source.Kind) {
		return nil, true, nil
	}
	if l.v.Source.Kind == dateline.SourceIndex {
		if doc, err = parsed(ex, body, dateline.SourceIndex, l.p.Now()); err == nil {
			for _, e := range doc.Entries {
				l.take(e)
			}
		}
		return doc, cut, err
	}
	doc, err = feed.Read(bytes.NewReader(body), ex.Header.Get("Content-Type"), ex.FinalURL, l.p.Now(), l.take)
	return doc, cut, err
}

// maxDecoded is how much is taken of a document in a content coding other than
// gzip, which has to be undone as a whole.
const maxDecoded = 16 << 20

// packed tells a body that package feed unpacks by itself, as it reads, with no
// need of the whole.
func packed(ex *fetch.Exchange) bool {
	switch strings.ToLower(ex.Header.Get("Content-Encoding")) {
	case "", "identity", "gzip", "x-gzip":
		return bytes.HasPrefix(ex.Body, []byte("\x1f\x8b"))
	}
	return false
}

// poured reads a sitemap while it comes: however long it is, no more of it is
// in memory than the entries that go into the store at once. It may be called
// from where the request is made, and keeps its result for the end of that.
func (l *lister) poured(h *fetch.Hop, body io.Reader) error {
	l.doc, l.docErr = l.p.pour(h, body, l.take)
	return nil
}

// pour reads a document while it comes.
func (p *Pipeline) pour(h *fetch.Hop, body io.Reader, take func(dateline.Entry) bool) (*feed.Document, error) {
	plain, err := fetch.Decoder(body, h.Header)
	if err != nil {
		return nil, err
	}
	defer plain.Close()
	return feed.Read(plain, h.Header.Get("Content-Type"), h.URL, p.Now(), take)
}

// part is how many entries go into the store at once.
const part = 1000

// take takes an entry, or leaves it out: what leads to other sites is not the
// outlet's to publish, and a page is one however often it is listed. It is
// false where nothing more is taken.
func (l *lister) take(e dateline.Entry) bool {
	l.entries++
	k := key(e.URL)
	if k == "" || feed.Endless(e.URL) {
		l.endless++
		return true
	}
	lane := fetch.Domain(e.URL)
	if !l.own[lane] {
		l.foreign++
		return true
	}
	sum := sha256.Sum256([]byte(k))
	if id := [16]byte(sum[:]); l.seen[id] {
		return true
	} else {
		l.seen[id] = true
	}
	// What a page is known by is all that is kept of it.
	l.found = append(l.found, store.Found{Key: k, Lane: lane, Due: l.p.Now(),
		Entry: dateline.Entry{URL: e.URL, Title: e.Title, Published: e.Published, Modified: e.Modified}})
	if l.v.Source.Kind != dateline.SourceSitemap {
		return len(l.found) < feed.MaxFeedEntries
	}
	if len(l.found) < part {
		return true
	}
	var found []store.Found
	if found, l.err = l.unknown(); l.err == nil && len(found) > 0 {
		l.err = l.add(found, nil)
	}
	return l.err == nil
}

// end takes what is left for the visit to keep. Feeds are archived, as they
// have text of their own.
func (l *lister) end(ex *fetch.Exchange) error {
	found, err := l.unknown()
	if err != nil || len(found) == 0 {
		return err
	}
	if l.v.Source.Kind == dateline.SourceFeed {
		kept, err := l.p.archived(l.ctx, ex, nil)
		if err != nil {
			return err
		}
		l.v.Capture = &kept[len(kept)-1]
	}
	for len(found) > part {
		if err := l.add(found[:part], l.v.Capture); err != nil {
			return err
		}
		found = found[part:]
	}
	l.v.Entries, l.news = found, l.news+len(found)
	return nil
}

func (l *lister) add(found []store.Found, c *store.Kept) error {
	added, err := l.p.Store.AddEntries(l.ctx, l.v.Source.N, found, c)
	l.news += len(found)
	if added > 0 {
		l.p.Log.Info("source has news", "source", l.v.Source.URL, "new", added)
	}
	return err
}

// unknown takes the entries whose pages are not known, or have changed by what
// the entry says, out of those that were found.
func (l *lister) unknown() ([]store.Found, error) {
	keys := make([]string, len(l.found))
	for i := range l.found {
		keys[i] = l.found[i].Key
	}
	known, err := l.p.Store.Known(l.ctx, l.v.Source.N, keys)
	if err != nil {
		return nil, err
	}
	src := &l.v.Source
	var m marks
	if src.Kind == dateline.SourceFeed {
		m = marksOf(l.found, known)
	}
	out := l.found[:0]
	for _, f := range l.found {
		mark, ok := known[f.Key]
		if ok && (mark == "" || src.Kind != dateline.SourceFeed || m.same(f.Entry, mark)) {
			continue
		}
		day := entryDay(f.Entry)
		switch {
		case !src.Since.IsZero() && day != (lang.Date{}) && day.Time(time.UTC).Before(src.Since.Truncate(24*time.Hour)):
			continue // older than what is followed
		case day == (lang.Date{}) && src.Kind == dateline.SourceSitemap:
			// A sitemap that gives no dates lists all there ever was: what it
			// has at first is known, and what comes later is news.
			early, err := l.first()
			if err != nil {
				return nil, err
			}
			if early {
				f.Due = time.Time{}
			}
		}
		f.Priority = work.News
		if day != (lang.Date{}) && l.p.Now().Sub(day.Time(time.UTC)) > 8*24*time.Hour {
			f.Priority = work.Backlog
		}
		if m.restless {
			f.Modified = ""
			if ok && !m.settled {
				f.Due = time.Time{} // only the mark is to be another
			}
		}
		out = append(out, f)
	}
	l.found = nil
	return out, nil
}

// first tells whether a source is read for the first time in the first round of
// what it belongs to: a sitemap that an index names later is news.
func (l *lister) first() (bool, error) {
	if l.early != nil {
		return *l.early, nil
	}
	src := l.v.Source
	early := src.Succeeded.IsZero()
	for early && src.Of != 0 {
		var err error
		if src, err = l.p.Store.Source(l.ctx, src.Of); err != nil {
			return false, err
		}
	}
	// Of an index, Changed is when it first named what it lists.
	if src.N != l.v.Source.N && l.p.Now().Sub(src.Changed) > 24*time.Hour {
		early = false
	}
	l.early = &early
	return early, nil
}

// marks are how a feed's entries are told to have changed. Many feeds give the
// time at which they were made as that of each entry's change: then titles
// alone count.
type marks struct {
	restless bool // times of change say nothing
	settled  bool // and the marks that are kept have none
}

// fewest is how many entries make a feed restless.
const fewest = 3

func marksOf(list []store.Found, known map[string]string) marks {
	times, most := map[string]int{}, 0
	whole, bare, other := 0, 0, 0
	for _, f := range list {
		if f.Modified != "" {
			times[f.Modified]++
			most = max(most, times[f.Modified])
		}
		switch mark := known[f.Key]; mark {
		case "":
		case store.EntryMark(f.Entry):
			whole++
		case titleMark(f.Entry):
			bare++
		default:
			other++
		}
	}
	return marks{
		restless: most >= fewest && 2*most > len(list) || bare+other >= fewest && bare+other > whole,
		settled:  bare > other,
	}
}

func titleMark(e dateline.Entry) string { return store.EntryMark(dateline.Entry{Title: e.Title}) }

// same tells whether a page's mark says that its entry has not changed.
func (m marks) same(e dateline.Entry, mark string) bool {
	return mark == titleMark(e) || !m.restless && mark == store.EntryMark(e)
}

// entryDay is when an entry's page was published or, failing that, changed, or
// what its address says.
func entryDay(e dateline.Entry) lang.Date {
	for _, s := range []string{e.Published, e.Modified} {
		if d, ok := lang.ParseDate(s); ok {
			return d
		}
	}
	d, _ := lang.URLDate(e.URL)
	return d
}
