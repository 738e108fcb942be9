package store

import (
	"context"
	"errors"

	"dateline"
	"dateline/search"
)

// MostCollected is how many articles a query puts into a collection.
const MostCollected = 1000

// ToCollect gives the versions that a query puts into a collection: those of the
// newest articles that it finds. An error may be a [*search.Mistake].
func ToCollect(ctx context.Context, s Records, query string, a *search.Analyzer) (versions []int64, err error) {
	q, err := search.Parse(query)
	if err != nil {
		return nil, err
	}
	for h, err := range s.Search(ctx, q, a, Options{Limit: MostCollected}) {
		if err != nil {
			return nil, err
		}
		versions = append(versions, h.Version)
	}
	return versions, nil
}

// Collect adds a collection with what its query finds, if it has one. What is
// erased meanwhile is left out.
func Collect(ctx context.Context, s Store, k Collection, a *search.Analyzer) (Collection, error) {
	var versions []int64
	if k.Query != "" {
		var err error
		if versions, err = ToCollect(ctx, s, k.Query, a); err != nil {
			return Collection{}, err
		}
	}
	k, err := s.PutCollection(ctx, k)
	if err != nil {
		return Collection{}, err
	}
	for _, v := range versions {
		if err := s.PutItem(ctx, k.ID, Item{Version: v, By: k.By}); err != nil && !errors.Is(err, dateline.ErrNotFound) {
			return Collection{}, err
		}
	}
	return k, nil
}
