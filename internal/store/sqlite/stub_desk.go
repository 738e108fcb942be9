package sqlite

import (
	"context"

	"dateline"
	"dateline/internal/store"
)

func (s *Store) PutReview(ctx context.Context, r store.Review) (store.Review, error) {
	return store.Review{}, dateline.ErrUnsupported
}

func (s *Store) ReviewsOf(ctx context.Context, version int64) ([]store.Review, error) {
	return nil, dateline.ErrUnsupported
}

func (s *Store) PutReading(ctx context.Context, r store.ReadingState) error {
	return dateline.ErrUnsupported
}

func (s *Store) ReadingStates(ctx context.Context, user int64, pages []int64) (map[int64]store.ReadingState, error) {
	return nil, dateline.ErrUnsupported
}

func (s *Store) Starred(ctx context.Context, user int64, cursor int64, limit int) ([]store.ReadingState, error) {
	return nil, dateline.ErrUnsupported
}

func (s *Store) PutCollection(ctx context.Context, c store.Collection) (store.Collection, error) {
	return store.Collection{}, dateline.ErrUnsupported
}

func (s *Store) Collection(ctx context.Context, id string) (store.Collection, error) {
	return store.Collection{}, dateline.ErrUnsupported
}

func (s *Store) ListCollections(ctx context.Context) ([]store.Collection, error) {
	return nil, dateline.ErrUnsupported
}

func (s *Store) DropCollection(ctx context.Context, id string) error {
	return dateline.ErrUnsupported
}

func (s *Store) PutItem(ctx context.Context, collection string, i store.Item) error {
	return dateline.ErrUnsupported
}

func (s *Store) DropItem(ctx context.Context, collection string, version int64) error {
	return dateline.ErrUnsupported
}

func (s *Store) Items(ctx context.Context, collection string) ([]store.Item, error) {
	return nil, dateline.ErrUnsupported
}

func (s *Store) PutEdition(ctx context.Context, collection string, e store.Edition) (store.Edition, error) {
	return store.Edition{}, dateline.ErrUnsupported
}

func (s *Store) Edition(ctx context.Context, collection string, number int) (store.Edition, error) {
	return store.Edition{}, dateline.ErrUnsupported
}

func (s *Store) Editions(ctx context.Context, collection string) ([]store.Edition, error) {
	return nil, dateline.ErrUnsupported
}

func (s *Store) PutSearch(ctx context.Context, v store.SavedSearch) (store.SavedSearch, error) {
	return store.SavedSearch{}, dateline.ErrUnsupported
}

func (s *Store) SavedSearch(ctx context.Context, id string) (store.SavedSearch, error) {
	return store.SavedSearch{}, dateline.ErrUnsupported
}

func (s *Store) ListSearches(ctx context.Context, user int64) ([]store.SavedSearch, error) {
	return nil, dateline.ErrUnsupported
}

func (s *Store) DropSearch(ctx context.Context, id string) error {
	return dateline.ErrUnsupported
}

func (s *Store) LastVersion(ctx context.Context) (int64, error) {
	return 0, dateline.ErrUnsupported
}
