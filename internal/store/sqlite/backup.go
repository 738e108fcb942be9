package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"

	"dateline"
	"dateline/internal/store"
)

// checkpoint moves the log into the file and empties it. Readers that are at
// work are waited for, for a while; what they hold back goes later.
func (s *Store) checkpoint(ctx context.Context) error {
	return s.outside(ctx, func(c *conn) error {
		var busy, log, moved int
		return c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
	})
}

// outside runs f on a connection of its own, beside the writer.
func (s *Store) outside(ctx context.Context, f func(*conn) error) error {
	select {
	case <-s.stop:
		return errClosed
	default:
	}
	c, err := connect(ctx, s.db)
	if err != nil {
		return wrap(err)
	}
	defer c.close()
	return wrap(f(c))
}

// Backup implements [store.Records].
func (s *Store) Backup(ctx context.Context, path string) error {
	if err := s.backup(ctx, path); err != nil {
		return fmt.Errorf("back up database to %s: %w", path, err)
	}
	return nil
}

func (s *Store) backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fmt.Errorf("%w: the file is there already", dateline.ErrInvalid)
		}
		return err
	}
	err := s.outside(ctx, func(c *conn) error {
		_, err := c.ExecContext(ctx, "VACUUM INTO ?", path)
		return err
	})
	if err == nil {
		err = syncFile(path)
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Check implements [store.Records].
func (s *Store) Check(ctx context.Context) ([]string, error) {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	err := s.outside(ctx, func(c *conn) error {
		// All of one state: what is written meanwhile breaks no rule.
		if err := c.plain(ctx, "BEGIN"); err != nil {
			return err
		}
		defer func() { _ = c.plain(context.WithoutCancel(ctx), "ROLLBACK") }()
		// A connection that was used before remembers how the search index was
		// laid out then. A query makes it look again, the check does not.
		_ = c.run(ctx, "SELECT rowid FROM term WHERE term MATCH 'a' LIMIT 1")
		_ = c.run(ctx, "SELECT rowid FROM named WHERE named MATCH 'a' LIMIT 1")
		rows, err := c.QueryContext(ctx, "PRAGMA integrity_check(100)")
		if err != nil {
			return err
		}
		if err := each(rows, func() error {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			if line != "ok" {
				add("database: %s", line)
			}
			return nil
		}); err != nil {
			return err
		}
		rows, err = c.QueryContext(ctx, "PRAGMA foreign_key_check")
		if err != nil {
			return err
		}
		if err := each(rows, func() error {
			var table, parent string
			var row sql.NullInt64
			var fk int
			if err := rows.Scan(&table, &row, &parent, &fk); err != nil {
				return err
			}
			add("%s %d refers to a %s that is missing", table, row.Int64, parent)
			return nil
		}); err != nil {
			return err
		}
		for _, rule := range rules {
			rows, err := c.QueryContext(ctx, rule.query)
			if err != nil {
				return err
			}
			if err := each(rows, func() error {
				var n int64
				if err := rows.Scan(&n); err != nil {
					return err
				}
				add(rule.says, n)
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, dateline.ErrCorrupt) {
		add("database: %v", err)
		err = nil
	}
	if err != nil {
		return out, fmt.Errorf("check database: %w", err)
	}
	return out, nil
}

// Damaged implements [store.Store]. It reads some at a time, so that nobody
// waits for it.
func (s *Store) Damaged(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last := int64(0)
		for more := true; more; {
			var bad []string
			err := s.read(ctx, func(t *tx) error {
				const some = 200
				rows := 0
				t.each(`SELECT v.n, v.digest, p.id, r.data FROM version v JOIN page p ON p.n = v.page JOIN record r ON r.version = v.n
					WHERE v.n > ? ORDER BY v.n LIMIT ?`, list{last, some}, func(scan func(...any)) bool {
					var digest, data []byte
					var id string
					scan(&last, &digest, &id, &data)
					rows++
					if a, err := s.decode(data); err != nil || !isDigest(store.TextDigest(a), digest) {
						bad = append(bad, id)
					}
					return true
				})
				more = rows == some
				return nil
			})
			if err != nil {
				yield("", fmt.Errorf("check articles: %w", err))
				return
			}
			for _, id := range bad {
				if !yield(id, nil) {
					return
				}
			}
		}
	}
}

func isDigest(digest string, kept []byte) bool {
	b, err := digestBytes(digest)
	return err == nil && bytes.Equal(b, kept)
}

func each(rows *sql.Rows, f func() error) error {
	defer rows.Close()
	for rows.Next() {
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rules are what the tables promise each other: a query for the numbers of the
// rows that break it, and what to say of each.
var rules = []struct{ query, says string }{
	{"SELECT n FROM version v WHERE NOT EXISTS (SELECT 1 FROM capture c WHERE c.page = v.page AND c.version = v.n)", "version %d is shown by no capture"},
	{"SELECT n FROM version v WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.version = v.n)", "version %d has no record"},
	{"SELECT n FROM version v WHERE marks <> (SELECT count(*) FROM mark m WHERE m.version = v.n)", "version %d has lost marks"},
	{"SELECT max(n) FROM version GROUP BY page, digest HAVING count(*) > 1", "version %d has the text of another version of its page"},
	{"SELECT n FROM version v WHERE current <> (SELECT p.version = v.n FROM page p WHERE p.n = v.page)", "version %d: it and its page do not agree on which is current"},
	{`SELECT n FROM page p WHERE version <> coalesce((SELECT c.version FROM capture c WHERE c.page = p.n AND c.version > 0 ORDER BY c.seen DESC, c.n DESC LIMIT 1), 0)`,
		"page %d: its current version is not what was last captured"},
	{"SELECT n FROM page p WHERE NOT EXISTS (SELECT 1 FROM address a WHERE a.page = p.n AND a.page > 0)", "page %d has no address"},
	{"SELECT DISTINCT page FROM address WHERE page > 0 AND page NOT IN (SELECT n FROM page)", "page %d is missing and has addresses"},
	{"SELECT page FROM claim WHERE page NOT IN (SELECT n FROM page)", "page %d is missing and claims addresses"},
	{"SELECT n FROM capture WHERE page > 0 AND page NOT IN (SELECT n FROM page)", "capture %d: its page is missing"},
	{"SELECT n FROM capture c WHERE version > 0 AND NOT EXISTS (SELECT 1 FROM version v WHERE v.n = c.version AND v.page = c.page)", "capture %d: its version is missing"},
	{"SELECT n FROM version WHERE n NOT IN (SELECT rowid FROM term)", "version %d has no search terms"},
	{"SELECT rowid FROM term WHERE rowid NOT IN (SELECT n FROM version)", "search terms %d are of no version"},
	{"SELECT n FROM version WHERE marks > 0 AND n NOT IN (SELECT rowid FROM named)", "the marks of version %d cannot be looked up"},
	{"SELECT rowid FROM named WHERE rowid NOT IN (SELECT n FROM version)", "names %d are of no version"},
	{"SELECT host FROM work WHERE state = 1 AND host IS NOT NULL GROUP BY host HAVING count(*) > 1", "lane %d has several units out"},
	{"SELECT n FROM host h WHERE ready IS NOT NULL AND EXISTS (SELECT 1 FROM work w WHERE w.host = h.n AND w.state = 1)", "lane %d is ready though a unit is out"},
	{"SELECT n FROM host h WHERE ready IS NULL AND EXISTS (SELECT 1 FROM work w WHERE w.host = h.n AND w.state = 0) AND NOT EXISTS (SELECT 1 FROM work w WHERE w.host = h.n AND w.state = 1)",
		"lane %d waits for nothing"},
	{"SELECT page FROM reading r WHERE version > 0 AND EXISTS (SELECT 1 FROM version v WHERE v.n = r.version AND v.page <> r.page)", "page %d: a user has read a version of another page"},
	{"SELECT DISTINCT user FROM reading WHERE user > 0 AND user NOT IN (SELECT n FROM user)", "user %d is missing and has a reading state"},
	{"SELECT DISTINCT user FROM saved WHERE user > 0 AND user NOT IN (SELECT n FROM user)", "user %d is missing and has saved searches"},
	{"SELECT key FROM work WHERE stage = 'fetch' AND state <> 1 AND key NOT IN (SELECT n FROM page)", "work waits for page %d, which is missing"},
	{"SELECT key FROM work WHERE stage = 'read' AND key NOT IN (SELECT n FROM capture)", "work waits for capture %d, which is missing"},
	{"SELECT key FROM work WHERE stage = 'annotate' AND key NOT IN (SELECT n FROM version)", "work waits for version %d, which is missing"},
	{"SELECT key FROM work WHERE stage = 'follow' AND state <> 1 AND key NOT IN (SELECT n FROM source)", "work waits for source %d, which is missing"},
}
