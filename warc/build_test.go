package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// record writes one record. Fields are full lines; a length of -1 is that of
// the block.
func record(kind, uri, mediaType, block string, fields ...string) string {
	return recordOf(kind, uri, mediaType, fmt.Sprint(len(block)), block, fields...)
}

func recordOf(kind, uri, mediaType, length, block string, fields ...string) string {
	var b strings.Builder
	b.WriteString("WARC/1.1\r\nWARC-Type: " + kind + "\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n")
	if uri != "" {
		b.WriteString("WARC-Target-URI: " + uri + "\r\n")
	}
	if mediaType != "" {
		b.WriteString("Content-Type: " + mediaType + "\r\n")
	}
	for _, f := range fields {
		b.WriteString(f + "\r\n")
	}
	return b.String() + "Content-Length: " + length + "\r\n\r\n" + block + "\r\n\r\n"
}

// response writes a response record of an HTML page.
func response(uri, html string) string {
	return record("response", uri, "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"+html)
}

// gz makes one gzip member of each text.
func gz(texts ...string) string {
	var b bytes.Buffer
	for _, t := range texts {
		w := gzip.NewWriter(&b)
		io.WriteString(w, t)
		w.Close()
	}
	return b.String()
}

// stored makes one gzip member that holds the text as it is.
func stored(text string) string {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.NoCompression)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

// zst makes one Zstandard frame of each text.
func zst(opts []zstd.EOption, texts ...string) string {
	enc, err := zstd.NewWriter(nil, opts...)
	if err != nil {
		panic(err)
	}
	defer enc.Close()
	var b []byte
	for _, t := range texts {
		b = enc.EncodeAll([]byte(t), b)
	}
	return string(b)
}

// rawFrame makes a Zstandard frame of one block as it is, with the window
// descriptor.
func rawFrame(window byte, text string) string {
	h := len(text)<<3 | 1
	return zstdMagic + string([]byte{0, window, byte(h), byte(h >> 8), byte(h >> 16)}) + text
}

// skippable makes a skippable Zstandard frame.
func skippable(magic byte, data string) string {
	n := len(data)
	return string([]byte{magic, 0x2a, 0x4d, 0x18, byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}) + data
}

// dictionary trains a dictionary on small records.
func dictionary(id uint32) string {
	var contents [][]byte
	var history []byte
	for i := range 200 {
		text := response(fmt.Sprintf("http://e.org/%d", i*i), fmt.Sprintf("<p>page %d of %x", i, i*i*i))
		contents = append(contents, []byte(text))
		if i%20 == 0 {
			history = append(history, text...)
		}
	}
	d, err := zstd.BuildDict(zstd.BuildDictOptions{ID: id, Contents: contents, History: history, Offsets: [3]int{1, 4, 8}})
	if err != nil {
		panic(err)
	}
	return string(d)
}

// open makes a Reader of the text or ends the test.
func open(t testing.TB, text string) *Reader {
	t.Helper()
	r, err := NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// dumpRecords reads every record and says on a line each what it was, or what
// was wrong.
func dumpRecords(r *Reader) string {
	var b strings.Builder
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			dumpError(&b, err)
			continue
		}
		block, err := io.ReadAll(rec.Body)
		fmt.Fprintf(&b, "%s %s %q\n", rec.Type, rec.TargetURI, brief(string(block)))
		if err != nil {
			dumpError(&b, err)
		}
	}
}

// dumpPages does so for pages.
func dumpPages(r *Reader) string {
	var b strings.Builder
	for {
		p, err := r.NextPage()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			dumpError(&b, err)
			continue
		}
		fmt.Fprintf(&b, "%s %s %d %s", p.Type, p.URL, p.Status, p.ContentType)
		if p.Encoding != "" {
			b.WriteString(" " + p.Encoding)
		}
		if p.Truncated {
			b.WriteString(" truncated")
		}
		fmt.Fprintf(&b, " %q\n", brief(string(p.Body)))
	}
}

func dumpError(b *strings.Builder, err error) {
	var e *Error
	switch {
	case !errors.As(err, &e):
		fmt.Fprintf(b, "not an *Error: %v\n", err)
	case e.Final:
		fmt.Fprintf(b, "final: %v\n", e.Err)
	default:
		fmt.Fprintf(b, "error: %v\n", e.Err)
	}
}

// brief keeps the ends of a long text.
func brief(s string) string {
	if len(s) <= 80 {
		return s
	}
	return fmt.Sprintf("%s ... (%d)", s[:20], len(s))
}

// lines joins expected lines.
func lines(s ...string) string { return strings.Join(s, "\n") + "\n" }
