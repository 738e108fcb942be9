package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/web/webtest"
)

// fresh are the pages of the guide that begin without a record.
var fresh = map[string]bool{"first-hour.md": true, "following.md": true}

// TestGuide runs every command that the guide shows, a page at a time and in
// order, and compares what it prints with what the page says it prints.
//
// Commands stand in blocks of "console", behind a dollar sign; what follows one
// is its output, which may leave out with three dots what varies. Without any it
// has but to succeed. "console runs" is a block with one command that is stopped
// where its section ends. In commands ID is the article, and TOKEN the
// token, that was printed last. vale.example is an outlet on this machine.
func TestGuide(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the guide is for a POSIX shell")
	}
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "guide", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatal("there is no guide", err)
	}
	made := webtest.New(t)
	if err := made.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		name := filepath.Base(page)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			g := newGuide(t, name == "first-hour.md")
			if !fresh[name] {
				if err := os.CopyFS(filepath.Join(g.dir, "record"), os.DirFS(made.Dir)); err != nil {
					t.Fatal(err)
				}
			}
			section := 0
			for _, s := range guideSteps(string(text)) {
				if s.section != section {
					g.stop()
				}
				section = s.section
				g.step(s)
			}
			g.stop()
			g.links(filepath.Dir(page), string(text))
		})
	}
}

// guideStep is a command and what it is to print.
type guideStep struct {
	line    int
	section int
	command string
	want    []string
	runs    bool
}

// guideSteps finds the commands of a page.
func guideSteps(text string) []guideStep {
	var steps []guideStep
	in, runs, section := false, false, 0
	for i, line := range strings.Split(text, "\n") {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			in, runs = !in && strings.HasPrefix(line, "```console"), strings.HasSuffix(line, " runs")
		case !in && strings.HasPrefix(line, "## "):
			section++
		case !in:
		case isCommand:
			steps = append(steps, guideStep{line: i + 1, section: section, command: command, runs: runs})
		default:
			s := &steps[len(steps)-1]
			s.want = append(s.want, line)
		}
	}
	return steps
}

// guide is a page that is being followed.
type guide struct {
	t         *testing.T
	dir       string
	env       []string
	site      string // its origin
	served    string // host and port of what was started
	id, token string
	stop      func() // ends what was started
}

func newGuide(t *testing.T, begins bool) *guide {
	s := httptest.NewServer(&site{pages: map[string]string{"/bridge": page}, order: []string{"/bridge"}})
	t.Cleanup(s.Close)
	g := &guide{t: t, dir: t.TempDir(), site: s.URL, stop: func() {}}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "DATELINE_") {
			g.env = append(g.env, v)
		}
	}
	if !begins {
		g.env = append(g.env, "DATELINE_CONTACT=desk@newsroom.example")
	}
	g.env = append(g.env, "NO_COLOR=1", "COLUMNS=80", "HOME="+g.dir, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=",
		"DATELINE_DATA_DIR=record", "DATELINE_FETCH_DELAY=1ms", "DATELINE_FETCH_ALLOW_PRIVATE=true",
		"DATELINE_DISK_LOW_WATER=1 MB", "DATELINE_SERVE_LISTEN=127.0.0.1:0")
	return g
}

var (
	guideID      = regexp.MustCompile(`\b[0-9a-v]{26}\b`)
	guideToken   = regexp.MustCompile(`\bdl_[\w-]{20,}`)
	guideAddress = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)
	guideWord    = regexp.MustCompile(`\b(ID|TOKEN)\b`)
)

// shell is a command of the page as it is on this machine.
func (g *guide) shell(s guideStep) *exec.Cmd {
	command := guideWord.ReplaceAllStringFunc(s.command, func(w string) string {
		with := map[string]string{"ID": g.id, "TOKEN": g.token}[w]
		if with == "" {
			g.t.Fatalf("line %d: nothing has printed the %s of %q", s.line, w, s.command)
		}
		return with
	})
	command = strings.ReplaceAll(command, "https://vale.example", g.site)
	if g.served != "" {
		command = strings.ReplaceAll(command, "127.0.0.1:8080", g.served)
	}
	if s.runs {
		command = "exec " + command
	}
	cmd := exec.CommandContext(g.t.Context(), "sh", "-c", command)
	cmd.Dir, cmd.Env = g.dir, g.env
	return cmd
}

// shown is what was printed as the page has it.
func (g *guide) shown(out string) string {
	if id := guideID.FindAllString(out, -1); id != nil {
		g.id = id[len(id)-1]
	}
	if token := guideToken.FindString(out); token != "" {
		g.token = token
	}
	out = strings.ReplaceAll(out, g.site, "https://vale.example")
	out = strings.ReplaceAll(out, strings.TrimPrefix(g.site, "http://"), "vale.example")
	if g.served != "" {
		out = strings.ReplaceAll(out, g.served, "127.0.0.1:8080")
	}
	return out
}

func (g *guide) step(s guideStep) {
	g.t.Helper()
	if strings.HasPrefix(s.command, "curl ") {
		if _, err := exec.LookPath("curl"); err != nil {
			g.t.Logf("line %d: left out, as curl is not there", s.line)
			return
		}
	}
	if s.runs {
		g.start(s)
		return
	}
	out, err := g.shell(s).CombinedOutput()
	got := g.shown(string(out))
	if err != nil {
		g.t.Fatalf("line %d: $ %s\n%v\n%s", s.line, s.command, err, got)
	}
	if len(s.want) > 0 && !alike(s.want, got) {
		g.t.Errorf("line %d: $ %s\nprints\n%s\nand the guide says\n%s", s.line, s.command, got, strings.Join(s.want, "\n"))
	}
}

// start starts what runs until its section is over, and reads as many lines of it
// as the page shows.
func (g *guide) start(s guideStep) {
	cmd := g.shell(s)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		g.t.Fatal(err)
	}
	lines, got := bufio.NewScanner(stdout), ""
	for range max(len(s.want), 1) {
		if !lines.Scan() {
			break
		}
		got += lines.Text() + "\n"
	}
	if a := guideAddress.FindString(got); a != "" {
		g.served = a
	}
	got = g.shown(got)
	if !alike(s.want, got) {
		g.t.Errorf("line %d: $ %s\nprints\n%s\nand the guide says\n%s", s.line, s.command, got, strings.Join(s.want, "\n"))
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		io.Copy(io.Discard, stdout)
	}()
	g.stop = sync.OnceFunc(func() {
		cmd.Process.Signal(os.Interrupt)
		<-read
		cmd.Wait()
	})
	g.t.Cleanup(g.stop)
}

// alike tells whether text has the lines, where "..." alone stands for any
// lines, and within a line for anything.
func alike(lines []string, text string) bool {
	var b strings.Builder
	b.WriteString(`\A`)
	for _, line := range lines {
		if line == "..." {
			b.WriteString(`(?:.*\n)*?`)
			continue
		}
		parts := strings.Split(strings.TrimRight(line, " "), "...")
		for i, p := range parts {
			parts[i] = regexp.QuoteMeta(p)
		}
		fmt.Fprintf(&b, `%s *\n`, strings.Join(parts, `.*`))
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String()).MatchString(strings.TrimRight(text, "\n") + "\n")
}

// links checks that what a page leads to is there, and pictures are small.
func (g *guide) links(dir, text string) {
	for _, m := range regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`).FindAllStringSubmatch(text, -1) {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(m[1])))
		if err != nil {
			g.t.Errorf("it leads to %s: %v", m[1], err)
		} else if strings.HasSuffix(m[1], ".png") && info.Size() > 120<<10 {
			g.t.Errorf("%s has %d KB; 120 at most", m[1], info.Size()>>10)
		}
	}
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		want, got string
		alike     bool
	}{
		{"a\nb", "a\nb\n", true},
		{"a\n...\nd", "a\nb\nc\nd\n", true},
		{"a\n...", "a\n", true},
		{"a ... c", "a b c\n", true},
		{"a", "a\nb\n", false},
		{"a ... c", "a b d\n", false},
		{"a (b)", "a (b)  \n\n", true},
	} {
		if alike(strings.Split(c.want, "\n"), c.got) != c.alike {
			t.Errorf("%q and %q are alike: %v, want %v", c.want, c.got, !c.alike, c.alike)
		}
	}
}
