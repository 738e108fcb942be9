package web

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"dateline"
	"dateline/internal/archive"
	"dateline/internal/store"
)

func (s *Server) keptRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/kept/{capture}", Page: "kept", Need: looking, Handle: (*call).kept},
		{Method: "POST", Path: "/kept/{capture}/erase", Need: following, Handle: (*call).eraseKept},
	}
}

// keptPage is a page as it was kept.
type keptPage struct {
	Kept    store.Kept
	Page    store.Page // zero for what is no page
	Frame   string     // address of what is in the frame; empty where nothing can be shown
	Why     string     // key of the text that says why
	Kind    string     // media type as served
	Size    int        // bytes of the payload
	Type    string     // of the record
	Rights  string
	Control bool
}

// keptCapture is the capture that the page is of, with its answer.
func (c *call) keptCapture() (store.Kept, error) {
	n, err := captureNumber(c.r.PathValue("capture"))
	if err != nil {
		return store.Kept{}, err
	}
	return c.s.Store.Capture(c.ctx, n)
}

// captureNumber reads a number as addresses have it. What is none names nothing.
func captureNumber(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("capture %.30q: %w", s, dateline.ErrNotFound)
	}
	return n, nil
}

func (c *call) kept() error {
	k, err := c.keptCapture()
	if err != nil {
		return err
	}
	p := keptPage{Kept: k, Rights: k.Rights}
	p.Control = c.id.May(following) == nil && c.s.Newsroom != nil
	if k.Page != 0 {
		if p.Page, err = c.s.Store.Page(c.ctx, k.Page); err != nil {
			return err
		}
	}
	a, err := c.s.Archive.Read(c.ctx, k.WARC, k.Offset)
	switch {
	case errors.Is(err, dateline.ErrGone):
		p.Why = "kept.gone"
	case errors.Is(err, dateline.ErrCorrupt), errors.Is(err, dateline.ErrNotFound):
		p.Why = "kept.damaged"
	case err != nil:
		return err
	case len(a.Payload) == 0:
		p.Type, p.Why = a.Type, "kept.nothing"
	default:
		p.Type, p.Size = a.Type, len(a.Payload)
		p.Kind, _, _ = strings.Cut(a.Header.Get("Content-Type"), ";")
		switch _, shown := replayType(a.Header.Get("Content-Type"), a.Payload); {
		case c.s.Options.Replay == "":
			p.Why = "kept.noreplay"
		case !shown:
			p.Why = "kept.other"
		default:
			p.Frame = fmt.Sprintf("%s/%d?ticket=%s", strings.TrimSuffix(c.s.frames(c.r), "/"), k.N, c.s.ticket(k.N, c.id.User, c.origins(), c.s.Now()))
		}
	}
	return c.page(http.StatusOK, "kept", view{Title: c.T("kept.title")}, p)
}

// eraseKept erases the page of a capture, when the word was typed.
func (c *call) eraseKept() error {
	k, err := c.keptCapture()
	if err != nil {
		return err
	}
	if strings.TrimSpace(c.r.PostFormValue("confirm")) != c.T("kept.erase.word") {
		return mistaken(dateline.ErrInvalid, "erase.word", c.T("kept.erase.word"))
	}
	if k.Page == 0 {
		return mistaken(dateline.ErrInvalid, "capture")
	}
	return c.toErrand("erase", k.URL, func(ctx context.Context, _ *errand) (any, error) {
		n, err := c.s.Newsroom.Erase(ctx, []int64{k.Page}, "")
		return n, err
	})
}

// origins are those of the pages, parted by a space: as others know them, and as
// this request has it, since this machine has several names.
func (c *call) origins() string {
	scheme := "http"
	if c.r.TLS != nil || c.r.URL.Scheme == "https" { // a proxy says so
		scheme = "https"
	}
	here := scheme + "://" + c.r.Host
	if u, err := url.Parse(c.s.Public); err == nil && u.Host != "" {
		if public := u.Scheme + "://" + u.Host; public != here {
			return public + " " + here
		}
	}
	return here
}

// frames is the origin of kept pages for who asks: [Options.Replay]. Localhost
// is only this machine's name: who asks for the pages by another has the kept
// ones by that too.
func (s *Server) frames(r *http.Request) string {
	u, err := url.Parse(s.Options.Replay)
	if err != nil || u.Hostname() != "localhost" || u.Port() == "" {
		return s.Options.Replay
	}
	asked, err := url.Parse("http://" + r.Host)
	if err != nil || !plainHost(asked.Hostname()) {
		return s.Options.Replay
	}
	u.Host = net.JoinHostPort(asked.Hostname(), u.Port())
	return u.String()
}

// plainHost is whether a host is an address or a name of letters, digits,
// hyphens and dots: nothing that says more in a header.
func plainHost(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Zone() == ""
	}
	return host != "" && strings.Trim(host, "-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// ticketLasts is how long the address of a frame is good for.
const ticketLasts = 10 * time.Minute

// ticket lets who has it see a capture on the other origin, which has no
// cookies, in a frame of the pages' origins, for a while: no longer than the
// user's sessions last, who is the zero one where none is needed.
func (s *Server) ticket(capture int64, u store.User, origins string, now time.Time) string {
	says := fmt.Sprintf("%s %d.%d %s", strconv.FormatInt(now.Add(ticketLasts).Unix(), 36), u.N, u.Epoch, origins)
	return base64.RawURLEncoding.EncodeToString([]byte(says)) + "." + base64.RawURLEncoding.EncodeToString(s.mac(capture, says))
}

func (s *Server) mac(capture int64, says string) []byte {
	h := hmac.New(sha256.New, s.seal[:])
	fmt.Fprintf(h, "%d %s", capture, says)
	return h.Sum(nil)
}

// anOrigin is what a ticket may name: nothing that could end the policy it is put
// into.
var anOrigin = regexp.MustCompile(`^https?://[a-zA-Z0-9.\-_]+(:[0-9]{1,5})?$|^https?://\[[0-9a-fA-F:.]+\](:[0-9]{1,5})?$`)

// admitted are the origins that a ticket for the capture names; ok is false for
// one that is forged, of another capture, or over.
func (s *Server) admitted(ctx context.Context, ticket string, capture int64, now time.Time) (origins string, ok bool) {
	says, sum, _ := strings.Cut(ticket, ".")
	text, err1 := base64.RawURLEncoding.DecodeString(says)
	mac, err2 := base64.RawURLEncoding.DecodeString(sum)
	if err1 != nil || err2 != nil || !hmac.Equal(mac, s.mac(capture, string(text))) {
		return "", false
	}
	until, rest, _ := strings.Cut(string(text), " ")
	who, origins, _ := strings.Cut(rest, " ")
	at, err := strconv.ParseInt(until, 36, 64)
	if err != nil || now.Unix() >= at {
		return "", false
	}
	var user, epoch int64
	if _, err := fmt.Sscanf(who, "%d.%d", &user, &epoch); err != nil {
		return "", false
	}
	if user != 0 {
		if u, err := s.Store.User(ctx, user); err != nil || u.Epoch != epoch {
			return "", false
		}
	}
	for _, o := range strings.Split(origins, " ") {
		if !anOrigin.MatchString(o) {
			return "'none'", true
		}
	}
	return origins, true
}

// replayPolicy lets a kept page run nothing, and ask nothing of the outside.
const replayPolicy = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors "

// Replay shows kept pages as they were served, for an origin of its own: what a
// page of a stranger may do there it may not do to the pages of the record. It
// takes no cookies and sets none, and of what the outlet's server said it keeps
// the type and the charset alone. Of the page itself links to what it
// needs and frames go.
func (s *Server) Replay() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", replayPolicy+"'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-DNS-Prefetch-Control", "off")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Cache-Control", "no-store")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		s.replay(w, r)
	})
}

func (s *Server) replay(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	n, err := captureNumber(strings.TrimPrefix(r.URL.Path, "/"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	origins, ok := s.admitted(ctx, r.URL.Query().Get("ticket"), n, s.Now())
	if !ok {
		http.Error(w, s.told(r, "kept.over"), http.StatusForbidden)
		return
	}
	body, kind, err := s.payload(ctx, n)
	if err != nil {
		status, key := http.StatusInternalServerError, "error.internal"
		switch {
		case errors.Is(err, dateline.ErrGone):
			status, key = http.StatusGone, "kept.gone"
		case errors.Is(err, dateline.ErrNotFound):
			status, key = http.StatusNotFound, "error.notfound"
		case errors.Is(err, dateline.ErrUnsupported), errors.Is(err, dateline.ErrCorrupt):
			status, key = http.StatusUnprocessableEntity, "kept.damaged"
		default:
			s.Log.Error("show a kept page", "capture", n, "err", err)
		}
		http.Error(w, s.told(r, key), status)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", replayPolicy+origins)
	h.Set("Content-Type", kind)
	if kind == download {
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="capture-%d"`, n))
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// told is a text for who looks at a kept page, of whom that origin knows only
// what the browser says.
func (s *Server) told(r *http.Request, key string) string {
	return s.texts.text(s.accepted(r.Header.Get("Accept-Language")), key, nil)
}

// payload is what a capture has, with its content coding undone.
func (s *Server) payload(ctx context.Context, capture int64) (body []byte, kind string, err error) {
	k, err := s.Store.Capture(ctx, capture)
	if err != nil {
		return nil, "", err
	}
	a, err := s.Archive.Read(ctx, k.WARC, k.Offset)
	if err != nil {
		return nil, "", err
	}
	return plainPayload(a)
}

func plainPayload(a *archive.Answer) (body []byte, kind string, err error) {
	body, err = decoded(a.Payload, strings.Join(a.Header.Values("Content-Encoding"), ","))
	if err != nil {
		return nil, "", err
	}
	kind, _ = replayType(a.Header.Get("Content-Type"), body)
	if strings.HasPrefix(kind, "text/html") {
		body = inert(body)
	}
	return body, kind, nil
}

// reaching are the elements for which browsers connect to a server before they
// ask the page's policy whether they may: with a link that says that it will be
// needed, and with frames. What takes the place of each does nothing and is
// parsed alike: it has no content, or such as is not looked into.
var reaching = []struct{ name, inert string }{
	{"link", "bgsound"}, {"frame", "bgsound"}, {"iframe", "noembed"},
}

// inert has others take the place of the elements that reach out, in the
// charsets that have ASCII as it is and in UTF-16 of either order, where each
// letter has a zero behind it or before. A name's letters cannot be written
// otherwise.
func inert(body []byte) []byte {
	var out []byte
	done := 0 // what is in out already
	for at := 0; ; at++ {
		next := bytes.IndexByte(body[at:], '<')
		if next < 0 {
			break
		}
		at += next
		step := 1
		if at+1 < len(body) && body[at+1] == 0 {
			step = 2
		}
		name := at + step
		if name < len(body) && body[name] == '/' {
			name += step
		}
		for _, e := range reaching {
			end, ok := named(body, name, step, e.name)
			if !ok {
				continue
			}
			out = append(out, body[done:name]...)
			for i := range len(e.inert) {
				out = append(out, e.inert[i])
				if step == 2 {
					out = append(out, 0)
				}
			}
			done = end
			break
		}
	}
	if done == 0 {
		return body
	}
	return append(out, body[done:]...)
}

// named tells whether a tag's name stands there, its letters so many bytes
// apart, and where it ends.
func named(body []byte, at, step int, name string) (end int, ok bool) {
	end = at + len(name)*step
	if end >= len(body) {
		return 0, false
	}
	for i := range len(name) {
		if body[at+i*step]|0x20 != name[i] || step == 2 && body[at+i*step+1] != 0 {
			return 0, false
		}
	}
	return end, strings.IndexByte("\t\n\f\r />", body[end]) >= 0
}

// download is the type of what is not shown.
const download = "application/octet-stream"

// charsets are names of charsets that are kept as the server has them.
var charsets = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._:+-]{0,39}$`)

// replayType is the media type that a payload is shown as: HTML as HTML, what
// else is text as plain text, in the charset that was served; all else is not
// shown. XML is text: as a document it could have style and script of its own.
func replayType(served string, body []byte) (kind string, shown bool) {
	media, params, _ := mime.ParseMediaType(served)
	if media == "" {
		media, _, _ = strings.Cut(strings.ToLower(served), ";")
		media = strings.TrimSpace(media)
	}
	if media == "" {
		media, _, _ = strings.Cut(http.DetectContentType(body), ";")
	}
	switch {
	case media == "text/html", media == "application/xhtml+xml":
		kind = "text/html"
	case strings.HasPrefix(media, "text/"), media == "application/json", media == "application/xml",
		strings.HasSuffix(media, "+json"), strings.HasSuffix(media, "+xml") && !strings.HasPrefix(media, "image/"):
		kind = "text/plain"
	default:
		return download, false
	}
	if cs := params["charset"]; charsets.MatchString(cs) {
		kind += "; charset=" + cs
	}
	return kind, true
}

// Limits of what is shown: as much as of any page, and the window that a server
// may use.
const (
	maxReplay = 10 << 20
	maxWindow = 8 << 20
)

// decoded undoes a content coding, up to maxReplay; what comes behind that, or
// behind damage, is left out.
func decoded(body []byte, coding string) ([]byte, error) {
	coding = strings.ToLower(strings.TrimSpace(coding))
	var r io.Reader
	switch coding {
	case "", "identity", "none":
		return body[:min(len(body), maxReplay)], nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return body[:min(len(body), maxReplay)], nil // it is not what is declared
		}
		r = z
	case "br":
		r = brotli.NewReader(bytes.NewReader(body))
	case "zstd":
		z, err := zstd.NewReader(bytes.NewReader(body), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, fmt.Errorf("content coding zstd: %w: %w", err, dateline.ErrCorrupt)
		}
		defer z.Close()
		r = z
	case "deflate":
		if z, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
			r = z
		} else {
			r = flate.NewReader(bytes.NewReader(body)) // as browsers take it
		}
	default:
		return nil, fmt.Errorf("content coding %.40q: %w", coding, dateline.ErrUnsupported)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxReplay))
	if err != nil && len(plain) == 0 {
		return nil, fmt.Errorf("content coding %s: %w: %w", coding, err, dateline.ErrCorrupt)
	}
	return plain, nil
}
