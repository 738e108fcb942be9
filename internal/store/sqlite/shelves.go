package sqlite

import (
	"context"
	"fmt"

	"dateline"
	"dateline/internal/store"
)

// PutReading implements [store.Shelves].
func (s *Store) PutReading(ctx context.Context, r store.ReadingState) error {
	err := s.write(ctx, func(t *tx) error {
		if r.User != 0 {
			t.user(r.User)
		}
		page := t.page(r.Page).N
		var of int64
		if r.Version != 0 && t.err == nil {
			switch {
			case !t.row("SELECT page FROM version WHERE n = ?", list{r.Version}, &of):
				return fmt.Errorf("version %d: %w", r.Version, dateline.ErrNotFound)
			case of != page:
				return fmt.Errorf("%w: version %d is of another page", dateline.ErrInvalid, r.Version)
			}
		}
		var put int64
		var note string
		t.row("SELECT put, note FROM reading WHERE user = ? AND page = ?", list{r.User, page}, &put, &note)
		switch {
		case !r.Starred.IsZero():
			put = ms(r.Starred)
		case r.Note != "" && note == "":
			put = ms(s.now())
		}
		t.exec(`INSERT INTO reading (user, page, version, read, starred, note, put) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (user, page) DO UPDATE SET version = excluded.version, read = excluded.read, starred = excluded.starred, note = excluded.note, put = excluded.put`,
			r.User, page, r.Version, ms(r.Read), ms(r.Starred), r.Note, put)
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep reading state of page %d: %w", r.Page, err)
	}
	return nil
}

const readingColumns = "r.user, r.page, r.version, r.read, r.starred, r.note"

func intoReading(r *store.ReadingState) list {
	return list{&r.User, &r.Page, &r.Version, toTime(&r.Read), toTime(&r.Starred), &r.Note}
}

// ReadingStates implements [store.Shelves].
func (s *Store) ReadingStates(ctx context.Context, user int64, pages []int64) (map[int64]store.ReadingState, error) {
	out := map[int64]store.ReadingState{}
	err := s.read(ctx, func(t *tx) error {
		for _, page := range pages {
			var r store.ReadingState
			if t.row("SELECT "+readingColumns+" FROM reading r WHERE r.user = ? AND r.page = ?", list{user, page}, intoReading(&r)...) {
				out[page] = r
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read reading states: %w", err)
	}
	return out, nil
}

// Starred implements [store.Shelves].
func (s *Store) Starred(ctx context.Context, user int64, cursor int64, limit int) ([]store.ReadingState, error) {
	var out []store.ReadingState
	err := s.read(ctx, func(t *tx) error {
		query := "SELECT " + readingColumns + " FROM reading r WHERE r.user = ? AND (r.starred > 0 OR r.note <> '')"
		args := list{user}
		if cursor != 0 {
			page := t.page(cursor).N
			var put int64
			if !t.row("SELECT put FROM reading WHERE user = ? AND page = ?", list{user, page}, &put) && t.err == nil {
				return dateline.ErrNotFound
			}
			query += " AND (r.put, r.page) < (?, ?)"
			args = append(args, put, page)
		}
		if limit <= 0 {
			limit = -1
		}
		t.each(query+" ORDER BY r.put DESC, r.page DESC LIMIT ?", append(args, limit), func(scan func(...any)) bool {
			var r store.ReadingState
			scan(intoReading(&r)...)
			out = append(out, r)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list what is put by: %w", err)
	}
	return out, nil
}

// shelve has what users keep of one page be of another that it is now.
func (t *tx) shelve(into, from int64) {
	t.exec(`UPDATE reading AS r SET version = iif(o.read > r.read, o.version, r.version), read = max(o.read, r.read), put = max(o.put, r.put),
			starred = iif(r.starred = 0 OR o.starred = 0, max(r.starred, o.starred), min(r.starred, o.starred)),
			note = iif(r.note = '' OR r.note = o.note, o.note, iif(o.note = '', r.note, r.note || char(10) || o.note))
		FROM (SELECT * FROM reading WHERE page = ?2) AS o WHERE r.page = ?1 AND r.user = o.user`, into, from)
	t.exec("UPDATE OR IGNORE reading SET page = ?1 WHERE page = ?2", into, from)
	t.exec("DELETE FROM reading WHERE page = ?", from)
}
