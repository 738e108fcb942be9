package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// TestLogs writes strangers' words into logs of both kinds: each event is a line,
// and a terminal obeys nothing of it.
func TestLogs(t *testing.T) {
	const bad = "a\x1b[31mb\nlevel=ERROR c\r\x07\u009b2J\u202ed\u2028e"
	plain := func(s string) bool {
		s = strings.TrimPrefix(strings.TrimSuffix(s, "\n"), "\r\x1b[K")
		return !strings.ContainsFunc(s, unseen)
	}
	event := func(l *slog.Logger) {
		l.With("with", bad).Warn(bad, "text", bad, "err", errors.New(bad), "list", []string{bad}, "url", &url.URL{Path: bad}, "any", struct{ X string }{bad})
	}
	var b bytes.Buffer
	event(newLogger(&b))
	var v map[string]any
	if err := json.Unmarshal(b.Bytes(), &v); err != nil || strings.Count(b.String(), "\n") != 1 || !plain(b.String()) {
		t.Errorf("%v: %q", err, &b)
	}
	for name, x := range v {
		if s, ok := x.(string); ok && !plain(s) {
			t.Errorf("%s is %q", name, s)
		}
	}
	b.Reset()
	event(slog.New(&lineHandler{w: &b, mu: new(sync.Mutex)}))
	if strings.Count(b.String(), "\n") != 1 || !plain(b.String()) {
		t.Errorf("%q", &b)
	}
}
