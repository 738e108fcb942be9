package sqlite

import (
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
