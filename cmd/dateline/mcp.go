package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/api"
	"dateline/internal/web"
	"dateline/search"
)

type mcpCmd struct {
	recordFlags
}

// Help is shown under the command's usage.
func (c *mcpCmd) Help() string {
	return `Lets a language model look at the record, by the Model Context Protocol on standard
input and output. A client starts it with the command: dateline mcp --data DIR. While
dateline serve runs, the same tools are at /api/mcp.`
}

func (c *mcpCmd) Run(ctx context.Context, con console) error {
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	packs, err := loadPacks(r.settings.Packs.Dir, con.err)
	if err != nil {
		return err
	}
	a := api.New(api.Options{
		Store: r.store, Guard: &access.Guard{Users: r.store, Now: time.Now}, Analyzer: search.NewAnalyzer(packs), Packs: packs, Now: time.Now, Log: r.log,
		Base: r.settings.Serve.Base, Public: r.settings.Serve.Public, Version: version(),
	})
	err = a.MCP().Run(ctx, &mcp.IOTransport{Reader: io.NopCloser(con.in), Writer: unclosed{con.out}})
	if errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// unclosed is left open.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// programs does for the API what the newsroom does for the pages.
type programs struct{ web.Newsroom }

// Follow follows what is found at an address.
func (p programs) Follow(ctx context.Context, address string, since time.Time) (dateline.Outlet, error) {
	d, err := p.Discover(ctx, address, since, func(string) {})
	if err != nil {
		return dateline.Outlet{}, err
	}
	o := d.Outlet
	o.Sources, o.Since = nil, since
	for _, s := range d.Sources {
		if s.Chosen {
			o.Sources = append(o.Sources, s.Source)
		}
	}
	_, err = p.Add(ctx, o)
	return o, err
}

// Erase removes all of an outlet.
func (p programs) Erase(ctx context.Context, outlet string) (int, error) {
	return p.Newsroom.Erase(ctx, nil, outlet)
}

// Free is how many bytes the disk still takes.
func (p programs) Free(ctx context.Context) (int64, error) {
	s, err := p.State(ctx)
	return s.Free, err
}
