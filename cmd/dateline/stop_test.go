package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/demo"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
)

// program is the command as a process of its own.
func program(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{"dateline"}, args...)
	cmd.Env = append(os.Environ(), "DATELINE_FETCH_DELAY=10ms", "DATELINE_FETCH_ALLOW_PRIVATE=true", "DATELINE_CONTACT=desk@newsroom.example")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd, &out
}

// waitFor waits for what other processes do, which nothing here is told of.
func waitFor(t *testing.T, limit time.Duration, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(limit); !done(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s: not within %v", what, limit)
		}
	}
}

// TestStop stops the program while servers keep it waiting: it ends soon and
// well, gives back what was under way, and goes on with it when it is started
// again.
func TestStop(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM")
	}
	farm, err := demo.Start(demo.Options{Seed: 1, Outlets: 2, Pages: 5, Hostile: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer farm.Close()
	dir := t.TempDir()
	db := filepath.Join(dir, databaseName)
	s, err := sqlite.Open(t.Context(), db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	slow := 0
	for n, o := range farm.Outlets() {
		source := "feed.xml"
		if o.Shows == "only does harm" {
			source = []string{"silent/feed", "drip/feed"}[n%2]
			slow++
		}
		if err := s.PutOutlet(t.Context(), dateline.Outlet{ID: fmt.Sprint("outlet", n), Name: o.Name, Home: o.Home, Sources: []dateline.Source{{URL: o.Home + source, Kind: dateline.SourceFeed}}}, fetch.Domain); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	waiting := func() (n int) {
		for _, h := range farm.Log() {
			if strings.HasSuffix(h.Path, "/feed") {
				n++
			}
		}
		return n
	}
	for round := 1; round <= 2; round++ {
		cmd, out := program(t, "follow", "--data", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, 20*time.Second, "slow servers are asked", func() bool { return waiting() == round*slow })
		if round == 2 {
			waitFor(t, 20*time.Second, "the others' pages come meanwhile", func() bool { return articles(t, db) == 10 })
		}
		start := time.Now()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		err := cmd.Wait()
		took := time.Since(start)
		t.Logf("stopped in %v", took.Round(time.Millisecond))
		if err != nil || took > 10*time.Second {
			t.Errorf("it ended with %v after %v: %s", err, took, out)
		}
		s, err := sqlite.Open(t.Context(), db, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		counts, err := s.Backlog(t.Context())
		if err != nil {
			t.Error(err)
		}
		if n := counts[work.Follow].Taken + counts[work.Fetch].Taken; n != 0 {
			t.Errorf("%d units were not given back", n)
		}
		s.Close()
	}
}

// TestStopErrand takes a list of 100,000 outlets in, and stops the program
// meanwhile: the pages are there until then, it ends soon and well, each outlet is
// kept whole or not at all, and the list can be taken in again.
func TestStopErrand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM")
	}
	dir := t.TempDir()
	cmd, out := program(t, "serve", "--no-follow", "--data", dir, "--listen", "127.0.0.1:0")
	stdout, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer stdout.Close()
	cmd.Stdout = stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	home := ""
	waitFor(t, 20*time.Second, "it serves", func() bool {
		b, _ := os.ReadFile(stdout.Name())
		_, rest, ok := strings.Cut(string(b), "serving at ")
		home, _, _ = strings.Cut(rest, "\n")
		return ok && strings.HasSuffix(home, "/")
	})
	const n = 100_000
	var list bytes.Buffer
	w := multipart.NewWriter(&list)
	f, _ := w.CreateFormFile("list", "outlets.opml")
	io.WriteString(f, "<opml><body>")
	for i := range n {
		fmt.Fprintf(f, `<outline text="Outlet %d" xmlUrl="https://o%d.example/feed" htmlUrl="https://o%d.example/"/>`, i, i, i)
	}
	io.WriteString(f, "</body></opml>")
	w.WriteField("since", "all")
	w.Close()
	start := time.Now()
	resp, err := http.Post(home+"outlets/import", w.FormDataContentType(), &list)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	t.Logf("taken after %v", time.Since(start).Round(time.Millisecond))
	waitFor(t, 60*time.Second, "outlets are kept", func() bool {
		start := time.Now()
		resp, err := http.Get(home + "outlets")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		if took := time.Since(start); resp.StatusCode != 200 || took > 3*time.Second {
			t.Errorf("the page of outlets: %s after %v", resp.Status, took)
		}
		return bytes.Contains(b, []byte("Outlet "))
	})
	start = time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if took := time.Since(start); err != nil || took > 10*time.Second || strings.Contains(out.String(), "fault") || strings.Contains(out.String(), "goes on at") {
		t.Errorf("it ended with %v after %v: %s", err, took, out)
	} else {
		t.Logf("stopped in %v", took.Round(time.Millisecond))
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, databaseName), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	kept, err := s.ListOutlets(t.Context())
	if err != nil || len(kept) == 0 || len(kept) == n {
		t.Fatalf("%d outlets, %v", len(kept), err)
	}
	for _, o := range kept {
		if len(o.States) != 1 || o.Home == "" {
			t.Fatalf("half an outlet: %+v", o)
		}
	}
	t.Logf("%d outlets until then", len(kept))
}

// articles is how many a record has, whoever works on it.
func articles(t *testing.T, db string) int {
	t.Helper()
	s, err := sqlite.Open(t.Context(), db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	totals, err := s.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return totals.Articles
}

// TestReadOnly works on a record that cannot be written to, and begins one where
// nothing can: each says in a line what is to be done.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a disk of its own can be mounted by root alone: %v: %s", err, out)
	}
	defer exec.Command("umount", dir).Run()
	list := filepath.Join(dir, "list")
	if err := os.WriteFile(list, []byte("https://vale.example/\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, out := program(t, "import", list, "--data", filepath.Join(dir, "record"))
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"follow", "--data", filepath.Join(dir, "record")}, "read-only file system; the folder must be writable"},
		{[]string{"add", "http://127.0.0.1:9/", "--data", filepath.Join(dir, "other")}, "nothing can be written in"},
		{[]string{"list", "--data", filepath.Join(dir, "record")}, "so its record is shown as it is"},
	} {
		cmd, out := program(t, c.args...)
		if err := cmd.Run(); (err == nil) != (c.args[0] == "list") || !strings.Contains(out.String(), c.want) || strings.Count(out.String(), "\n") != 1 {
			t.Errorf("%v: %v, %s", c.args, err, out)
		}
	}
}

// TestFullDisk has no room left where the record is: it can be looked at all the
// same, and what has to write ends and says what to do.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk can be mounted by root alone: %v: %s", err, out)
	}
	defer exec.Command("umount", dir).Run()
	record := filepath.Join(dir, "record")
	pages := filepath.Join(t.TempDir(), "pages.warc")
	f, err := os.Create(pages)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for n := range 100 {
		text := make([]byte, 100<<10)
		rand.Read(text)
		page := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html lang=\"en\"><title>Ferry %d is late</title><body><article><h1>Ferry %[1]d is late</h1>"+
			"<p>The ferry to the island was four hours late on Friday, after a storm in which at least %[1]d people were injured on the quay.</p>"+
			"<p>They were at the other harbour, said Nell Farrow, who had sold the tickets. Nobody had told them that there are two.</p></article><!-- %x --></body></html>", n, text)
		fmt.Fprintf(f, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\nWARC-Date: 2025-05-05T00:00:00Z\r\n"+
			"WARC-Target-URI: https://vale.example/%d\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", n, n, len(page), page)
	}
	ends := func(ok bool, want string, args ...string) {
		t.Helper()
		cmd, out := program(t, append(args, "--data", record)...)
		timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
		defer timer.Stop()
		if err := cmd.Run(); (err == nil) != ok || !strings.Contains(out.String(), want) {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}
	list := filepath.Join(t.TempDir(), "outlets.opml")
	if err := os.WriteFile(list, []byte(`<opml version="2.0"><body><outline text="The Vale Post" xmlUrl="https://vale.example/feed"/></body></opml>`), 0o600); err != nil {
		t.Fatal(err)
	}
	ends(true, "", "import", list)
	fill, err := os.Create(filepath.Join(dir, "fill"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = fill.Write(make([]byte, 4096))
	}
	fill.Close()
	ends(true, "its record is shown as it is", "outlets", "--format", "text")
	ends(true, "The Vale Post", "outlets", "--format", "text")
	ends(false, "make room", "import", pages)
	ends(false, "make room", "follow")

	// Where it becomes full meanwhile, all comes in once there is room.
	if err := os.Remove(fill.Name()); err != nil {
		t.Fatal(err)
	}
	ends(false, "make room", "import", pages)
	if out, err := exec.Command("mount", "-o", "remount,size=64m", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ends(true, "", "import", pages)
	ends(true, "100 captures in the database: all is well", "verify")
	ends(true, `"url":"https://vale.example/0"`, "list", "--limit", "0")
}

// TestInnerAddress gives commands the address of a listener on this machine,
// which they must not connect to.
func TestInnerAddress(t *testing.T) {
	t.Setenv("DATELINE_CONTACT", "desk@newsroom.example")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	seen := make(chan string, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			seen <- c.RemoteAddr().String()
			c.Close()
		}
	}()
	port := l.Addr().(*net.TCPAddr).Port
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "127.1"} {
		address := fmt.Sprintf("http://%s:%d/", host, port)
		for _, args := range [][]string{{"read", address}, {"add", "--data", t.TempDir(), address}} {
			var out bytes.Buffer
			if status := run(args, console{strings.NewReader(""), &out, &out}); status == exitOK || args[0] == "read" && !strings.Contains(out.String(), "refused") {
				t.Errorf("%v: status %d, %s", args, status, &out)
			}
		}
	}
	own, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	if first := <-seen; first != own.LocalAddr().String() {
		t.Error("a command connected to it")
	}
}
