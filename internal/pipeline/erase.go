package pipeline

import (
	"context"
	"fmt"

	"dateline/internal/store"
)

// Erase removes pages, or an outlet with all its pages, from the store and the
// archive, and sees to it that they do not come back. An erasure that was
// interrupted goes on when the pipeline next runs.
//
// It returns how many captures were erased, or still are to be where there is
// an error, and how many documents of sources stay, because texts of other
// pages are of them too.
func (p *Pipeline) Erase(ctx context.Context, pages []int64, outlet string) (captures, stay int, err error) {
	e, err := p.Store.Erase(ctx, pages, outlet, p.Now())
	if err != nil {
		return 0, 0, err
	}
	if captures, err = p.eraseRecords(ctx, e.Captures); err != nil {
		captures = len(e.Captures) - captures
	}
	return captures, len(e.Stay), err
}

func (p *Pipeline) resumeErase(ctx context.Context) error {
	list, err := p.Store.Erasing(ctx)
	if err != nil {
		return err
	}
	_, err = p.eraseRecords(ctx, list)
	return err
}

func (p *Pipeline) eraseRecords(ctx context.Context, list []store.Kept) (erased int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	done := make([]int64, 0, len(list))
	var addresses []string
	erase := func(name string, offset int64) error {
		if err := p.Archive.Erase(ctx, name, offset); err != nil {
			return fmt.Errorf("erase %s at %d: %w", name, offset, err)
		}
		erased++
		return nil
	}
	for _, k := range list {
		if k.WARC != "" {
			if err := erase(k.WARC, k.Offset); err != nil {
				return erased, err
			}
		}
		done, addresses = append(done, k.N), append(addresses, k.URL)
	}
	// A kill between archive and store has left records that the store does
	// not know, or only a part of one.
	others, err := p.Archive.Of(ctx, addresses...)
	if err == nil {
		others, err = p.Store.Unnamed(ctx, others)
	}
	if err == nil {
		err = p.Archive.Discard()
	}
	if err != nil {
		return erased, err
	}
	for _, k := range others {
		if err := erase(k.WARC, k.Offset); err != nil {
			return erased, err
		}
	}
	return erased, p.Store.EraseDone(ctx, done)
}
