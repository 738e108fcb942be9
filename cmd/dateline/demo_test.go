package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestDemo runs the command that the README shows first, as a program of its
// own: the invented outlets' articles stand on its pages soon, with their
// figures and places, more keep coming, and it ends well and leaves nothing
// behind.
func TestDemo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM")
	}
	tmp := t.TempDir()
	cmd, _ := program(t, "demo", "--listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Env, "TMPDIR="+tmp)
	cmd.Stdout, cmd.Stderr = nil, nil
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	lines := bufio.NewScanner(out)
	var base string
	for base == "" && lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "in a browser: "); ok {
			base = strings.TrimSuffix(strings.TrimSpace(address), "/")
		}
	}
	if base == "" {
		t.Fatalf("it names no address: %v", lines.Err())
	}
	drained := make(chan struct{})
	var forbidden atomic.Bool
	go func() { // so that it is not held up by what nobody reads
		defer close(drained)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "robots.txt forbids the page; what its feed says") {
				forbidden.Store(true)
			}
		}
	}()
	page := func(path string) string {
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", path, resp.Status, err)
		}
		return string(b)
	}
	kept := func() (n int) {
		var answer struct{ Items []struct{ ID string } }
		if err := json.Unmarshal([]byte(page("/api/v1/articles?limit=100")), &answer); err != nil {
			t.Fatal(err)
		}
		return len(answer.Items)
	}
	waitFor(t, 60*time.Second, "articles on the first page", func() bool { return strings.Contains(page("/"), `href="/article/`) })
	// README and the first page promise ten seconds, which a busy machine may
	// double.
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("the first articles stood there after %v", took.Round(time.Millisecond))
	} else {
		t.Logf("the first articles stood there after %v", took.Round(time.Millisecond))
	}
	for path, sign := range map[string]string{"/figures": `<use href="#c`, "/places": `<use href="#m-`} {
		waitFor(t, 60*time.Second, path, func() bool { return strings.Contains(page(path), sign) })
	}
	waitFor(t, 60*time.Second, "what a feed says of a page that robots.txt forbids", forbidden.Load)
	first := kept()
	waitFor(t, 60*time.Second, "more articles", func() bool { return kept() > first })
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-drained
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("it left %v behind: %v", left, err)
	}
}
