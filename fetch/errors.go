package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"dateline"
)

// limitError says that a time limit passed. It counts as a
// context.DeadlineExceeded and as a net.Error that is a timeout.
type limitError struct {
	what string // what had not come
	in   time.Duration
}

func (e *limitError) Error() string        { return fmt.Sprintf("%s within %v", e.what, e.in) }
func (e *limitError) Is(target error) bool { return target == context.DeadlineExceeded }
func (e *limitError) Timeout() bool        { return true }
func (e *limitError) Temporary() bool      { return true }

// slowError says that a body came too slowly. It counts as a timeout too.
type slowError struct {
	rate int64 // bytes a second
	over time.Duration
}

func (e *slowError) Error() string {
	return fmt.Sprintf("fewer than %d bytes a second of the body over %v", e.rate, e.over)
}
func (e *slowError) Is(target error) bool { return target == context.DeadlineExceeded }
func (e *slowError) Timeout() bool        { return true }
func (e *slowError) Temporary() bool      { return true }

// reworded is an error under a text fit to be shown.
type reworded struct {
	text string
	err  error
}

func (e *reworded) Error() string { return e.text }
func (e *reworded) Unwrap() error { return e.err }

// ledTo is an error at where a redirect leads.
type ledTo struct {
	address string
	err     error
}

func (e *ledTo) Error() string { return "redirect to " + e.address + ": " + e.err.Error() }
func (e *ledTo) Unwrap() error { return e.err }

// Unreached tells of an error of [Client.Do] that no connection came about: its
// host has no address, or nothing there takes a connection. That says more of
// the host than of what was asked for. Where a redirect leads is another's.
func Unreached(err error) bool {
	if _, ok := errors.AsType[*ledTo](err); ok {
		return false
	}
	if l, ok := errors.AsType[*limitError](err); ok {
		return l.what == noAddress || l.what == noConnection
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, dns := errors.AsType[*net.DNSError](err)
	return dns || errors.Is(err, dateline.ErrNotFound)
}

// What had not come where a host could not be reached.
const (
	noAddress    = "no answer from the name server"
	noConnection = "no connection"
)

// trim takes what only concerns net/http off its errors, and what could move a
// terminal's cursor.
func trim(err error) error {
	text := err.Error()
	for _, s := range []string{"net/http: ", "HTTP/1.x transport connection broken: ", "http: "} {
		text = strings.TrimPrefix(text, s)
	}
	return &reworded{show(text), err}
}

// explain turns what a round trip returned into what happened: which limit
// passed, who refused, or what was wrong with the response.
func explain(ctx context.Context, err error, lim Limits) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if errors.Is(err, errWire) {
		return fmt.Errorf("headers over %d bytes: %w", lim.HeaderBytes, dateline.ErrTooLarge)
	}
	// The dialer puts "dial tcp ADDRESS" before the guard's own words.
	if refused, ok := errors.AsType[*AddressError](err); ok {
		return refused
	}
	for _, known := range []error{dateline.ErrRefused, dateline.ErrInvalid, dateline.ErrCorrupt} {
		if errors.Is(err, known) {
			return err
		}
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		switch {
		case e.IsNotFound:
			return fmt.Errorf("no such host: %w", dateline.ErrNotFound)
		case e.IsTimeout:
			return &limitError{noAddress, lim.Connect}
		}
		return &reworded{show("name server: " + e.Err), err}
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("certificate: %w: %w", trim(e.Err), dateline.ErrRefused)
	}
	op, isOp := errors.AsType[*net.OpError](err)
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		if isOp && op.Op == "dial" {
			return &limitError{noConnection, lim.Connect}
		}
		return &limitError{"no response headers", lim.Headers}
	}
	// HTTP/2 has no type for this one.
	for _, s := range []string{"server response headers exceeded", "response header list larger"} {
		if strings.Contains(err.Error(), s) {
			return fmt.Errorf("headers over %d bytes: %w", lim.HeaderBytes, dateline.ErrTooLarge)
		}
	}
	if isOp {
		return trim(err)
	}
	if errors.Is(err, io.EOF) {
		err = &reworded{"connection closed without a response", err}
	}
	return fmt.Errorf("%w: %w", trim(err), dateline.ErrCorrupt)
}
