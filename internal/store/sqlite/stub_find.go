package sqlite

import (
	"context"
	"iter"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

func (s *Store) Statements(ctx context.Context, q *search.Query, a *search.Analyzer, o store.StatementOptions) iter.Seq2[store.Statement, error] {
	return func(yield func(store.Statement, error) bool) { yield(store.Statement{}, dateline.ErrUnsupported) }
}

func (s *Store) ListPages(ctx context.Context, outlet string, cursor int64, limit int) ([]store.Page, error) {
	return nil, dateline.ErrUnsupported
}

func (s *Store) Volume(ctx context.Context, outlet string, days int) ([]store.Tally, error) {
	return nil, dateline.ErrUnsupported
}
