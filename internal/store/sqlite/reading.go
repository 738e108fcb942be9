package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

// SaveReading implements [store.Pages].
func (s *Store) SaveReading(ctx context.Context, it work.Item, r store.Reading) (store.Saved, error) {
	saved, err := s.saveReading(ctx, it, &r)
	if err != nil {
		return store.Saved{}, fmt.Errorf("save reading of capture %d: %w", r.Capture, err)
	}
	return saved, nil
}

func (s *Store) saveReading(ctx context.Context, it work.Item, r *store.Reading) (saved store.Saved, err error) {
	if r.Reader == "" {
		return saved, fmt.Errorf("%w: it does not say who read", dateline.ErrInvalid)
	}
	var v reading
	if r.Article != nil {
		// What costs time is done before the writer is asked.
		if err := v.prepare(s, r); err != nil {
			return saved, err
		}
	}
	err = s.write(ctx, func(t *tx) error {
		saved = store.Saved{}
		k := t.capture(r.Capture)
		if t.err == nil && k.Page == 0 {
			return fmt.Errorf("%w: it is of no page", dateline.ErrInvalid)
		}
		p := t.page(k.Page)
		if t.err != nil {
			return nil
		}
		saved.Before, saved.Version = p.Version, k.Version
		reader := t.code(r.Reader)
		if r.Article != nil {
			t.claim(p.N, r.Keys)
			if t.latest(&k) {
				t.meet(&p, v.digest)
			}
			saved.Version, saved.New = t.keep(&v, p.N, reader, it.Version != "")
			if saved.New {
				t.add("annotate", saved.Version, it.Version, 0, int(it.Priority), 1, false)
				t.exec("UPDATE page SET relooks = 0 WHERE n = ?", p.N)
				t.exec("UPDATE version SET news = coalesce((SELECT iif(o.news > 0, o.news, o.n) FROM version o WHERE o.n = ?), 0) WHERE n = ?", k.Version, saved.Version)
			}
		}
		t.exec("UPDATE capture SET version = ?1, reader = iif(?2 AND reader <> 0, reader, ?3) WHERE n = ?4", saved.Version, r.Unread, reader, k.N)
		if k.Version != 0 && saved.Version != 0 && k.Version != saved.Version {
			// Answers that it had not changed go with what had not changed.
			t.exec("UPDATE capture SET version = ? WHERE page = ? AND version = ? AND reader = 0", saved.Version, p.N, k.Version)
			s.succeed(t, p.N, k.Version, saved.Version)
		}
		t.refresh(p.N)
		t.exec("UPDATE page SET outcome = ? WHERE n = ? AND (capture = ? OR ?)", r.Outcome, p.N, k.N, k.Feed)
		t.end(it)
		saved.Page = t.page(p.N)
		return nil
	})
	return saved, err
}

// reading is an article as it is kept.
type reading struct {
	article *dateline.Article
	digest  []byte
	record  []byte
	terms   [4]string
}

func (v *reading) prepare(s *Store, r *store.Reading) error {
	var err error
	v.article = r.Article
	if v.digest, err = digestBytes(r.Digest); err != nil {
		return err
	}
	if len(v.digest) == 0 {
		return fmt.Errorf("%w: the article has no digest", dateline.ErrInvalid)
	}
	// What the store knows better is left out.
	a := *r.Article
	a.ID, a.Outlet, a.Version, a.Capture, a.Annotations = "", "", 0, nil, nil
	data, err := a.MarshalJSON()
	if err != nil {
		return err
	}
	v.record = s.enc.EncodeAll(data, nil)
	v.terms = [4]string{strings.Join(r.Terms.Title, " "), once(r.Terms.TitleStems), strings.Join(r.Terms.Text, " "), once(r.Terms.TextStems)}
	return nil
}

// once joins stems, each once: nobody asks for them in a row, and places cost
// room.
func once(stems []string) string {
	seen := make(map[string]bool, len(stems))
	var b strings.Builder
	for _, s := range stems {
		if !seen[s] {
			seen[s] = true
			b.WriteString(s)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// latest tells whether what a capture shows is what its page shows now.
func (t *tx) latest(k *store.Kept) bool {
	var one int
	return !t.row("SELECT 1 FROM capture WHERE page = ? AND version NOT IN (0, ?) AND (seen, n) > (SELECT seen, n FROM capture WHERE n = ?)", list{k.Page, k.Version, k.N}, &one)
}

// keep gives the page's version with the text, a new one where it has none.
// What other code read of the same text, or what is read again on purpose, takes
// the place of what was read.
func (t *tx) keep(v *reading, page, reader int64, again bool) (n int64, isNew bool) {
	a := v.article
	var by int64
	if t.row("SELECT n, reader FROM version WHERE page = ? AND digest = ?", list{page, v.digest}, &n, &by) {
		if by != reader || again {
			t.exec("UPDATE version SET reader = ?, kind = ?, language = ?, title = ?, published = ? WHERE n = ?", reader, string(a.Kind), a.Language, a.Title, a.Published, n)
			t.exec("UPDATE record SET data = ? WHERE version = ?", v.record, n)
			t.exec("DELETE FROM term WHERE rowid = ?", n)
			t.index(n, v)
		}
		return n, false
	}
	n = t.insert("INSERT INTO version (page, digest, reader, kind, language, title, published, time, current) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
		page, v.digest, reader, string(a.Kind), a.Language, a.Title, a.Published)
	t.exec("INSERT INTO record (version, data) VALUES (?, ?)", n, v.record)
	t.index(n, v)
	return n, true
}

func (t *tx) index(version int64, v *reading) {
	t.exec("INSERT INTO term (rowid, title, title_stems, text, text_stems) VALUES (?, ?, ?, ?, ?)", version, v.terms[0], v.terms[1], v.terms[2], v.terms[3])
}

// sortTime is the time of publication where it is known and not after the
// article was first seen, else when that was.
func sortTime(published string, seen int64) int64 {
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02", "2006-01", "2006"} {
		t, err := time.Parse(layout, published)
		if err != nil {
			continue
		}
		if n := t.UnixMilli(); n != 0 && n <= seen {
			return n
		}
		break
	}
	return seen
}

// Article implements [store.Records].
func (s *Store) Article(ctx context.Context, version int64) (*dateline.Article, error) {
	var data []byte
	var marks []dateline.Mark
	var p store.Page
	var number int
	var first store.Kept
	err := s.read(ctx, func(t *tx) error {
		var page int64
		if !t.row("SELECT v.page, r.data FROM version v JOIN record r ON r.version = v.n WHERE v.n = ?", list{version}, &page, &data) && t.err == nil {
			return dateline.ErrNotFound
		}
		p = t.page(page)
		marks = t.marks(version)
		for _, v := range versionsOf(t.captures(page)) {
			if v.N == version {
				number, first = v.Number, v.first
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read article %d: %w", version, err)
	}
	a, err := s.decode(data)
	if err == nil {
		a.Annotations, err = dateline.AnnotationsOf(a.Title, a.Text, marks)
	}
	if err != nil {
		// Whatever it is, it is no fault of who asks.
		return nil, fmt.Errorf("read article %d: %w: %v", version, dateline.ErrCorrupt, err)
	}
	a.ID, a.Outlet, a.Version, a.Capture = p.ID, p.Outlet, number, &first.Capture
	return a, nil
}

// Texts implements [store.Records].
func (s *Store) Texts(ctx context.Context, versions []int64) (map[int64]*dateline.Article, error) {
	data := make(map[int64][]byte, len(versions))
	err := s.read(ctx, func(t *tx) error {
		t.each("SELECT version, data FROM record WHERE version IN (SELECT value FROM json_each(?))", list{inJSON(versions)}, func(scan func(...any)) bool {
			var n int64
			var b []byte
			scan(&n, &b)
			data[n] = b
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read %d texts: %w", len(versions), err)
	}
	out := make(map[int64]*dateline.Article, len(data))
	for n, b := range data {
		if a, err := s.decode(b); err == nil {
			out[n] = a
		}
	}
	return out, nil
}

func (s *Store) decode(data []byte) (*dateline.Article, error) {
	text, err := s.dec.DecodeAll(data, nil)
	if err != nil {
		return nil, err
	}
	a := new(dateline.Article)
	if err := json.Unmarshal(text, a); err != nil {
		return nil, err
	}
	return a, nil
}
