package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"modernc.org/sqlite"

	"dateline"
	"dateline/internal/store"
)

var _ store.Store = (*Store)(nil)

// Options tune a store. The zero value is the default.
type Options struct {
	// Now is the clock, for what has no time of its own; time.Now if nil.
	Now func() time.Time
	// Fault is called before each step of a write, for tests: "begin",
	// "operation", "commit", and "committed" after it. What it returns is the
	// step's error.
	Fault func(step string) error
	// ReadOnly opens a file to look at it, where nothing can be written: no file
	// is made beside it, and what would write is refused with an error that
	// wraps [dateline.ErrRefused]. The file must be of this program's form. Where
	// there is a log of writes, what has written it must have left it whole, or be
	// at work; where there is none, nobody may begin to write meanwhile.
	ReadOnly bool
	// Readers is how many reads run at a time; 4 if 0.
	Readers int
}

// Store is an open file. It implements [store.Store].
type Store struct {
	path    string
	now     func() time.Time
	fault   func(string) error
	db      *sql.DB
	writer  *conn
	readers chan *conn
	n       int // readers
	ops     chan *op
	stop    chan struct{} // closed when no more operations are taken
	done    chan struct{} // closed when the writer has ended
	close   func() error
	answers answers

	enc *zstd.Encoder
	dec *zstd.Decoder
}

// Open opens the file, makes it where it is missing, and brings it up to date.
// A file of a newer program is refused with an error that wraps
// [dateline.ErrUnsupported].
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	s, err := open(ctx, path, o)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, wrap(err))
	}
	return s, nil
}

// pragmas are set on each connection, in order.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)" +
	"&_pragma=secure_delete(ON)&_pragma=cache_size(-32000)&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(67108864)"

func open(ctx context.Context, path string, o Options) (_ *Store, err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	how := pragmas
	if o.ReadOnly {
		how = "mode=ro&" + how
		if log, err := os.Stat(abs + "-wal"); err != nil || log.Size() == 0 {
			how = "immutable=1&" + how // else the index of the log would be made
		}
	}
	c, err := sqlite.NewConnector((&url.URL{Scheme: "file", Path: abs, RawQuery: how}).String())
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, now: o.Now, fault: o.Fault, db: sql.OpenDB(c), n: o.Readers,
		ops: make(chan *op, maxGroup), stop: make(chan struct{}), done: make(chan struct{})}
	if s.now == nil {
		s.now = time.Now
	}
	if s.fault == nil {
		s.fault = func(string) error { return nil }
	}
	if s.n <= 0 {
		s.n = 4
	}
	s.close = sync.OnceValue(s.shut)
	defer func() {
		if err != nil {
			s.db.Close()
		}
	}()
	if o.ReadOnly {
		err = s.openReadOnly(ctx)
	} else {
		err = s.openWriter(ctx)
	}
	if err != nil {
		return nil, err
	}
	s.readers = make(chan *conn, s.n)
	for range s.n {
		r, err := connect(ctx, s.db)
		if err != nil {
			return nil, err
		}
		if err := r.run(ctx, "PRAGMA query_only = ON"); err != nil {
			return nil, err
		}
		s.readers <- r
	}
	if s.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<20)); err != nil {
		return nil, err
	}
	if s.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(s.n), zstd.WithDecoderMaxMemory(64<<20)); err != nil {
		return nil, err
	}
	if s.writer != nil {
		go s.loop()
	} else {
		close(s.done)
	}
	return s, nil
}

// openWriter makes ready to write, and brings the file up to date.
func (s *Store) openWriter(ctx context.Context) (err error) {
	if s.writer, err = connect(ctx, s.db); err != nil {
		return err
	}
	// The log is moved into the file at 32 MB: pages that are written again and
	// again, such as those of indexes, are then written there once. Reading as
	// much after a crash takes a tenth of a second.
	if err := s.writer.run(ctx, "PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 8000"); err != nil {
		return err
	}
	return migrate(ctx, s.writer)
}

// openReadOnly sees that the file can be read as it is.
func (s *Store) openReadOnly(ctx context.Context) error {
	c, err := connect(ctx, s.db)
	if err != nil {
		return err
	}
	defer c.close()
	have, err := form(ctx, c)
	if err == nil && have < latest {
		err = fmt.Errorf("%w: it was made by an older program (format %d, this one reads %d), and cannot be brought up to date where nothing can be written", dateline.ErrUnsupported, have, latest)
	}
	return err
}

// Close waits for what is being read and written, and closes the file. Writes
// that have not begun get an error. It may be called again.
func (s *Store) Close() error { return s.close() }

func (s *Store) shut() error {
	close(s.stop)
	<-s.done
	for range s.n {
		(<-s.readers).close()
	}
	if s.writer != nil {
		s.writer.close()
	}
	s.enc.Close()
	s.dec.Close()
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close database %s: %w", s.path, wrap(err))
	}
	return nil
}
