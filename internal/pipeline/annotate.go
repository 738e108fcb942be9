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
	var marks []dateline.Mark
	if it.Tries <= suspect {
		in := annotate.InputOf(a, day)
		in.Text = first(in.Text)
		list, _, err := p.Annotator.Annotate(in)
		if err != nil {
			p.Log.Error("annotate", "article", a.ID, "err", err)
		}
		marks, err = dateline.Annotations{Title: a.Title, Text: a.Text, List: list}.Marks()
		if err != nil {
			return err
		}
	}
	if err := p.Store.SaveMarks(ctx, it, it.Key, p.Annotator.Version(), marks); err != nil {
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
			break
		}
		n.Before = v.N
	}
	p.Tell(n)
	return nil
}
