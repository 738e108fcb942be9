package export_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"dateline"
	"dateline/internal/export"
	"dateline/internal/store"
	"dateline/internal/web/webtest"
)

// TestPublish: an edition has what docs/formats/collection.md says, and no words
// of articles.
func TestPublish(t *testing.T) {
	r := webtest.New(t)
	ctx, now := t.Context(), time.Date(2026, 3, 11, 9, 0, 0, 5, time.FixedZone("", 7*3600))
	if _, err := export.Publish(ctx, r.Store, "none", "ada", "1", now); !errors.Is(err, dateline.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
	k, err := r.Store.PutCollection(ctx, store.Collection{Name: "Floods", Note: "<b>", Query: "flood", By: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	var hits []store.Hit
	for h, err := range r.Store.List(ctx, store.Options{Limit: 3}) {
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Store.PutItem(ctx, k.ID, store.Item{Version: h.Version, Note: "why", By: "bo"}); err != nil {
			t.Fatal(err)
		}
		hits = append(hits, h)
	}
	e, err := export.Publish(ctx, r.Store, k.ID, "ada", "1", now)
	if err != nil {
		t.Fatal(err)
	}
	if e, err = r.Store.Edition(ctx, k.ID, e.Number); err != nil || e.Number != 1 || e.By != "ada" {
		t.Fatalf("%+v, %v", e, err)
	}
	if sum := sha256.Sum256(e.Data); e.Digest != "sha256:"+hex.EncodeToString(sum[:]) {
		t.Error(e.Digest)
	}
	var got struct {
		Format, Collection, Name, Note, Query, Made, By, Program string
		Items                                                    []struct {
			Article, Digest, Outlet, By, Note string
			Version                           int
			Capture                           map[string]any
		}
	}
	if err := json.Unmarshal(e.Data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Format != "dateline-collection/1" || got.Collection != k.ID || got.Name != "Floods" || got.Note != "<b>" || got.Query != "flood" || got.Made != "2026-03-11T02:00:00Z" || got.By != "ada" || got.Program != "Dateline/1" || len(got.Items) != len(hits) {
		t.Errorf("%s", e.Data)
	}
	for i, it := range got.Items {
		h := hits[i]
		a, err := r.Store.Article(ctx, h.Version)
		if err != nil {
			t.Fatal(err)
		}
		if it.Article != h.Page.ID || it.Version != h.Number || it.Digest != store.TextDigest(a) || it.By != "bo" || it.Note != "why" || it.Capture["warc"] == "" || it.Capture["url"] != nil {
			t.Errorf("%+v", it)
		}
	}
}
