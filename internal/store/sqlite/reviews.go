package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/internal/store"
)

var verdicts = []store.Verdict{store.Confirmed, store.Corrected, store.Rejected, store.Withdrawn}

// PutReview implements [store.Reviews].
func (s *Store) PutReview(ctx context.Context, r store.Review) (store.Review, error) {
	if r.At.IsZero() {
		r.At = s.now()
	}
	r.At = at(ms(r.At))
	err := s.putReview(ctx, &r)
	if err != nil {
		return store.Review{}, fmt.Errorf("keep review of a mark of version %d: %w", r.Version, err)
	}
	return r, nil
}

func (s *Store) putReview(ctx context.Context, r *store.Review) error {
	switch {
	case !slices.Contains(verdicts, r.Verdict):
		return fmt.Errorf("%w: there is no verdict %.40q", dateline.ErrInvalid, r.Verdict)
	case r.Verdict == store.Corrected && len(r.Value) == 0:
		return fmt.Errorf("%w: a correction needs a value", dateline.ErrInvalid)
	case r.Start < 0 || r.End <= r.Start:
		return fmt.Errorf("%w: no mark stands from %d to %d", dateline.ErrInvalid, r.Start, r.End)
	}
	for _, v := range []json.RawMessage{r.Was, r.Value} {
		if len(v) > 0 && !json.Valid(v) {
			return fmt.Errorf("%w: a value is not JSON", dateline.ErrInvalid)
		}
	}
	return s.write(ctx, func(t *tx) error {
		if t.missing("SELECT 1 FROM version WHERE n = ?", r.Version) {
			return dateline.ErrNotFound
		}
		r.N = t.insert("INSERT INTO review (version, kind, field, start, stop, text, was, verdict, value, reason, by, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			r.Version, string(r.Kind), string(r.In), r.Start, r.End, r.Text, string(r.Was), string(r.Verdict), string(r.Value), r.Reason, r.By, ms(r.At))
		return nil
	})
}

// missing tells whether a query finds nothing.
func (t *tx) missing(query string, args ...any) bool {
	var one int
	return !t.row(query, args, &one) && t.err == nil
}

// ReviewsOf implements [store.Reviews].
func (s *Store) ReviewsOf(ctx context.Context, version int64) ([]store.Review, error) {
	var out []store.Review
	err := s.read(ctx, func(t *tx) error {
		out = t.reviews(version)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read reviews of version %d: %w", version, err)
	}
	return out, nil
}

// reviews reads those of a version's marks, oldest first.
func (t *tx) reviews(version int64) []store.Review {
	var out []store.Review
	t.each("SELECT n, version, kind, field, start, stop, text, was, verdict, value, reason, by, at FROM review WHERE version = ? ORDER BY n", list{version}, func(scan func(...any)) bool {
		var r store.Review
		scan(&r.N, &r.Version, &r.Kind, &r.In, &r.Start, &r.End, &r.Text, toJSON(&r.Was), &r.Verdict, toJSON(&r.Value), &r.Reason, &r.By, toTime(&r.At))
		out = append(out, r)
		return true
	})
	return out
}

// succeed hands on what people added to a version that no capture shows any
// more, because other code read another text of them, to the one that takes its
// place.
func (s *Store) succeed(t *tx, page, from, into int64) {
	if !t.missing("SELECT 1 FROM capture WHERE page = ? AND version = ?", page, from) {
		return
	}
	t.exec("UPDATE reading SET version = ? WHERE page = ? AND version = ?", into, page, from)
	t.exec("UPDATE OR IGNORE item SET version = ? WHERE version = ?", into, from)
	reviews := t.reviews(from)
	if len(reviews) == 0 {
		return
	}
	before, after := s.texts(t, from), s.texts(t, into)
	for _, r := range reviews {
		start, stop := follow(before[r.In], after[r.In], r.Text, r.Start)
		t.exec("UPDATE review SET version = ?, start = ?, stop = ? WHERE n = ?", into, start, stop, r.N)
	}
}

// texts are those of a version that marks stand in.
func (s *Store) texts(t *tx, version int64) map[dateline.Field]string {
	var data []byte
	if !t.row("SELECT data FROM record WHERE version = ?", list{version}, &data) {
		return nil
	}
	a, err := s.decode(data)
	if err != nil {
		// The version that cannot be read is replaced; its reviews stay.
		return nil
	}
	return map[dateline.Field]string{dateline.InTitle: a.Title, dateline.InText: a.Text}
}

// follow finds words that stood in one text, from a place on, in another, and
// gives their place there, all in code points. Where they are there more than
// once, it is where most of what is around them is the same; then, where most
// nearly as much of the text is before them. 0, 0 is nowhere.
func follow(before, after, words string, start int) (int, int) {
	if words == "" {
		return 0, 0
	}
	was := 0 // in bytes
	for range start {
		if was >= len(before) {
			break
		}
		_, n := utf8.DecodeRuneInString(before[was:])
		was += n
	}
	known := strings.HasPrefix(before[was:], words)
	found, best, away := -1, -1, 0
	for i := 0; ; i++ {
		next := strings.Index(after[i:], words)
		if next < 0 {
			break
		}
		i += next
		same := 0
		if known {
			same = around(before, after, was, i, len(words))
		}
		if d := abs(i - was); same > best || same == best && d < away {
			found, best, away = i, same, d
		}
	}
	if found < 0 {
		return 0, 0
	}
	start = utf8.RuneCountInString(after[:found])
	return start, start + utf8.RuneCountInString(words)
}

// around counts the bytes next to words of length n, at i in a and at j in b,
// that are the same in both, up to 100 on each side.
func around(a, b string, i, j, n int) int {
	const most = 100
	same := 0
	for k := 1; k <= min(most, i, j) && a[i-k] == b[j-k]; k++ {
		same++
	}
	i, j = i+n, j+n
	for k := 0; k < min(most, len(a)-i, len(b)-j) && a[i+k] == b[j+k]; k++ {
		same++
	}
	return same
}

func abs(n int) int { return max(n, -n) }
