package sqlite

import (
	"context"
	"embed"
	"fmt"

	"dateline"
)

//go:embed migrations/*.sql
var migrations embed.FS

// latest is the number of the last migration.
const latest = 12

// reckoned is what a migration does that SQL cannot, by its number.
var reckoned = map[int]func(*tx){
	// The time by which versions are sorted: a page's later version could have
	// one that was ahead when it was first stated.
	10: func(t *tx) {
		for _, page := range t.numbers("SELECT page FROM version GROUP BY page HAVING count(*) > 1") {
			t.refresh(page)
		}
	},
}

// migrate runs the migrations that the file has not seen, each in a
// transaction with its number.
func migrate(ctx context.Context, c *conn) error { return migrateTo(ctx, c, latest) }

func migrateTo(ctx context.Context, c *conn, last int) error {
	have, err := form(ctx, c)
	if err != nil {
		return err
	}
	for n := have + 1; n <= last; n++ {
		text, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", n))
		if err != nil {
			return err
		}
		err = c.run(ctx, "BEGIN IMMEDIATE", string(text))
		if more := reckoned[n]; more != nil && err == nil {
			t := &tx{ctx: ctx, c: c}
			more(t)
			err = t.err
		}
		if err == nil {
			err = c.run(ctx, fmt.Sprintf("PRAGMA user_version = %d", n), "COMMIT")
		}
		if err != nil {
			_ = c.run(ctx, "ROLLBACK")
			return fmt.Errorf("migration %d: %w", n, err)
		}
	}
	return nil
}

// form is the number of the last migration that the file has seen, which is
// one that this program knows.
func form(ctx context.Context, c *conn) (have int, err error) {
	if err := c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return 0, err
	}
	if have > latest {
		return 0, fmt.Errorf("%w: it was made by a newer program (format %d, this one knows %d); update this program, or restore a backup that it made",
			dateline.ErrUnsupported, have, latest)
	}
	return have, nil
}
