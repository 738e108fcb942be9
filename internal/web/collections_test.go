package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dateline"
	"dateline/internal/store"
)

func TestCollections(t *testing.T) {
	srv, r := site(t)
	if _, body := visit(t, srv.URL+"/collections?q=has:figure"); !strings.Contains(body, "There are no collections") || !strings.Contains(body, "It begins with the") {
		t.Errorf("the empty page is\n%s", body)
	}
	if resp, _ := send(t, srv.URL+"/collections", "name", " "); resp.StatusCode != 400 {
		t.Errorf("a collection without a name: %d", resp.StatusCode)
	}
	resp, body := send(t, srv.URL+"/collections", "name", "Floods <i>", "note", "Two\nlines", "query", "has:figure")
	at := resp.Header.Get("Location")
	if resp.StatusCode != 303 || !strings.HasPrefix(at, "/collections/") {
		t.Fatalf("%d to %q: %s", resp.StatusCode, at, body)
	}
	id := strings.TrimPrefix(at, "/collections/")
	items, err := r.Store.Items(t.Context(), id)
	if err != nil || len(items) == 0 {
		t.Fatalf("%v, %d items", err, len(items))
	}
	if _, body := visit(t, srv.URL+at); strings.Count(body, "data-item") != min(len(items), pageSize) || strings.Contains(body, "<i>") {
		t.Errorf("%d items on\n%s", len(items), body)
	}
	drop := items[0]
	if resp, body := send(t, fmt.Sprintf("%s%s/items/%d/remove", srv.URL, at, drop.Version)); resp.StatusCode != 303 {
		t.Fatalf("remove: %d %s", resp.StatusCode, body)
	}
	for range 2 {
		if resp, body := send(t, srv.URL+at+"/editions"); resp.StatusCode != 303 {
			t.Fatalf("publish: %d %s", resp.StatusCode, body)
		}
	}
	editions, err := r.Store.Editions(t.Context(), id)
	if err != nil || len(editions) != 2 || editions[0].Digest != editions[1].Digest {
		t.Fatalf("%v, editions %+v", err, editions)
	}
	_, body = visit(t, srv.URL+at+"/editions/1.json")
	sum := sha256.Sum256([]byte(body))
	if got := "sha256:" + hex.EncodeToString(sum[:]); got != editions[0].Digest {
		t.Errorf("digest %s, want %s", got, editions[0].Digest)
	}
	var f struct {
		Items []struct {
			Article string
			Version int
			Digest  string
			Capture dateline.Capture
		}
	}
	if err := json.Unmarshal([]byte(body), &f); err != nil || len(f.Items) != len(items)-1 {
		t.Fatalf("%v: %d items, want %d", err, len(f.Items), len(items)-1)
	}
	for i, it := range f.Items {
		h := items[i+1].Hit
		if it.Article != h.Page.ID || it.Version != h.Number || !strings.HasPrefix(it.Digest, "sha256:") || it.Capture.WARC == "" || strings.Contains(body, h.Page.URL) {
			t.Errorf("item %+v of %s %d", it, h.Page.ID, h.Number)
		}
	}
	if resp, _ := send(t, srv.URL+at+"/remove"); resp.StatusCode != 403 {
		t.Errorf("removing what has editions: %d", resp.StatusCode)
	}
	for _, wrong := range []string{"/editions/3.json", "/editions/1", "/editions/x.json"} {
		if resp, _ := visit(t, srv.URL+at+wrong); resp.StatusCode != 404 {
			t.Errorf("%s: %d", wrong, resp.StatusCode)
		}
	}
}

func TestStarred(t *testing.T) {
	srv, r := site(t)
	if _, body := visit(t, srv.URL+"/starred"); !strings.Contains(body, "Nothing is starred") {
		t.Errorf("empty: %s", body)
	}
	for h, err := range r.Store.List(t.Context(), store.Options{Limit: 1}) {
		if err == nil {
			err = r.Store.PutReading(t.Context(), store.ReadingState{Page: h.Page.N, Starred: r.Now, Note: "<b>ask again"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, body := visit(t, srv.URL+"/starred"); !strings.Contains(body, "&lt;b&gt;ask again") || strings.Count(body, "data-item") != 1 {
		t.Errorf("one: %s", body)
	}
}
