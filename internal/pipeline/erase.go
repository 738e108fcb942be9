package pipeline

import (
	"context"
	"fmt"

	"dateline/internal/store"
)

// Erase removes pages, or an outlet with all its pages, from the store and the
// archive, and sees to it that they do not come back. An erasure that was
// interrupted goes on when the pipeline next runs.
func (p *Pipeline) Erase(ctx context.Context, pages []int64, outlet string) (captures int, err error) {
	list, err := p.Store.Erase(ctx, pages, outlet, p.Now())
	if err != nil {
		return 0, err
	}
	return len(list), p.eraseRecords(ctx, list)
}

func (p *Pipeline) resumeErase(ctx context.Context) error {
	list, err := p.Store.Erasing(ctx)
	if err != nil {
		return err
	}
	return p.eraseRecords(ctx, list)
}

func (p *Pipeline) eraseRecords(ctx context.Context, list []store.Kept) error {
	done := make([]int64, 0, len(list))
	for _, k := range list {
		if err := p.Archive.Erase(ctx, k.WARC, k.Offset); err != nil {
			return fmt.Errorf("erase %s at %d: %w", k.WARC, k.Offset, err)
		}
		done = append(done, k.N)
	}
	if len(done) == 0 {
		return nil
	}
	return p.Store.EraseDone(ctx, done)
}
