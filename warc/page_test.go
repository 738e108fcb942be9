package warc

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"dateline"

	"github.com/google/go-cmp/cmp"
)

func TestPages(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	const chunkedHead = head + "Transfer-Encoding: chunked\r\n\r\n"
	http := func(block string) string {
		return record("response", "u", "application/http;msgtype=response", block)
	}
	long := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	for _, c := range []struct{ name, record, want string }{
		{"length", http(head + "Content-Length: 3\r\n\r\nabc"), `response u 200 text/html "abc"`},
		{"length of the header is not believed", http(head + "Content-Length: 1\r\n\r\nabc"), `response u 200 text/html "abc"`},
		{"bare line feeds", http("HTTP/1.0 404 Not\nContent-Type: a/b\n\nabc"), `response u 404 a/b "abc"`},
		{"HTTP/2 without reason", http("HTTP/2 200\r\n:status: 200\r\ncontent-type: a/b\r\n\r\nabc"), `response u 200 a/b "abc"`},
		{"coded", http(head + "Content-Encoding: gzip\r\nContent-Encoding: br\r\n\r\nabc"), `response u 200 text/html gzip, br "abc"`},
		{"interim", http("HTTP/1.1 100 Continue\r\n\r\n" + head + "\r\nabc"), `response u 200 text/html "abc"`},
		{"no body, no empty line", http(head), `response u 200 text/html ""`},
		{"no status line", http("abc\r\n\r\nabc"), `error: corrupt: no HTTP status line`},
		{"bad status", http("HTTP/1.1 2x0 OK\r\n\r\nabc"), `error: corrupt: no HTTP status line`},
		{"empty block", http(""), `error: corrupt: no HTTP status line`},
		{"header too long", http(head + strings.Repeat("A: b\r\n", 100000) + "\r\nabc"), `error: too large: HTTP header over 65536 bytes`},
		{"line too long", http(head + "A: " + long + "\r\n\r\nabc"), `error: too large: HTTP header over 65536 bytes`},
		{"no media type of the record", record("response", "http://e.org/", "", head+"\r\nabc"), `response http://e.org/ 200 text/html "abc"`},
		{"said to be truncated", record("response", "u", "application/http", head+"\r\nabc", "WARC-Truncated: length"), `response u 200 text/html truncated "abc"`},
		{"too long", record("resource", "u", "text/plain", long+long), `resource u 0 text/plain truncated "0123456789abcdef0123 ... (1500000)"`},

		{"chunked", http(chunkedHead + "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: u\r\n\r\n"), `response u 200 text/html "abcdefg"`},
		{"chunked, large", http(chunkedHead + "100000\r\n" + long + "\r\n0\r\n\r\n"), `response u 200 text/html "0123456789abcdef0123 ... (1048576)"`},
		{"chunked, empty", http(chunkedHead + "0\r\n\r\n"), `response u 200 text/html ""`},
		{"chunked, upper case and padded", http(strings.Replace(chunkedHead, "chunked", "gzip, Chunked", 1) + "00A  \r\n0123456789\r\n0\r\n\r\n"), `response u 200 text/html "0123456789"`},
		{"chunks taken off before", http(chunkedHead + "<p>abc"), `response u 200 text/html "<p>abc"`},
		{"taken off before, text like a size", http(chunkedHead + "2\r\nabc and more"), `response u 200 text/html "2\r\nabc and more"`},
		{"taken off before, text like the end", http(chunkedHead + "0\r\n" + long), `response u 200 text/html "0\r\n0123456789abcdef0 ... (1048579)"`},
		{"chunk breaks off", http(chunkedHead + "3\r\nabc\r\n10\r\ndefg"), `response u 200 text/html truncated "abcdefg"`},
		{"chunk without size", http(chunkedHead + "3\r\nabc\r\nzz\r\ndefg\r\n0\r\n\r\n"), `response u 200 text/html truncated "abc"`},
		{"chunk size too large", http(chunkedHead + "3\r\nabc\r\nffffffffffffffffff\r\nd"), `response u 200 text/html truncated "abc"`},
		{"chunk size negative", http(chunkedHead + "3\r\nabc\r\n-1\r\nd"), `response u 200 text/html truncated "abc"`},
		{"last chunk missing", http(chunkedHead + "3\r\nabc\r\n"), `response u 200 text/html truncated "abc"`},
		{"chunk line too long", http(chunkedHead + "3\r\nabc\r\n3;" + long + "\r\nabc\r\n0\r\n\r\n"), `response u 200 text/html truncated "abc"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, file := range []string{c.record + one, gz(c.record, one), gz(c.record + one), zst(nil, c.record, one)} {
				r := open(t, file)
				r.PageLimit = 1500000
				want := lines(c.want, `resource u:1 0 text/plain "one"`)
				if diff := cmp.Diff(want, dumpPages(r)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if strings.HasPrefix(c.want, "error") {
					continue
				}
				r = open(t, file)
				r.Blocks = true
				r.PageLimit = 3000000
				_, block, _ := strings.Cut(strings.TrimSuffix(c.record, "\r\n\r\n"), "\r\n\r\n")
				if p, err := r.NextPage(); err != nil || string(p.Block) != block || p.Header.Get("WARC-Type") != p.Type {
					t.Errorf("block of %d bytes, %v, want %d", len(p.Block), err, len(block))
				}
				r = open(t, file)
				r.Blocks, r.PageLimit = true, max(1, int64(len(block)-1)/2)
				if p, err := r.NextPage(); len(block) > 2 && (err != nil || p.Block != nil) {
					t.Errorf("block of %d bytes, %v, over the limit", len(p.Block), err)
				}
			}
		})
	}
}

func TestWant(t *testing.T) {
	r := open(t, strings.Join(sample, ""))
	r.Want = func(p *Page) bool { return p.ContentType == "text/plain" && p.Body == nil }
	want := lines(`resource http://e.org/b.txt 0 text/plain "two"`, `conversion http://e.org/c 0 text/plain "three"`)
	if diff := cmp.Diff(want, dumpPages(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHTTP(t *testing.T) {
	r := open(t, record("revisit", "http://e.org/", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nset-cookie: a\r\nX: 1\r\nSet-Cookie: b")+one)
	rec, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	resp, err := rec.HTTP()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if resp.Proto != "HTTP/1.1" || resp.Status != 200 || len(body) != 0 || err != nil {
		t.Errorf("got %+v, body %q, %v", resp, body, err)
	}
	if diff := cmp.Diff([]string{"a", "b"}, resp.Header.Values("Set-Cookie")); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
	if rec, err = r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := rec.HTTP(); !errors.Is(err, dateline.ErrUnsupported) {
		t.Errorf("HTTP of a resource record: %v, want ErrUnsupported", err)
	}
	if body, err := io.ReadAll(rec.Body); string(body) != "one" || err != nil {
		t.Errorf("its block: %q, %v", body, err)
	}
}

// The body must be the caller's own.
func TestPageKept(t *testing.T) {
	r := open(t, gz(one, two, three))
	first, err := r.NextPage()
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = r.NextPage()
	}
	if !bytes.Equal(first.Body, []byte("one")) {
		t.Errorf("first page's body became %q", first.Body)
	}
}
