package pipeline_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/archive"
	"dateline/internal/pipeline"
	"dateline/internal/store"
)

// pageAt is the page of an address, which must be known.
func pageAt(t *testing.T, p *pipeline.Pipeline, address string) store.Page {
	t.Helper()
	page, err := p.Store.PageOf(t.Context(), keyOf(t, address))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestEraseFeedText: two pages that are paid for have their text of one feed
// document. It stays as long as one of them does.
func TestEraseFeedText(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	var items []string
	for _, path := range []string{"/paid-1", "/paid-2"} {
		s.answer(path, func(w http.ResponseWriter) { w.WriteHeader(http.StatusPaymentRequired) })
		items = append(items, itemOf(path, "<title>Paid</title><description>"+strings.Repeat("What is paid for at "+path+". ", 9)+"</description>"))
	}
	s.serve("/feed.xml", feedOf(items...))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, s)
		runFor(t, p, 10*time.Minute)
		second := pageAt(t, p, s.base+"/paid-2")
		text := func() {
			t.Helper()
			versions, err := p.Store.Versions(t.Context(), second.N)
			if err != nil || len(versions) != 1 || !versions[0].Feed {
				t.Fatalf("versions %+v, %v", versions, err)
			}
			k, err := p.Store.Capture(t.Context(), versions[0].Capture)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Archive.Read(t.Context(), k.WARC, k.Offset); err != nil {
				t.Errorf("the other page's text: %v", err)
			}
		}
		text()
		if n, stay, err := p.Erase(t.Context(), []int64{pageAt(t, p, s.base+"/paid-1").N}, ""); n != 1 || stay != 1 || err != nil {
			t.Errorf("erased %d, %d stay, %v", n, stay, err)
		}
		text()
		sound(t, p)
		if n, stay, err := p.Erase(t.Context(), []int64{second.N}, ""); n != 2 || stay != 0 || err != nil {
			t.Errorf("erased %d, %d stay, %v", n, stay, err)
		}
		for k, err := range p.Store.EachCapture(t.Context()) {
			if err != nil || k.URL != s.base+"/robots.txt" {
				t.Errorf("left: %+v, %v", k, err)
			}
		}
		if list, err := p.Archive.Of(t.Context(), s.base+"/feed.xml", s.base+"/paid-1", s.base+"/paid-2"); len(list) != 0 || err != nil {
			t.Errorf("left in the archive: %v, %v", list, err)
		}
		sound(t, p)
	})
}

// TestEraseUnknown: what the archive has of a page and the store does not know
// of, as a kill leaves it, is erased with the page, also by the next start.
func TestEraseUnknown(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	for _, path := range []string{"/a", "/b", "/c"} {
		s.story(path)
	}
	s.serve("/feed.xml", feedOf(itemOf("/a", ""), itemOf("/b", "")))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, s)
		runFor(t, p, 10*time.Minute)
		never, err := p.Store.AddPage(t.Context(), store.Found{Entry: dateline.Entry{URL: s.base + "/c"}, Key: keyOf(t, s.base+"/c")}, "")
		if err != nil {
			t.Fatal(err)
		}
		pages := map[string]store.Page{"/a": pageAt(t, p, s.base+"/a"), "/b": pageAt(t, p, s.base+"/b"), "/c": never}
		for path, page := range pages {
			_, err := p.Archive.Write(t.Context(), archive.Exchange{URL: page.URL, Fetched: now(), Protocol: "http/1.1", Request: []byte("GET " + path + " HTTP/1.1\r\n\r\n"), Response: []byte("HTTP/1.1 200 OK\r\n\r\nnever acknowledged")})
			if err != nil {
				t.Fatal(err)
			}
		}
		of := func(path string) int {
			t.Helper()
			list, err := p.Archive.Of(t.Context(), s.base+path)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if of("/a") != 2 || of("/b") != 2 || of("/c") != 1 {
			t.Fatalf("the archive has %d, %d, %d", of("/a"), of("/b"), of("/c"))
		}
		if n, _, err := p.Erase(t.Context(), []int64{pages["/a"].N}, ""); n < 2 || err != nil {
			t.Errorf("erased %d, %v", n, err)
		}
		// An erasure that ended in the middle.
		if _, err := p.Store.Erase(t.Context(), []int64{never.N}, "", now()); err != nil {
			t.Fatal(err)
		}
		runFor(t, p, time.Minute)
		if of("/a") != 0 || of("/b") != 2 || of("/c") != 0 {
			t.Errorf("the archive has %d, %d, %d", of("/a"), of("/b"), of("/c"))
		}
		sound(t, p)
	})
}
