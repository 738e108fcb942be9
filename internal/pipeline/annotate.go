package pipeline

import (
	"context"
	"errors"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/internal/work"
)

// annotate marks what a version says.
func (p *Pipeline) annotate(ctx context.Context, it work.Item) error {
	a, err := p.Store.Article(ctx, it.Key)
	if errors.Is(err, dateline.ErrNotFound) {
		return p.Store.Finish(ctx, it) // read again or erased while it waited
	}
	if err != nil {
		return err
	}
	day := ""
	if a.Capture != nil {
		day = a.Capture.Fetched.UTC().Format(time.DateOnly)
	}
	// What cannot be annotated, or not wholly, keeps the marks it had and does
	// not say who made them, so that redo takes it.
	var list []*dateline.Annotation
	by := ""
	if it.Tries <= suspect {
		in := annotate.InputOf(a, day)
		in.Text = first(in.Text)
		if list, _, err = p.Annotator.Annotate(in); err == nil {
			by = p.Annotator.Version()
		} else {
			p.Log.Error("annotate", "article", a.ID, "err", err)
		}
	}
	if by == "" && len(a.Annotations) > 0 {
		return p.Store.Finish(ctx, it)
	}
	marks, err := dateline.Annotations{Title: a.Title, Text: a.Text, List: list}.Marks()
	if err != nil {
		return err
	}
	if err := p.Store.SaveMarks(ctx, it, it.Key, by, marks); err != nil {
		return err
	}
	return p.tell(ctx, a, it)
}

// tell tells of a version that is new, as opposed to annotated again.
func (p *Pipeline) tell(ctx context.Context, a *dateline.Article, it work.Item) error {
	if p.Tell == nil || it.Version != "" {
		return nil
	}
	page, err := p.Store.PageOf(ctx, a.ID)
	if err != nil {
		return err
	}
	list, err := p.Store.Versions(ctx, page.N)
	if err != nil {
		return err
	}
	n := News{Page: page.N, Version: it.Key}
	for _, v := range list {
		if v.N == it.Key {
			n.Feed = v.Feed
			break
		}
		if !v.Feed { // what the feed said was not what the page said
			n.Before = v.N
		}
	}
	p.Tell(n)
	return nil
}
