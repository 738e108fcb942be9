package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"database/sql"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// site is the outlet that scripts have on loopback: a front page, a feed of
// what is published, and the pages, which the script's commands change.
type site struct {
	mu    sync.Mutex
	pages map[string]string // by path
	order []string          // of the feed, newest first
	links []string          // that the feed has besides
	gone  map[string]bool
	paid  map[string]bool // whose text the feed has and the page asks money for
	busy  map[string]bool
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.pages[r.URL.Path]
	switch {
	case s.busy[r.URL.Path]:
		http.Error(w, "come again", http.StatusServiceUnavailable)
	case s.paid[r.URL.Path]:
		http.Error(w, "pay first", http.StatusPaymentRequired)
	case s.gone[r.URL.Path]:
		http.Error(w, "gone", http.StatusGone)
	case ok:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, body)
	case r.URL.Path == "/asked-by":
		fmt.Fprintf(w, "<title>Who asked</title><p>%s</p>", r.UserAgent())
	case r.URL.Path == "/moved":
		http.Redirect(w, r, "/bridge", http.StatusFound)
	case r.URL.Path == "/robots.txt":
		fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n")
	case r.URL.Path == "/feed.xml":
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>The Vale Post</title><link>/</link>`)
		for _, path := range s.order {
			text := ""
			if s.paid[path] {
				_, text, _ = strings.Cut(s.pages[path], "</h1>")
			}
			fmt.Fprintf(w, "<item><title>%s</title><link>http://%s%s</link><description>%s</description></item>", html.EscapeString(titleOf(s.pages[path])), r.Host, path, html.EscapeString(text))
		}
		for _, link := range s.links {
			fmt.Fprintf(w, "<item><title>Elsewhere</title><link>%s</link></item>", html.EscapeString(link))
		}
		fmt.Fprint(w, "</channel></rss>")
	case r.URL.Path == "/":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<html lang="en"><head><title>The Vale Post</title><meta property="og:site_name" content="The Vale Post">
<link rel="alternate" type="application/rss+xml" title="All news" href="/feed.xml"></head><body><h1>The Vale Post</h1></body></html>`)
	default:
		http.NotFound(w, r)
	}
}

func titleOf(page string) string {
	_, s, _ := strings.Cut(page, "<h1>")
	s, _, _ = strings.Cut(s, "</h1>")
	return s
}

// siteCommands are what scripts do with the outlet and with programs at work.
func siteCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		// publish PATH FILE: the outlet has the file at the path, and its feed lists it.
		"publish": func(ts *testscript.TestScript, neg bool, args []string) {
			s := ts.Value("site").(*site)
			body := ts.ReadFile(args[1])
			s.mu.Lock()
			defer s.mu.Unlock()
			if _, ok := s.pages[args[0]]; !ok {
				s.order = append([]string{args[0]}, s.order...)
			}
			s.pages[args[0]] = body
		},
		// sell PATH: money is asked for the page, and its text is in the feed.
		// give PATH: not any more.
		"sell": func(ts *testscript.TestScript, neg bool, args []string) { sell(ts, args[0], true) },
		"give": func(ts *testscript.TestScript, neg bool, args []string) { sell(ts, args[0], false) },
		// lists ADDRESS...: the outlet's feed lists them, too.
		"lists": func(ts *testscript.TestScript, neg bool, args []string) {
			s := ts.Value("site").(*site)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.links = append(s.links, args...)
		},
		// withdraw PATH: the outlet's page is gone.
		"withdraw": func(ts *testscript.TestScript, neg bool, args []string) {
			s := ts.Value("site").(*site)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.gone[args[0]] = true
		},
		// busy PATH: the outlet cannot give it now. free PATH: it can again.
		"busy": func(ts *testscript.TestScript, neg bool, args []string) { crowd(ts, args[0], true) },
		"free": func(ts *testscript.TestScript, neg bool, args []string) { crowd(ts, args[0], false) },
		// start PATTERN COMMAND: starts it and goes on when a line that it writes
		// to stderr matches.
		"start": func(ts *testscript.TestScript, neg bool, args []string) {
			p := ts.Value("process").(*process)
			p.cmd = exec.Command(args[1], args[2:]...)
			p.cmd.Dir, p.cmd.Env = ts.MkAbs("."), environ(ts)
			p.cmd.Stdout = &p.out
			stderr, err := p.cmd.StderrPipe()
			ts.Check(err)
			ts.Check(p.cmd.Start())
			want, ready := regexp.MustCompile(args[0]), make(chan bool, 1)
			p.read = make(chan struct{})
			go func() {
				defer close(p.read)
				defer close(ready)
				for lines := bufio.NewScanner(stderr); lines.Scan(); {
					p.err.WriteString(lines.Text() + "\n")
					if want.MatchString(lines.Text()) {
						select {
						case ready <- true:
						default:
						}
					}
				}
			}()
			if !<-ready {
				ts.Fatalf("it ended without a line that matches %q: %s", args[0], p.err.Bytes())
			}
		},
		// stop: interrupts what was started, which is to end well, and leaves
		// what it wrote in out and err.
		"stop": func(ts *testscript.TestScript, neg bool, args []string) {
			p := ts.Value("process").(*process)
			ts.Check(p.cmd.Process.Signal(syscall.SIGTERM))
			<-p.read
			if err := p.cmd.Wait(); err != nil {
				ts.Fatalf("%v: %s", err, p.err.Bytes())
			}
			p.cmd = nil
			ts.Check(os.WriteFile(ts.MkAbs("out"), p.out.Bytes(), 0o600))
			ts.Check(os.WriteFile(ts.MkAbs("err"), p.err.Bytes(), 0o600))
		},
		// until PATTERN COMMAND: runs it again and again until what it writes to
		// stdout matches, as it does when another process has got so far.
		"until": func(ts *testscript.TestScript, neg bool, args []string) {
			want, deadline := regexp.MustCompile(args[0]), time.Now().Add(20*time.Second)
			for {
				cmd := exec.Command(args[1], args[2:]...)
				cmd.Dir, cmd.Env = ts.MkAbs("."), environ(ts)
				out, err := cmd.Output()
				if err == nil && want.Match(out) {
					return
				}
				if time.Now().After(deadline) {
					ts.Fatalf("%v; it writes no %q: %s", err, args[0], out)
				}
			}
		},
		// newer FOLDER: makes the record's database one of a program to come.
		"newer": func(ts *testscript.TestScript, neg bool, args []string) {
			db, err := sql.Open("sqlite", filepath.Join(ts.MkAbs(args[0]), databaseName))
			ts.Check(err)
			defer db.Close()
			_, err = db.Exec("PRAGMA user_version = 1000")
			ts.Check(err)
		},
		// flip FILE-PATTERN SHARE: turns one bit of a file, at that share of its length.
		"flip": func(ts *testscript.TestScript, neg bool, args []string) {
			list, err := filepath.Glob(ts.MkAbs(args[0]))
			ts.Check(err)
			b, err := os.ReadFile(list[0])
			ts.Check(err)
			var share float64
			_, err = fmt.Sscan(args[1], &share)
			ts.Check(err)
			b[int(float64(len(b))*share)] ^= 1
			ts.Check(os.WriteFile(list[0], b, 0o600))
		},
		// holds FILE-PATTERN TEXT: whether the bytes of a file, or those of its
		// records, have the text.
		"holds": func(ts *testscript.TestScript, neg bool, args []string) {
			list, err := filepath.Glob(ts.MkAbs(args[0]))
			ts.Check(err)
			found := false
			for _, name := range list {
				b, err := os.ReadFile(name)
				ts.Check(err)
				found = found || bytes.Contains(b, []byte(args[1])) || bytes.Contains(inflate(b), []byte(args[1]))
			}
			if found == neg {
				ts.Fatalf("%s: %q is there: %v", args[0], args[1], found)
			}
		},
	}
}

func sell(ts *testscript.TestScript, path string, paid bool) {
	s := ts.Value("site").(*site)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paid[path] = paid
}

func crowd(ts *testscript.TestScript, path string, is bool) {
	s := ts.Value("site").(*site)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy[path] = is
}

// inflate is what a gzip file has within, as far as it is one.
func inflate(b []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	out, _ := io.ReadAll(z)
	return out
}

// process is what a script has started.
type process struct {
	cmd      *exec.Cmd
	out, err bytes.Buffer
	read     chan struct{} // closed when stderr is read
}

// end is for scripts that fail midway.
func (p *process) end() {
	if p.cmd != nil {
		p.cmd.Process.Kill()
		<-p.read
		p.cmd.Wait()
	}
}

// environ are the variables of a script.
func environ(ts *testscript.TestScript) []string {
	env := os.Environ()
	for _, name := range []string{"HOME", "NO_COLOR", "XDG_CONFIG_HOME", "DATELINE_CONTACT", "DATELINE_DATA_DIR", "DATELINE_FETCH_DELAY", "DATELINE_FETCH_ALLOW_PRIVATE",
		"DATELINE_FOLLOW_INTERVAL", "DATELINE_FOLLOW_REVISIT", "DATELINE_FOLLOW_MIN_INTERVAL", "DATELINE_DISK_LOW_WATER"} {
		if v := ts.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// condition tells what some scripts ask for.
func condition(name string) (bool, error) {
	switch name {
	case "root":
		return runtime.GOOS != "windows" && os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("there is no condition %q", name)
}
