package fetch

import (
	"context"
	"errors"
	"net/http"

	"dateline"
)

// Outcome is what a fetch came to, as those who decide what to do next tell
// fetches apart.
type Outcome string

// The outcomes.
const (
	OK          Outcome = "ok"           // 2xx, the whole body or the most that is kept of one
	NotModified Outcome = "not-modified" // 304
	Moved       Outcome = "moved"        // a redirect that was not followed
	Gone        Outcome = "gone"         // 404, 410
	Refused     Outcome = "refused"      // 401, 402, 403, 407, 451; by the guard; a certificate that does not hold
	Later       Outcome = "later"        // 408, 425, 429, 5xx, the network, a name server, a body that broke off
	Broken      Outcome = "broken"       // all else: asking again would give the same
)

// OutcomeOf sorts what [Client.Do] returned. What the caller cancelled is
// Later.
func OutcomeOf(ex *Exchange, err error) Outcome {
	switch {
	case err == nil:
		return outcomeOf(ex.Status)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Later
	case errors.Is(err, dateline.ErrRefused):
		return Refused
	case errors.Is(err, dateline.ErrInvalid), errors.Is(err, dateline.ErrTooLarge), errors.Is(err, dateline.ErrUnsupported):
		return Broken
	}
	// A name server that does not know a host, and a response that breaks off
	// or is none, are most often well again in an hour.
	return Later
}

func outcomeOf(status int) Outcome {
	switch {
	case status >= 200 && status < 300:
		return OK
	case status == http.StatusNotModified:
		return NotModified
	case redirects(status):
		return Moved
	case status == http.StatusNotFound, status == http.StatusGone:
		return Gone
	}
	switch status {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusUnavailableForLegalReasons:
		return Refused
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return Later
	}
	if status >= 500 && status < 600 {
		return Later
	}
	return Broken
}
