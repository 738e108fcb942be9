package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"dateline"
	"dateline/warc"
)

// FuzzOpenTail: whatever bytes stand behind good records, with or without an
// index, opening goes well, the good ones stay, and writing goes on.
func FuzzOpenTail(f *testing.F) {
	dir := tempDir(f)
	a := open(f, dir, options())
	all := []Exchange{exchange(1, 100), exchange(2, 100)}
	captures := write(f, a, all...)
	files := snapshot(f, dir)
	name := captures[0].WARC
	a.Close()
	good := files[name]
	f.Add(false, []byte{})
	f.Add(true, good[captures[1].Offset:])
	f.Add(false, good[captures[1].Offset:len(good)-1])
	f.Add(false, good[captures[1].Offset+1:])
	f.Add(true, append(make([]byte, 100), good[captures[1].Offset:]...))
	f.Add(true, append(bytes.Clone(good[captures[1].Offset:captures[1].Offset+30]), good...))
	n := 0
	f.Fuzz(func(t *testing.T, index bool, tail []byte) {
		n++
		files := map[string][]byte{name: append(bytes.Clone(good), tail...), indexName(name): files[indexName(name)]}
		if !index {
			delete(files, indexName(name))
		}
		sub := lay(t, filepath.Join(dir, fmt.Sprint(os.Getpid(), "-", n)), files)
		defer os.RemoveAll(sub)
		a, err := Open(sub, options())
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if a.Size() < int64(len(good)) {
			t.Fatalf("%d bytes left of %d", a.Size(), len(good))
		}
		more := exchange(3, 100)
		list, captures := append(all[:2:2], more), append(captures[:2:2], write(t, a, more)...)
		for i, c := range captures {
			if wrong := holds(a, c, list[i]); wrong != "" {
				t.Error(wrong)
			}
		}
	})
}

// FuzzWriteRead: what can be written is read as it was served, and the index
// made from the file is the one made while writing.
func FuzzWriteRead(f *testing.F) {
	f.Add("https://news.example/a", "", []byte("GET / HTTP/1.1\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"))
	f.Add("u:\r\n", "time", []byte(nil), []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
	f.Add("+:\xdd\v", "", []byte(nil), []byte("HTTP/1.1 200 OK\r\n\r\nabc"))
	f.Add("http://a/ b", "x\n", []byte{}, []byte("HTTP/1.1 103 Hints\r\n\r\nHTTP/2 404\nContent-Type: \xff; \x00\n\nabc"))
	dir := tempDir(f)
	a := open(f, dir, options())
	write(f, a, exchange(1, 10))
	f.Fuzz(func(t *testing.T, url, truncated string, request, response []byte) {
		e := Exchange{URL: url, Fetched: noon, Truncated: truncated, Request: request, Response: response}
		before := a.Size()
		list, err := a.Write(t.Context(), e)
		if err != nil {
			if a.Size() != before {
				t.Errorf("%d bytes written, and then %v", a.Size()-before, err)
			}
			return
		}
		c := list[0]
		p, err := a.Read(t.Context(), c.WARC, c.Offset)
		if err != nil {
			t.Fatal(err)
		}
		if p.URL != c.URL || p.Status != c.Status || p.Digest != c.Digest || warc.Digest(p.Payload) != c.Digest {
			t.Errorf("read %+v, written %+v", p, c)
		}
		s := a.scans.take()
		defer a.scans.give(s)
		rec, err := a.record(s, c.WARC, c.Offset)
		if err != nil {
			t.Fatal(err)
		}
		size := warc.MemberSize(s.raw)
		l, err := lineOf(c.WARC, c.Offset, size, rec)
		if err != nil {
			t.Fatal(err)
		}
		lines, whole, err := a.readIndex(c.WARC)
		if err != nil || !whole || len(lines) == 0 {
			t.Fatalf("index: %d lines, %v, %v", len(lines), whole, err)
		}
		want, err := sorted([]warc.Line{*l})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := sorted(lines[len(lines)-1:]); err != nil || got != want {
			t.Errorf("line %q, %v, made from the file %q", got, err, want)
		}
		e.Same = &c
		if list, err = a.Write(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if again, err := a.Read(t.Context(), list[0].WARC, list[0].Offset); err != nil || again.Type != "revisit" || !bytes.Equal(again.Payload, p.Payload) {
			t.Errorf("revisit: %+v, %v", again, err)
		}
		if err := a.Erase(t.Context(), c.WARC, c.Offset); err != nil {
			t.Error(err)
		}
		if a.Size() > 1<<20 {
			sound(t, a)
			a.mu.Lock()
			a.o.Rotate = 1
			a.mu.Unlock()
		}
	})
}

// FuzzImport: a page of any archive is kept as that archive's reader gives it.
func FuzzImport(f *testing.F) {
	const http = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
	for _, x := range [][3]string{
		{"response", "application/http; msgtype=response", http}, {"response", "", http}, {"response", "application/http; msgtype=request", http},
		{"resource", "text/html", "<p>"}, {"resource", "application/http", http}, {"conversion", "text/plain", "a"}, {"response", "x/y\r\n z", "a"},
	} {
		f.Add(fmt.Appendf(nil, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Date: 2026\r\nWARC-Target-URI: <http://a.example/>\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", x[0], x[1], len(x[2]), x[2]))
	}
	a := open(f, tempDir(f), options())
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := warc.NewReader(bytes.NewReader(data))
		if err != nil {
			return
		}
		r.Blocks = true
		for {
			p, err := r.NextPage()
			if err == io.EOF {
				break
			}
			if err != nil {
				continue
			}
			c, err := a.Import(t.Context(), p, noon)
			if err != nil {
				if !errors.Is(err, dateline.ErrInvalid) && !errors.Is(err, dateline.ErrTooLarge) {
					t.Errorf("import: %v", err)
				}
				continue
			}
			got, err := a.Read(t.Context(), c.WARC, c.Offset)
			if err != nil || !bytes.Equal(got.Payload, p.Body) || got.Status != p.Status || got.URL != p.URL {
				t.Errorf("imported %+v, %v, theirs %+v", got, err, p)
			}
		}
		if a.Size() > 1<<20 {
			sound(t, a)
			a.mu.Lock()
			a.o.Rotate = 1
			a.mu.Unlock()
		}
	})
}
