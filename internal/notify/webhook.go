package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"dateline"
	"dateline/fetch"
)

// Webhooks posts messages as JSON.
//
// Each post has three headers: Dateline-Id, the message's id; Dateline-Time, in
// seconds since 1970; and Dateline-Signature, "sha256=" and the hexadecimal
// HMAC-SHA256, under the search's secret, of the time, a full stop and the body.
// A receiver makes the same of what it got, compares, and refuses what is old.
// Any answer of 200 to 299 has taken the message.
type Webhooks struct {
	dialer *net.Dialer
	client *http.Client
	agent  string
	now    func() time.Time
}

// posting is how long a receiver may take.
const posting = 10 * time.Second

// NewWebhooks makes one that connects where the guard allows it, and follows no
// redirects.
func NewWebhooks(guard fetch.Guard, version string, now func() time.Time) *Webhooks {
	d := &net.Dialer{Timeout: posting, ControlContext: guard.Control}
	return &Webhooks{
		dialer: d,
		client: &http.Client{
			Timeout:       posting,
			Transport:     &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10, TLSHandshakeTimeout: posting},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		agent: "Dateline/" + version, now: now,
	}
}

// Sign is the signature of a post; see [Webhooks].
func Sign(secret string, at time.Time, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(h, "%d.", at.Unix())
	h.Write(body)
	return "sha256=" + hex.EncodeToString(h.Sum(nil))
}

// CheckAddress is an error where no message can be posted to an address.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(address) > 2000 {
		return fmt.Errorf("webhook %.100q: want an address that begins with https:// and has no password in it: %w", address, dateline.ErrInvalid)
	}
	return nil
}

// Post sends a message.
func (w *Webhooks) Post(ctx context.Context, address, secret string, m Message) error {
	if err := CheckAddress(address); err != nil {
		return err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	at := w.now()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", w.agent)
	req.Header.Set("Dateline-Id", m.ID)
	req.Header.Set("Dateline-Time", strconv.FormatInt(at.Unix(), 10))
	req.Header.Set("Dateline-Signature", Sign(secret, at, body))
	resp, err := w.client.Do(req)
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		err = outer.Err // without the address, which may be a secret
	}
	var inner *fetch.AddressError
	switch {
	case errors.As(err, &inner) && inner.Private:
		return fmt.Errorf("post to the webhook: %w; notify.allow_private in the settings allows it", err)
	case err != nil:
		return fmt.Errorf("post to the webhook: %w", err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("post to the webhook: it answers %s", resp.Status)
	}
	return nil
}
