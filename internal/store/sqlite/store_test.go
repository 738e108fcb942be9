package sqlite

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"dateline/internal/store"
	"dateline/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t testing.TB, now func() time.Time) store.Store {
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "dateline.db"), Options{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// TestCutOff ends contexts in the middle of reads: the connections are good
// afterwards.
func TestCutOff(t *testing.T) {
	s := openBench(t)
	m := newMaker()
	for range 50 {
		v := m.page()
		if err := put(s, &v); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 300 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*5*time.Microsecond)
		for _, err := range s.List(ctx, store.Options{}) {
			if err != nil && ctx.Err() == nil {
				t.Fatal(err)
			}
		}
		cancel()
	}
	for range 20 {
		if tot, err := s.Totals(t.Context()); err != nil || tot.Articles != 50 {
			t.Fatalf("%+v, %v", tot, err)
		}
	}
	if err := s.checkpoint(t.Context()); err != nil {
		t.Error(err)
	}
}
