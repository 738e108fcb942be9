package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	// The program that scripts start begins here, too, and under its own name. Of
	// the settings of whoever tests nothing is to reach the scripts.
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") != "dateline" {
		for _, v := range os.Environ() {
			if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "DATELINE_") {
				os.Unsetenv(name)
			}
		}
	}
	testscript.Main(m, map[string]func(){
		"dateline": main,
	})
}

// TestReadmePicture runs the command that the README shows first: what it prints
// is the picture beside it, which leaves out what stands between its parts.
func TestReadmePicture(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	t.Setenv("COLUMNS", "80")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "$ dateline ")
	command, text, _ := strings.Cut(text, "\n")
	_, text, _ = strings.Cut(text, "```text\n")
	picture, _, _ := strings.Cut(text, "```")
	parts := strings.Split(picture, "...\n")
	if len(parts) < 2 {
		t.Fatalf("the README has no picture of %q", command)
	}
	var out, errs bytes.Buffer
	if status := run(strings.Fields(command), console{strings.NewReader(""), &out, &errs}); status != exitOK || errs.Len() > 0 {
		t.Fatalf("status %d, %s", status, &errs)
	}
	got := out.String()
	rest, ok := strings.CutPrefix(got, parts[0])
	for _, part := range parts[1:] {
		_, after, found := strings.Cut(rest, part)
		rest, ok = after, ok && found
	}
	if !ok || rest != "" {
		t.Errorf("the README shows\n%s\nthe program prints\n%s", picture, got)
	}
}

// TestScripts runs the command line's manual: each script in testdata shows
// one form of use, with real files and a real server on loopback.
func TestScripts(t *testing.T) {
	pages, err := filepath.Abs(filepath.Join("..", "..", "testdata", "pages"))
	if err != nil {
		t.Fatal(err)
	}
	commands := siteCommands()
	maps.Copy(commands, fileCommands)
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			s := &site{pages: map[string]string{"/bridge": page}, gone: map[string]bool{}, paid: map[string]bool{}, busy: map[string]bool{}}
			srv := httptest.NewServer(s)
			e.Defer(srv.Close)
			started := &process{}
			e.Defer(started.end)
			e.Values["site"], e.Values["process"] = s, started
			e.Setenv("SERVER", srv.URL)
			e.Setenv("PAGES", pages)
			e.Setenv("NO_COLOR", "1")
			// The record of a script, and a pace for an outlet that is one's own.
			e.Setenv("DATELINE_DATA_DIR", filepath.Join(e.WorkDir, "record"))
			e.Setenv("DATELINE_CONTACT", "desk@newsroom.example")
			e.Setenv("DATELINE_FETCH_DELAY", "1ms")
			e.Setenv("DATELINE_DISK_LOW_WATER", "1 MB")
			return nil
		},
		Condition: condition,
		Cmds:      commands,
	})
}

// fileCommands make and change the files of scripts.
var fileCommands = map[string]func(*testscript.TestScript, bool, []string){
	// fill FILE SIZE [TEXT]: a file of that many bytes, TEXT again and again.
	"fill": func(ts *testscript.TestScript, neg bool, args []string) {
		var n int
		if _, err := fmt.Sscan(args[1], &n); err != nil {
			ts.Fatalf("fill: %v", err)
		}
		text := "\x00\x01\x02\xfe"
		if len(args) > 2 {
			text = args[2]
		}
		b := make([]byte, 0, n+len(text))
		for len(b) < n {
			b = append(b, text...)
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), b[:n], 0o600))
	},
	// interrupt COMMAND: starts it, interrupts it after its first line of
	// output, and leaves what it wrote in out and err.
	"interrupt": func(ts *testscript.TestScript, neg bool, args []string) {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = ts.MkAbs(".")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		ts.Check(err)
		ts.Check(cmd.Start())
		r := bufio.NewReader(stdout)
		line, err := r.ReadBytes('\n')
		ts.Check(err)
		ts.Check(cmd.Process.Signal(os.Interrupt))
		rest, err := io.ReadAll(r)
		ts.Check(err)
		if err := cmd.Wait(); err == nil {
			ts.Fatalf("it ended as if nothing had happened")
		}
		ts.Check(os.WriteFile(ts.MkAbs("out"), append(line, rest...), 0o600))
		ts.Check(os.WriteFile(ts.MkAbs("err"), stderr.Bytes(), 0o600))
	},
	// deep FILE N: an article inside N nested divs.
	"deep": func(ts *testscript.TestScript, neg bool, args []string) {
		var n int
		if _, err := fmt.Sscan(args[1], &n); err != nil {
			ts.Fatalf("deep: %v", err)
		}
		var b []byte
		b = append(b, "<html><title>The ferry is back</title><body>"...)
		for range n {
			b = append(b, "<div>"...)
		}
		for i := range 6 {
			b = fmt.Appendf(b, "<p>Paragraph %d says that the ferry between the two islands sails again, after a week in which nobody could cross, and that the harbour is full.</p>", i)
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
	},
	// status N COMMAND: runs it, which is to end with that exit status; what
	// it wrote is left in out and err.
	"status": func(ts *testscript.TestScript, neg bool, args []string) {
		cmd := exec.Command(args[1], args[2:]...)
		cmd.Dir, cmd.Env = ts.MkAbs("."), environ(ts)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		if cmd.ProcessState == nil {
			ts.Fatalf("%v", err)
		}
		if got := fmt.Sprint(cmd.ProcessState.ExitCode()); got != args[0] {
			ts.Fatalf("status %s, want %s; %s", got, args[0], stderr.Bytes())
		}
		ts.Check(os.WriteFile(ts.MkAbs("out"), stdout.Bytes(), 0o600))
		ts.Check(os.WriteFile(ts.MkAbs("err"), stderr.Bytes(), 0o600))
	},
	// compress FILE...: each beside itself with .gz, .zst and .br.
	"compress": func(ts *testscript.TestScript, neg bool, args []string) {
		for _, name := range args {
			var out [3]bytes.Buffer
			z, err := zstd.NewWriter(&out[1], zstd.WithEncoderConcurrency(1))
			ts.Check(err)
			for i, w := range []io.WriteCloser{gzip.NewWriter(&out[0]), z, brotli.NewWriter(&out[2])} {
				_, err := io.WriteString(w, ts.ReadFile(name))
				ts.Check(err)
				ts.Check(w.Close())
				ts.Check(os.WriteFile(ts.MkAbs(name+[]string{".gz", ".zst", ".br"}[i]), out[i].Bytes(), 0o600))
			}
		}
	},
	// records FILE PAGE...: a plain WARC file in which each page is a resource
	// and its text a conversion; without pages it has but a warcinfo.
	"records": func(ts *testscript.TestScript, neg bool, args []string) {
		var out bytes.Buffer
		record := func(kind, uri, typ, block string) {
			fmt.Fprintf(&out, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2025-05-05T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
				kind, uri, out.Len(), typ, len(block), block)
		}
		record("warcinfo", "urn:info", "application/warc-fields", "software: a test\r\n")
		for _, name := range args[1:] {
			record("resource", "https://vale.example/"+name, "text/html", ts.ReadFile(name))
			record("conversion", "https://vale.example/text/"+name, "text/plain", "A bridge as text\n\nThe new bridge over the Arrow opened on Saturday, said Nell Farrow, who led the works.\n")
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
	},
	// archive [--date=DAY] FILE PAGE...: a WARC file with a gzip member a record, in
	// which each page is a chunked response, and one is a 404; if FILE ends
	// in .zst, one frame whose first block is long and hard to compress.
	"archive": func(ts *testscript.TestScript, neg bool, args []string) {
		var out bytes.Buffer
		day := "2025-05-05"
		if d, ok := strings.CutPrefix(args[0], "--date="); ok {
			day, args = d, args[1:]
		}
		frame, err := zstd.NewWriter(&out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
		ts.Check(err)
		whole := strings.HasSuffix(args[0], ".zst")
		record := func(kind, uri, block string) {
			var z io.WriteCloser = frame
			if !whole {
				z = gzip.NewWriter(&out)
			}
			fmt.Fprintf(z, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: %sT00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\nContent-Type: application/http;msgtype=%s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
				kind, uri, day, out.Len(), kind, len(block), block)
			if !whole {
				ts.Check(z.Close())
			}
		}
		if whole {
			noise := make([]byte, 100<<10)
			rand.NewChaCha8([32]byte{1}).Read(noise)
			record("metadata", "urn:noise", string(noise))
		}
		for _, name := range args[1:] {
			body := ts.ReadFile(name)
			record("request", "https://vale.example/"+name, "GET / HTTP/1.1\r\n\r\n")
			record("response", "https://vale.example/"+name, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body))
		}
		record("response", "https://vale.example/gone", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<title>Gone</title><p>There is nothing here.</p>")
		if whole {
			ts.Check(frame.Close())
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
	},
	// cut FILE N OUT: the first N bytes of a file.
	"cut": func(ts *testscript.TestScript, neg bool, args []string) {
		b, err := os.ReadFile(ts.MkAbs(args[0]))
		ts.Check(err)
		var n int
		if _, err := fmt.Sscan(args[1], &n); err != nil {
			ts.Fatalf("cut: %v", err)
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), b[:min(n, len(b))], 0o600))
	},
}

// page is an article as the test server has it.
const page = `<html lang="en"><head><title>Bridge opens early | The Vale Post</title>
<meta property="og:site_name" content="The Vale Post"><meta property="og:type" content="article">
<meta property="article:published_time" content="2025-05-04T08:00:00+01:00"></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>
<article><h1>Bridge opens early</h1>
<p>The new bridge over the Arrow opened on Saturday, three weeks before the date that the county had promised, and the first to cross it was a flock of sheep.</p>
<p>“We did not plan it that way,” said Nell Farrow, who led the works. “They simply would not wait, and in the end neither would we.”</p>
<p>The old bridge, which was closed in 2023 after a lorry struck its parapet, will be kept for walkers. It will be repaired next spring, the county said.</p>
</article><footer>© The Vale Post. All rights reserved.</footer></body></html>`
