package export

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"dateline"
	"dateline/internal/store"
)

// edition is a collection as it was; docs/formats/collection.md describes it. It
// has no words of articles, for it stays when they are erased.
type edition struct {
	Format     string        `json:"format"`
	Collection string        `json:"collection"`
	Name       string        `json:"name"`
	Note       string        `json:"note,omitempty"`
	Query      string        `json:"query,omitempty"`
	Made       time.Time     `json:"made"`
	By         string        `json:"by"`
	Program    string        `json:"program"`
	Items      []editionItem `json:"items"`
}

type editionItem struct {
	Article string           `json:"article"`
	Version int              `json:"version"`
	Digest  string           `json:"digest"` // of the headline and the text
	Outlet  string           `json:"outlet,omitempty"`
	Capture dateline.Capture `json:"capture"`
	Added   time.Time        `json:"added"`
	By      string           `json:"by"`
	Note    string           `json:"note,omitempty"`
}

// Publish keeps a collection as it is now for good, as an edition that is
// signed with a name. version is that of the program. ErrNotFound is a
// collection that there is not.
func Publish(ctx context.Context, s store.Store, collection, by, version string, now time.Time) (store.Edition, error) {
	k, err := s.Collection(ctx, collection)
	if err != nil {
		return store.Edition{}, err
	}
	items, err := s.Items(ctx, k.ID)
	if err != nil {
		return store.Edition{}, err
	}
	f := edition{Format: "dateline-collection/1", Collection: k.ID, Name: k.Name, Note: k.Note, Query: k.Query,
		Made: now.UTC().Truncate(time.Second), By: by, Program: "Dateline/" + version, Items: []editionItem{}}
	for i := range items {
		if f.Items, err = addEdited(ctx, s, f.Items, &items[i]); err != nil {
			return store.Edition{}, err
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(f); err != nil {
		return store.Edition{}, err
	}
	return s.PutEdition(ctx, k.ID, store.Edition{At: f.Made, By: f.By, Data: b.Bytes()})
}

// addEdited adds an item of a collection as an edition has it.
func addEdited(ctx context.Context, s store.Store, list []editionItem, it *store.Item) ([]editionItem, error) {
	versions, err := s.Versions(ctx, it.Hit.Page.N)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if v.N != it.Version {
			continue
		}
		kept, err := s.Capture(ctx, v.Capture)
		if err != nil {
			return nil, err
		}
		kept.Capture.URL = "" // it is made of an article's words as often as not
		list = append(list, editionItem{Article: it.Hit.Page.ID, Version: v.Number, Digest: v.Digest, Outlet: it.Hit.Page.Outlet,
			Capture: kept.Capture, Added: it.Added.UTC(), By: it.By, Note: it.Note})
	}
	return list, nil
}
