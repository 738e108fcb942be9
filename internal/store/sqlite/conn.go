package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// conn is one connection with the statements it has prepared.
type conn struct {
	*sql.Conn
	prepared map[string]*sql.Stmt
}

func connect(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{c, map[string]*sql.Stmt{}}, nil
}

func (c *conn) close() {
	for _, s := range c.prepared {
		s.Close()
	}
	c.Conn.Close()
}

// run executes statements that are not worth keeping.
func (c *conn) run(ctx context.Context, queries ...string) error {
	for _, q := range queries {
		if _, err := c.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// stmt gives the prepared statement. There are as many as the package has
// texts of queries; those made up of a search are not kept.
func (c *conn) stmt(ctx context.Context, q string) (*sql.Stmt, error) {
	if s := c.prepared[q]; s != nil {
		return s, nil
	}
	s, err := c.PrepareContext(ctx, q)
	if err == nil {
		c.prepared[q] = s
	}
	return s, err
}

// plain executes a statement without arguments.
func (c *conn) plain(ctx context.Context, q string) error {
	s, err := c.stmt(ctx, q)
	if err == nil {
		_, err = s.ExecContext(ctx)
	}
	return err
}

// tx is a transaction on a connection. It keeps the first error and does
// nothing after it, so that an operation reads as what it does; who decides on
// what it has read asks for err first.
type tx struct {
	ctx   context.Context
	c     *conn
	err   error
	lanes map[int64]bool // hosts whose time is to be reckoned again
}

// list is the arguments of a query.
type list = []any

// fail keeps an error.
func (t *tx) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// exec runs a statement and tells how many rows it changed.
func (t *tx) exec(q string, args ...any) int {
	r := t.do(q, args)
	if r == nil {
		return 0
	}
	n, err := r.RowsAffected()
	if err != nil {
		t.fail(err)
	}
	return int(n)
}

// insert runs a statement and gives the number of the row it added.
func (t *tx) insert(q string, args ...any) int64 {
	r := t.do(q, args)
	if r == nil {
		return 0
	}
	n, err := r.LastInsertId()
	if err != nil {
		t.fail(err)
	}
	return n
}

func (t *tx) do(q string, args list) sql.Result {
	if t.err != nil {
		return nil
	}
	s, err := t.c.stmt(t.ctx, q)
	if err != nil {
		t.fail(err)
		return nil
	}
	r, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		t.fail(err)
		return nil
	}
	return r
}

// row reads the first row. It is false where there is none.
func (t *tx) row(q string, args list, dest ...any) bool {
	if t.err != nil {
		return false
	}
	s, err := t.c.stmt(t.ctx, q)
	if err == nil {
		err = s.QueryRowContext(t.ctx, args...).Scan(dest...)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return false
	}
	if err != nil {
		t.fail(err)
	}
	return err == nil
}

// each calls f with each row until it returns false. f must not use the transaction.
func (t *tx) each(q string, args list, f func(scan func(dest ...any)) bool) {
	if t.err != nil {
		return
	}
	s, err := t.c.stmt(t.ctx, q)
	if err != nil {
		t.fail(err)
		return
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		t.fail(err)
		return
	}
	t.rows(rows, f)
}

func (t *tx) rows(rows *sql.Rows, f func(scan func(dest ...any)) bool) {
	defer rows.Close()
	scan := func(dest ...any) {
		if err := rows.Scan(dest...); err != nil {
			t.fail(err)
		}
	}
	for rows.Next() {
		if !f(scan) || t.err != nil {
			return
		}
	}
	if err := rows.Err(); err != nil {
		t.fail(err)
	}
}

// numbers reads a column of numbers.
func (t *tx) numbers(q string, args ...any) []int64 {
	var out []int64
	t.each(q, args, func(scan func(...any)) bool {
		var n int64
		scan(&n)
		out = append(out, n)
		return true
	})
	return out
}
