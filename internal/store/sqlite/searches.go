package sqlite

import (
	"context"
	"fmt"

	"dateline"
	"dateline/internal/store"
)

const savedColumns = "id, user, name, query, created, seen, mail, webhook, secret, every, sent, sent_at, failures, error, retry"

func intoSaved(v *store.SavedSearch) list {
	return list{&v.ID, &v.User, &v.Name, &v.Query, toTime(&v.Created), &v.Seen, &v.Mail, &v.Webhook, &v.Secret, toDuration(&v.Every),
		&v.Sent, toTime(&v.SentAt), &v.Failures, &v.Error, toTime(&v.Retry)}
}

// PutSearch implements [store.Searches].
func (s *Store) PutSearch(ctx context.Context, v store.SavedSearch) (store.SavedSearch, error) {
	var out store.SavedSearch
	id := v.ID
	if id == "" {
		id = randomID()
	}
	err := s.write(ctx, func(t *tx) error {
		if v.User != 0 {
			t.user(v.User)
		}
		if v.Every < 0 {
			return fmt.Errorf("%w: it cannot be sent every %v", dateline.ErrInvalid, v.Every)
		}
		if v.ID == "" {
			var have int
			t.row("SELECT count(*) FROM saved WHERE user = ?", list{v.User}, &have)
			if t.err == nil && have >= store.MostSearches {
				return fmt.Errorf("%w: a user has %d saved searches at most; remove one first", dateline.ErrInvalid, store.MostSearches)
			}
			created := v.Created
			if created.IsZero() {
				created = s.now()
			}
			t.exec("INSERT INTO saved ("+savedColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				id, v.User, v.Name, v.Query, ms(created), v.Seen, v.Mail, v.Webhook, v.Secret, v.Every.Milliseconds(), v.Sent, ms(v.SentAt), v.Failures, v.Error, ms(v.Retry))
		} else {
			had := t.saved(id)
			if had.Mail != v.Mail || had.Webhook != v.Webhook {
				t.exec("UPDATE saved SET failures = 0, error = '', retry = 0 WHERE id = ?", id)
			}
			t.exec("UPDATE saved SET user = ?, name = ?, query = ?, seen = max(seen, ?), mail = ?, webhook = ?, secret = ?, every = ?, sent = max(sent, ?) WHERE id = ?",
				v.User, v.Name, v.Query, v.Seen, v.Mail, v.Webhook, v.Secret, v.Every.Milliseconds(), v.Sent, id)
		}
		out = t.saved(id)
		return nil
	})
	if err != nil {
		return store.SavedSearch{}, fmt.Errorf("keep search %.80q: %w", v.Name, err)
	}
	return out, nil
}

// saved reads a search; that it is missing is an error.
func (t *tx) saved(id string) store.SavedSearch {
	var v store.SavedSearch
	if !t.row("SELECT "+savedColumns+" FROM saved WHERE id = ?", list{id}, intoSaved(&v)...) {
		t.fail(dateline.ErrNotFound)
	}
	return v
}

// SearchSent implements [store.Searches].
func (s *Store) SearchSent(ctx context.Context, v store.SavedSearch) error {
	err := s.write(ctx, func(t *tx) error {
		if t.exec("UPDATE saved SET sent = max(sent, ?), sent_at = ?, failures = ?, error = ?, retry = ? WHERE id = ?",
			v.Sent, ms(v.SentAt), v.Failures, v.Error, ms(v.Retry), v.ID) == 0 && t.err == nil {
			return dateline.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep what became of sending search %.80q: %w", v.Name, err)
	}
	return nil
}

// SavedSearch implements [store.Searches]. Its id is a secret, and not in errors.
func (s *Store) SavedSearch(ctx context.Context, id string) (store.SavedSearch, error) {
	var v store.SavedSearch
	err := s.read(ctx, func(t *tx) error {
		v = t.saved(id)
		return nil
	})
	if err != nil {
		return store.SavedSearch{}, fmt.Errorf("read saved search: %w", err)
	}
	return v, nil
}

// ListSearches implements [store.Searches].
func (s *Store) ListSearches(ctx context.Context, user int64) ([]store.SavedSearch, error) {
	var out []store.SavedSearch
	err := s.read(ctx, func(t *tx) error {
		query, args := "SELECT "+savedColumns+" FROM saved", list{}
		if user >= 0 {
			query, args = query+" WHERE user = ?", list{user}
		}
		t.each(query, args, func(scan func(...any)) bool {
			var v store.SavedSearch
			scan(intoSaved(&v)...)
			out = append(out, v)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list saved searches: %w", err)
	}
	byName(out, func(v *store.SavedSearch) string { return v.Name }, func(v *store.SavedSearch) string { return v.ID })
	return out, nil
}

// DropSearch implements [store.Searches].
func (s *Store) DropSearch(ctx context.Context, id string) error {
	err := s.write(ctx, func(t *tx) error {
		if t.exec("DELETE FROM saved WHERE id = ?", id) == 0 && t.err == nil {
			return dateline.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove saved search: %w", err)
	}
	return nil
}

// LastVersion implements [store.Searches]. A version that only came of reading
// a capture again is not waited for: there may be a hundred thousand of them.
func (s *Store) LastVersion(ctx context.Context) (int64, error) {
	var n int64
	err := s.read(ctx, func(t *tx) error {
		if !t.row(`SELECT n - 1 FROM version v WHERE annotator = 0 AND news = 0
			AND EXISTS (SELECT 1 FROM work w WHERE w.stage = 'annotate' AND w.key = v.n AND w.state <> 2) ORDER BY n LIMIT 1`, nil, &n) {
			t.row("SELECT coalesce(max(n), 0) FROM version", nil, &n)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("read the last version: %w", err)
	}
	return n, nil
}
