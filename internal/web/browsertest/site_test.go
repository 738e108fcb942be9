package browsertest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/internal/access"
	"dateline/internal/api"
	"dateline/internal/web"
	"dateline/internal/web/webtest"
)

// site is a record that is served, with the kept pages on an origin of their own.
type site struct {
	*webtest.Record
	server *web.Server
	pages  *httptest.Server
	replay *httptest.Server
	shown  atomic.Int64 // how often a kept page was asked for
}

// newSite serves a record of an hour to whoever asks.
func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{Record: webtest.New(t)}
	s.replay = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.shown.Add(1)
		s.server.Replay().ServeHTTP(w, r)
	}))
	t.Cleanup(s.replay.Close)
	now := func() time.Time { return s.Now }
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	guard := &access.Guard{Users: s.Store, Open: true, Now: now}
	programs := api.New(api.Options{Store: s.Store, Archive: s.Archive, Analyzer: s.Analyzer, Packs: s.Packs, Now: now, Version: "test", Log: log, Guard: guard})
	var err error
	s.server, err = web.New(web.Options{
		Store: s.Store, Archive: s.Archive, Analyzer: s.Analyzer, Packs: s.Packs, Now: now, Version: "test", Log: log, Guard: guard,
		API:      programs.Handler(),
		Replay:   s.replay.URL,
		Newsroom: newsroom{now},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.pages = httptest.NewServer(s.server.Handler())
	t.Cleanup(s.pages.Close)
	return s
}

// open asks for a path and reads the answer.
func (s *site) open(t testing.TB, path, language string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.pages.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", language)
	return answer(t, req)
}

// send posts a form.
func (s *site) send(t testing.TB, path string, kv ...string) *http.Response {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		form.Add(kv[i], kv[i+1])
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.pages.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, body := answer(t, req)
	if resp.StatusCode >= 400 {
		t.Errorf("POST %s %v: %s\n%s", path, kv, resp.Status, body)
	}
	return resp
}

func answer(t testing.TB, req *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

// absent skips a test for what the machine lacks; where everything is to be
// tested it fails.
func absent(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// What finds barriers, and faults of HTML.
const (
	axePackage = "axe-core@4.14.1"
	vnuPackage = "vnu-jar@26.9.27"
)

// installed is the folder of npm's packages with those two.
var installed = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "browsertest")
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "npm", "install", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", axePackage, vnuPackage).CombinedOutput()
	if err != nil {
		os.RemoveAll(dir)
		return "", fmt.Errorf("%s and %s cannot be installed: %w\n%s", axePackage, vnuPackage, err, out)
	}
	return filepath.Join(dir, "node_modules"), nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := installed(); err == nil {
		os.RemoveAll(filepath.Dir(dir))
	}
	os.Exit(code)
}
