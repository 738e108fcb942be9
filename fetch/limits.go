package fetch

import (
	"cmp"
	"time"
)

// Limits bound one [Client.Do]. A field that is zero has its default.
type Limits struct {
	// Connect bounds each of finding an address and connecting to it, together,
	// and the TLS handshake. Default 10 s: a host that takes longer is down.
	Connect time.Duration

	// Headers is the time from the end of a request to the end of the
	// response's headers. Default 30 s: slow publishing systems build a page in
	// that time, and no longer is a worker held by a server that drips headers.
	Headers time.Duration

	// Idle is the longest wait between two reads of the body. Default 20 s.
	Idle time.Duration

	// MinRate is the fewest bytes a second that a body may come at, measured
	// over each RateWindow: a server that sends a byte now and then is held to
	// it, where Idle alone would not end it. Default 500, less than a modem's;
	// below zero none.
	MinRate int64

	// RateWindow is what MinRate is measured over. Default 30 s: a pause of
	// Idle, then bytes again, is forgiven.
	RateWindow time.Duration

	// Total bounds the whole call, with its redirects. Default 120 s: 10 MiB
	// arrive in it at 90 kB/s.
	Total time.Duration

	// HeaderBytes bounds the headers of one response. Default 64 KiB: room
	// for long cookies and policies, which are all that makes headers long.
	HeaderBytes int64

	// BodyBytes is where a body is cut, in bytes as served. Default 10 MiB,
	// above any page of news that is text. Chunked coding may add a quarter to
	// it on the wire, which is more than chunks of 32 bytes do.
	BodyBytes int64

	// Redirects is how many are followed. Default 10; below zero none.
	Redirects int
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Connect:     cmp.Or(l.Connect, 10*time.Second),
		Headers:     cmp.Or(l.Headers, 30*time.Second),
		Idle:        cmp.Or(l.Idle, 20*time.Second),
		MinRate:     max(cmp.Or(l.MinRate, 500), 0),
		RateWindow:  cmp.Or(l.RateWindow, 30*time.Second),
		Total:       cmp.Or(l.Total, 120*time.Second),
		HeaderBytes: cmp.Or(l.HeaderBytes, 64<<10),
		BodyBytes:   cmp.Or(l.BodyBytes, 10<<20),
		Redirects:   max(cmp.Or(l.Redirects, 10), 0),
	}
}
