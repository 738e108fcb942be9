package fetch

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// RobotsOf says what a fetch of robots.txt means, by RFC 9309 section 2.3.1
// and stricter where that leaves room. status and body, decoded, are those of
// the last response after redirects, of which Client.Do follows more than the
// five that the RFC asks for; err is what [Client.Do] returned.
//
//   - 2xx is read. 304 is not for RobotsOf: the copy kept is good.
//   - Other 3xx lead nowhere and 4xx mean that there is no file: all is
//     allowed. But 401 and 403 disallow all: who closes the file to us hardly
//     wants the rest fetched.
//   - 429, 5xx, other statuses, and any error disallow all. A copy that has
//     not expired may be used until then, no longer: section 2.3.1.4 asks for
//     complete disallow, and an outage is no time to press a site.
func RobotsOf(status int, body []byte, err error) *Robots {
	switch {
	case err != nil:
	case status >= 200 && status < 300:
		return ParseRobots(body)
	case status == 401 || status == 403:
		return &Robots{groups: nothing(), failed: true}
	case status >= 300 && status < 500 && status != 429:
		return &Robots{}
	}
	return &Robots{groups: nothing(), failed: true}
}

// nothing is the group that allows nothing to anyone.
func nothing() []group {
	return []group{{agents: []string{"*"}, rules: []rule{{false, "/"}}}}
}

// Until is when r, fetched at now, must be fetched again: after 24 hours, the
// most that RFC 9309 section 2.4 allows, or after one where there was no file
// to read, so that a site that was down, or closed by a guard that is wary for
// a moment, is not left for a day.
func (r *Robots) Until(now time.Time) time.Time {
	if r.failed {
		return now.Add(time.Hour)
	}
	return now.Add(24 * time.Hour)
}

// Robots fetches the robots.txt for an address and says what it means, with
// its Expires set. The Exchange and the error are those of [Client.Do], for
// the archive and the log: a Robots is returned in any case. ready is
// [Request.Ready], and may be nil.
func (c *Client) Robots(ctx context.Context, address string, ready func() error) (*Robots, *Exchange, error) {
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	r, ex, err := c.robots(ctx, address, ready)
	r.Expires = r.Until(now())
	return r, ex, err
}

func (c *Client) robots(ctx context.Context, address string, ready func() error) (*Robots, *Exchange, error) {
	u, err := parseURL(nil, address)
	if err != nil {
		err = fmt.Errorf("robots.txt of %s: %w", show(address), err)
		return RobotsOf(0, nil, err), nil, err
	}
	file := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	ex, err := c.Do(ctx, Request{URL: file.String(), Accept: "text/plain, */*;q=0.5", MaxBody: MaxRobots, Ready: ready})
	if err != nil {
		return RobotsOf(0, nil, err), ex, err
	}
	if ex.Status < 200 || ex.Status >= 300 {
		return RobotsOf(ex.Status, nil, nil), ex, nil
	}
	body, _, err := Decode(ex.Body, ex.Header, MaxRobots)
	if err != nil {
		// There is a file and it cannot be read.
		err = fmt.Errorf("get %s: %w", ex.FinalURL, err)
	}
	return RobotsOf(ex.Status, body, err), ex, err
}
