package sqlite

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"dateline"
)

// ms is a time as it is kept.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at is the time that was kept.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// scanner reads a column by a function of its type.
type scanner[T any] func(T)

// Scan implements [sql.Scanner].
func (f scanner[T]) Scan(v any) error {
	x, ok := v.(T)
	if !ok && v != nil {
		return fmt.Errorf("a column holds a %T, not a %T", v, x)
	}
	f(x)
	return nil
}

func toTime(t *time.Time) scanner[int64] { return func(n int64) { *t = at(n) } }
func toDuration(d *time.Duration) scanner[int64] {
	return func(n int64) { *d = time.Duration(n) * time.Millisecond }
}
func toDigest(s *string) scanner[[]byte] { return func(b []byte) { *s = digestText(b) } }

const digestPrefix = "sha256:"

func digestText(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return digestPrefix + hex.EncodeToString(b)
}

func digestBytes(s string) ([]byte, error) {
	if s == "" {
		return []byte{}, nil
	}
	b, err := hex.DecodeString(strings.TrimPrefix(s, digestPrefix))
	if err != nil || len(b) != sha256.Size || !strings.HasPrefix(s, digestPrefix) {
		return nil, fmt.Errorf("digest %.80q: %w", s, dateline.ErrInvalid)
	}
	return b, nil
}

// code gives the number of a name of code; 0 for none.
func (t *tx) code(name string) int64 {
	if name == "" {
		return 0
	}
	var n int64
	if t.row("SELECT n FROM code WHERE name = ?", list{name}, &n) {
		return n
	}
	return t.insert("INSERT INTO code (name) VALUES (?)", name)
}

// null is the number of a row that may be none.
func null(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// blob is what is kept of bytes; never null.
func blob[T []byte | string](b T) []byte {
	if len(b) == 0 {
		return []byte{}
	}
	return []byte(b)
}
