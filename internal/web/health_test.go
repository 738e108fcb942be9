package web

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dateline/internal/access"
	"dateline/internal/web/webtest"
)

// idle is a newsroom of which only the state is asked.
type idle struct {
	Newsroom
	state State
}

func (i idle) State(context.Context) (State, error) { return i.state, nil }

// TestHealthAdvice says what there is to do about backups and the disk.
func TestHealthAdvice(t *testing.T) {
	r := webtest.New(t)
	now := func() time.Time { return r.Now }
	for _, tt := range []struct {
		name  string
		state State
		want  []string
		not   []string
	}{
		{"no backup", State{Free: 10 << 30, LowWater: 1 << 30}, []string{"No backup is known", "dateline backup FOLDER"}, []string{"Nothing is fetched until"}},
		{"an old one", State{Free: 10 << 30, LowWater: 1 << 30, Backup: Backup{r.Now.AddDate(0, 0, -30), "/mnt/<usb>"}},
			[]string{"30 days ago", "That is long ago", "dateline backup /mnt/&lt;usb&gt;"}, []string{"No backup"}},
		{"a new one", State{Free: 10 << 30, LowWater: 1 << 30, Backup: Backup{r.Now.Add(-time.Hour), "/mnt/usb"}}, []string{"1 h ago", "/mnt/usb"}, []string{"No backup", "long ago", "dateline backup"}},
		{"a full disk", State{Why: "disk", Free: 1 << 20, LowWater: 1 << 30}, []string{"Nothing is fetched until there is room"}, nil},
		{"one that is nearly full", State{Free: 3 << 29, LowWater: 1 << 30}, []string{"Make room now"}, []string{"Nothing is fetched until"}},
		{"one that is not known", State{Free: -1, LowWater: 1 << 30}, []string{"not known"}, []string{"Make room"}},
	} {
		s, err := New(Options{Store: r.Store, Archive: r.Archive, Analyzer: r.Analyzer, Packs: r.Packs, Now: now, Log: slog.New(slog.DiscardHandler), Version: "test",
			Guard: &access.Guard{Users: r.Store, Open: true, Now: now}, Newsroom: idle{state: tt.state}})
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest("GET", "http://127.0.0.1/settings/health", nil)
		req.RemoteAddr = "127.0.0.1:1"
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, req)
		for _, want := range tt.want {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %d, no %q in\n%s", tt.name, w.Code, want, w.Body)
			}
		}
		for _, not := range tt.not {
			if strings.Contains(w.Body.String(), not) {
				t.Errorf("%s: %q", tt.name, not)
			}
		}
	}
}
