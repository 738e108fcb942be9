package sqlite

import (
	"context"
	"errors"
	"fmt"

	"dateline"
)

// maxGroup is how many operations share a commit at most.
const maxGroup = 64

// op is a write that waits for the writer.
type op struct {
	ctx  context.Context
	f    func(*tx) error
	err  error
	done chan struct{}
}

var (
	errClosed   = errors.New("the store is closed")
	errReadOnly = fmt.Errorf("%w: the record can be looked at alone, as its folder cannot be written to", dateline.ErrRefused)
)

// write runs f in a transaction and returns when that is on the disk. f may
// run more than once only if the first time it left nothing. When the context
// ends before f has begun it does not run; afterwards the context is not
// looked at, for half a write helps nobody.
func (s *Store) write(ctx context.Context, f func(*tx) error) error {
	if s.writer == nil {
		return errReadOnly
	}
	o := &op{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case <-s.stop:
		return errClosed
	default:
	}
	select {
	case s.ops <- o:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stop:
		return errClosed
	}
	select {
	case <-o.done:
	case <-s.done:
		select {
		case <-o.done:
		default:
			return errClosed
		}
	}
	return wrap(o.err)
}

// loop is the writer.
func (s *Store) loop() {
	defer close(s.done)
	group := make([]*op, 0, maxGroup)
	for {
		group = group[:0]
		select {
		case o := <-s.ops:
			group = append(group, o)
		case <-s.stop:
			return
		}
	more:
		for len(group) < maxGroup {
			select {
			case o := <-s.ops:
				group = append(group, o)
			default:
				break more
			}
		}
		s.commit(group)
		for i, o := range group {
			close(o.done)
			group[i] = nil
		}
	}
}

// commit runs a group of operations in one transaction. An operation that
// fails is rolled back alone; an error of the disk ends all of them.
func (s *Store) commit(group []*op) {
	ctx := context.Background()
	err := s.fault("begin")
	if err == nil {
		err = s.writer.plain(ctx, "BEGIN IMMEDIATE")
	}
	if err != nil {
		fail(group, err)
		return
	}
	for _, o := range group {
		if o.err = o.ctx.Err(); o.err != nil {
			continue
		}
		if o.err = s.operate(ctx, o, len(group) > 1); o.err != nil && (len(group) == 1 || fatal(o.err)) {
			if len(group) > 1 {
				fail(group, o.err)
			}
			s.rollback(ctx)
			return
		}
	}
	if err = s.fault("commit"); err == nil {
		err = s.writer.plain(ctx, "COMMIT")
	}
	if err != nil {
		s.rollback(ctx)
		fail(group, err)
		return
	}
	if err = s.fault("committed"); err != nil {
		fail(group, err)
	}
}

// operate runs one operation, in a savepoint where it is not alone.
func (s *Store) operate(ctx context.Context, o *op, shared bool) error {
	if shared {
		if err := s.writer.plain(ctx, "SAVEPOINT operation"); err != nil {
			return fmt.Errorf("%w: %w", errFatal, err)
		}
	}
	t := &tx{ctx: ctx, c: s.writer}
	err := s.fault("operation")
	if err == nil {
		err = o.f(t)
	}
	if err == nil {
		t.settle()
		err = t.err
	}
	if !shared || fatal(err) {
		return err
	}
	if err != nil {
		if undo := s.writer.plain(ctx, "ROLLBACK TO operation"); undo != nil {
			return fmt.Errorf("%w: %w, after %w", errFatal, undo, err)
		}
	}
	if undo := s.writer.plain(ctx, "RELEASE operation"); undo != nil {
		return fmt.Errorf("%w: %w", errFatal, undo)
	}
	return err
}

// errFatal marks an error after which a transaction cannot go on.
var errFatal = errors.New("transaction ended")

// rollback ends the transaction, which SQLite may have ended already.
func (s *Store) rollback(ctx context.Context) { _ = s.writer.plain(ctx, "ROLLBACK") }

func fail(group []*op, err error) {
	for _, o := range group {
		o.err = err
	}
}

// read runs f over one state of the store.
func (s *Store) read(ctx context.Context, f func(*tx) error) error {
	var c *conn
	select {
	case <-s.stop:
		return errClosed
	default:
	}
	select {
	case c = <-s.readers:
		defer func() { s.readers <- c }()
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stop:
		return errClosed
	}
	// Statements of the transaction itself are not to be cut off. A context
	// that ends can still hit one that follows, so each is made sure of.
	bg := context.WithoutCancel(ctx)
	err := c.plain(bg, "BEGIN")
	if err != nil {
		_ = c.plain(bg, "ROLLBACK")
		err = c.plain(bg, "BEGIN")
	}
	if err != nil {
		return wrap(err)
	}
	defer func() {
		if c.plain(bg, "COMMIT") != nil {
			_ = c.plain(bg, "ROLLBACK")
		}
	}()
	t := &tx{ctx: ctx, c: c}
	err = f(t)
	if err == nil {
		err = t.err
	}
	if ctx.Err() != nil && err != nil && !errors.Is(err, dateline.ErrNotFound) {
		return ctx.Err()
	}
	return wrap(err)
}
