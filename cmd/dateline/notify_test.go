package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"dateline/fetch"
	"dateline/internal/config"
	"dateline/internal/notify"
)

// TestWebhooksStayOutside has a program that follows outlets of its own network
// post to webhooks there: only the setting of webhooks lets it.
func TestWebhooksStayOutside(t *testing.T) {
	var asked atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer canary.Close()
	_, port, _ := net.SplitHostPort(canary.Listener.Addr().String())
	for _, x := range []struct {
		setting string
		may     bool
	}{{"fetch.allow_private", false}, {"notify.allow_private", true}} {
		settings, err := config.Load(config.Sources{Flags: map[string]string{"data.dir": t.TempDir(), x.setting: "true"}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := ownRecord(t.Context(), settings, console{out: io.Discard, err: io.Discard}, fetch.Guard{AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		defer r.close()
		n, err := newNotifier(r, "https://record.example")
		if err != nil {
			t.Fatal(err)
		}
		asked.Store(0)
		for _, address := range []string{canary.URL, "http://localhost:" + port + "/hook"} {
			err := n.Webhooks.Post(t.Context(), address, "", notify.Message{})
			if x.may != (err == nil) {
				t.Errorf("%s: %s: %v", x.setting, address, err)
			}
			if err != nil && !strings.Contains(err.Error(), "notify.allow_private") {
				t.Errorf("%s: %v does not say what lets it", address, err)
			}
		}
		if got := asked.Load(); (got > 0) != x.may {
			t.Errorf("%s: the canary was asked %d times", x.setting, got)
		}
		// Those of clouds' own services stay closed.
		if err := n.Webhooks.Post(t.Context(), "http://169.254.169.254/latest", "", notify.Message{}); err == nil || !strings.Contains(err.Error(), "refused") {
			t.Errorf("%s: %v", x.setting, err)
		}
	}
}
