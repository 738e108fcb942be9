package export

import (
	"context"
	"errors"

	"dateline"
	"dateline/internal/archive"
)

// pages writes the captures that articles were read from.
type pages struct {
	file    *archive.Exporter
	damaged Damaged
	seen    map[place]bool // articles may have been read from one feed
}

type place struct {
	file   string
	offset int64
}

// NewPages writes to a WARC file the captures that articles were read from,
// each once. What was erased meanwhile is left out; so is a capture that is
// damaged or missing, which damaged is told; where that is nil it is an error.
func NewPages(file *archive.Exporter, damaged Damaged) Writer {
	return &pages{file: file, damaged: damaged, seen: map[place]bool{}}
}

func (p *pages) Add(ctx context.Context, item *Item) error {
	if item.Capture == nil {
		return nil
	}
	at := place{item.Capture.WARC, item.Capture.Offset}
	if p.seen[at] {
		return nil
	}
	p.seen[at] = true
	err := p.file.Add(ctx, at.file, at.offset)
	switch {
	case errors.Is(err, dateline.ErrGone):
		return nil
	case p.damaged != nil && (errors.Is(err, dateline.ErrCorrupt) || errors.Is(err, dateline.ErrNotFound)):
		p.damaged(item.ID, item.URL, err)
		return nil
	}
	return err
}

func (p *pages) Close() error { return nil }
