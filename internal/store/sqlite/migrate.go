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
const latest = 9

// migrate runs the migrations that the file has not seen, each in a
// transaction with its number.
func migrate(ctx context.Context, c *conn) error { return migrateTo(ctx, c, latest) }

func migrateTo(ctx context.Context, c *conn, last int) error {
	var have int
	if err := c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return err
	}
	if have > latest {
		return fmt.Errorf("%w: it was made by a newer program (format %d, this one knows %d); update this program, or restore a backup that it made",
			dateline.ErrUnsupported, have, latest)
	}
	for n := have + 1; n <= last; n++ {
		text, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", n))
		if err != nil {
			return err
		}
		if err := c.run(ctx, "BEGIN IMMEDIATE", string(text), fmt.Sprintf("PRAGMA user_version = %d", n), "COMMIT"); err != nil {
			_ = c.run(ctx, "ROLLBACK")
			return fmt.Errorf("migration %d: %w", n, err)
		}
	}
	return nil
}
