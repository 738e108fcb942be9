package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// newLogger writes what happens: a line of JSON each for machines, a short line
// on a terminal.
func newLogger(w io.Writer) *slog.Logger {
	if isTerminal(w) {
		return slog.New(&lineHandler{w: w, mu: new(sync.Mutex)})
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo, ReplaceAttr: plainAttr}))
}

// plainAttr takes out of strangers' words what a terminal obeys.
func plainAttr(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString, slog.KindAny:
		a.Value = slog.StringValue(plainLine(fmt.Sprint(a.Value.Any())))
	}
	return a
}

// lineHandler writes "12:04:05 source has news source=... new=3", over what a
// progress line has left.
type lineHandler struct {
	w     io.Writer
	mu    *sync.Mutex
	attrs []slog.Attr
	told  []string // messages that are left out: something else tells of them
}

// without is the handler but for those messages.
func (h *lineHandler) without(messages ...string) *lineHandler {
	return &lineHandler{h.w, h.mu, h.attrs, messages}
}

// over writes whole lines over what a progress line has left.
func (h *lineHandler) over(lines string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	io.WriteString(h.w, "\r\x1b[K"+lines)
}

func (h *lineHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }

func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	if slices.Contains(h.told, r.Message) {
		return nil
	}
	var b strings.Builder
	b.WriteString("\r\x1b[K" + r.Time.Format(time.TimeOnly) + " ")
	if r.Level >= slog.LevelWarn {
		b.WriteString(strings.ToLower(r.Level.String()) + " ")
	}
	b.WriteString(plainLine(r.Message))
	attr := func(a slog.Attr) bool {
		a = plainAttr(nil, a)
		fmt.Fprintf(&b, " %s=%s", a.Key, a.Value)
		return true
	}
	for _, a := range h.attrs {
		attr(a)
	}
	r.Attrs(attr)
	b.WriteByte('\n')
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.w, b.String())
	return err
}

func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &lineHandler{h.w, h.mu, append(h.attrs[:len(h.attrs):len(h.attrs)], attrs...), h.told}
}

func (h *lineHandler) WithGroup(string) slog.Handler { return h }
