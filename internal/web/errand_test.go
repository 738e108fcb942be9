package web

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
)

// TestStopErrands: what takes long ends when the program does, which waits for it
// for a while, and begins nothing more.
func TestStopErrands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Options: Options{Now: time.Now}}
		whole, stuck := 0, make(chan struct{})
		good, err := s.send("import", "a", func(ctx context.Context, e *errand) (any, error) {
			for ctx.Err() == nil {
				time.Sleep(time.Second)
				whole++
			}
			return whole, ctx.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begun := time.Now()
		if err := s.Stop(ctx); err != nil || time.Since(begun) > time.Second {
			t.Errorf("stopped after %v with %v", time.Since(begun), err)
		}
		if st := good.state(); st.Ended.IsZero() || st.Result != whole || !errors.Is(st.Err, context.Canceled) {
			t.Errorf("%+v", st)
		}
		if _, err := s.send("import", "b", nil); !errors.Is(err, dateline.ErrLater) {
			t.Errorf("another begins: %v", err)
		}
		// One that does not heed it is waited for no longer than that.
		s = &Server{Options: Options{Now: time.Now}}
		if _, err := s.send("import", "c", func(context.Context, *errand) (any, error) { <-stuck; return nil, nil }); err != nil {
			t.Fatal(err)
		}
		ctx, cancel = context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := s.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stopped with %v", err)
		}
		close(stuck)
		synctest.Wait()
	})
}
