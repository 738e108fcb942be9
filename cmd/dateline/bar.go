package main

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar is a progress bar, or nothing where there is no terminal.
type bar struct{ b *progressbar.ProgressBar }

// newBar is a bar up to a total; -1 where nobody knows it.
func newBar(con console, what string, total int64, o ...progressbar.Option) bar {
	if !isTerminal(con.err) {
		return bar{}
	}
	return bar{progressbar.NewOptions64(total, append(o, progressbar.OptionSetWriter(con.err), progressbar.OptionSetDescription(what),
		progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(200*time.Millisecond))...)}
}

// bytesBar counts bytes, where there are many.
func bytesBar(con console, what string, total int64) bar {
	if isTerminal(con.out) && total < 1<<20 {
		return bar{}
	}
	return newBar(con, what, total, progressbar.OptionShowBytes(true))
}

func (b bar) describe(what string) {
	if b.b != nil {
		b.b.Describe(what)
	}
}

func (b bar) add(n int64) {
	if b.b != nil {
		b.b.Add64(n)
	}
}

func (b bar) end() {
	if b.b != nil {
		b.b.Finish()
	}
}

// status shows a line on a terminal in the place of the one before it; an empty
// one clears it.
func status(con console, line string) {
	if isTerminal(con.err) {
		fmt.Fprint(con.err, "\r\x1b[K", line)
	}
}
