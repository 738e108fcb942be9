package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
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
	err = a.MCP().Run(ctx, answered{&mcp.IOTransport{Reader: io.NopCloser(con.in), Writer: unclosed{con.out}}})
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, io.EOF):
		return nil
	}
	return fmt.Errorf("mcp: what a client sends is a JSON-RPC message a line: %w", err)
}

// unclosed is left open.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// answered has what was asked before the input ended answered before the session
// ends.
type answered struct{ mcp.Transport }

func (t answered) Connect(ctx context.Context) (mcp.Connection, error) {
	c, err := t.Transport.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &answering{Connection: c, asked: map[jsonrpc.ID]bool{}, over: make(chan struct{})}, nil
}

// lastAnswers is how long is waited for answers when the input has ended: longer
// than a tool may take.
const lastAnswers = 10 * time.Second

type answering struct {
	mcp.Connection

	mu    sync.Mutex
	asked map[jsonrpc.ID]bool // and not answered
	ended bool                // the input
	over  chan struct{}       // closed when it has ended and all is answered
}

func (c *answering) Read(ctx context.Context) (jsonrpc.Message, error) {
	m, err := c.Connection.Read(ctx)
	c.mu.Lock()
	if r, ok := m.(*jsonrpc.Request); ok && err == nil {
		if r.IsCall() {
			c.asked[r.ID] = true
		} else if r.Method == "notifications/cancelled" {
			c.forget(cancelled(r.Params))
		}
	}
	if err != nil && !c.ended {
		c.ended = true
		c.forget(jsonrpc.ID{})
	}
	c.mu.Unlock()
	if err != nil {
		select {
		case <-c.over:
		case <-ctx.Done():
		case <-time.After(lastAnswers):
		}
	}
	return m, err
}

func (c *answering) Write(ctx context.Context, m jsonrpc.Message) error {
	err := c.Connection.Write(ctx, m)
	if r, ok := m.(*jsonrpc.Response); ok {
		c.mu.Lock()
		c.forget(r.ID)
		c.mu.Unlock()
	}
	return err
}

// forget takes a request for answered. The lock is held.
func (c *answering) forget(id jsonrpc.ID) {
	delete(c.asked, id)
	if c.ended && len(c.asked) == 0 {
		select {
		case <-c.over:
		default:
			close(c.over)
		}
	}
}

// cancelled is the request that a client no longer asks, which may have no answer.
func cancelled(params json.RawMessage) jsonrpc.ID {
	var p struct {
		ID any `json:"requestId"`
	}
	_ = json.Unmarshal(params, &p) // what cannot be read is no request
	id, _ := jsonrpc.MakeID(p.ID)
	return id
}

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
