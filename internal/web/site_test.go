package web

import (
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"dateline/internal/access"
	"dateline/internal/web/webtest"
)

// site serves a record of an hour to whoever asks.
func site(t testing.TB) (*httptest.Server, *webtest.Record) {
	t.Helper()
	r := webtest.New(t)
	now := func() time.Time { return r.Now }
	s, err := New(Options{
		Store: r.Store, Archive: r.Archive, Analyzer: r.Analyzer, Packs: r.Packs, Now: now, Log: slog.New(slog.DiscardHandler), Version: "test",
		Guard: &access.Guard{Users: r.Store, Open: true, Now: now},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return srv, r
}
