package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
)

const home1 = "HOME=/home/ada"

// TestDefaults keeps default.toml, the settings and their meanings together.
func TestDefaults(t *testing.T) {
	s, err := Load(Sources{Env: []string{home1}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range s.Explain() {
		names = append(names, e.Name)
		if len(e.Meaning) < 20 || !strings.HasSuffix(e.Meaning, ".") {
			t.Errorf("%s means %q", e.Name, e.Meaning)
		}
		if e.From != "default" {
			t.Errorf("%s comes from %s", e.Name, e.From)
		}
		// What is shown is what default.toml has, but for the folder.
		if _, key, _ := strings.Cut("."+e.Name, "."); e.Name != "data.dir" {
			key = key[strings.LastIndex(key, ".")+1:]
			if !strings.Contains(Default(), "\n"+key+" = "+e.Value+"\n") {
				t.Errorf("default.toml has no line %s = %s", key, e.Value)
			}
		}
	}
	var written []string
	section := ""
	for line := range strings.Lines(Default()) {
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]\n") + "."
		} else if key, _, ok := strings.Cut(line, " = "); ok && !strings.HasPrefix(line, "#") {
			written = append(written, section+key)
		}
	}
	if diff := cmp.Diff(names, written); diff != "" {
		t.Errorf("settings and default.toml (-settings +file):\n%s", diff)
	}
	for _, f := range s.fields() {
		if _, ok := meanings()[f.name]; !ok {
			t.Errorf("%s is not in default.toml", f.name)
		}
	}
	if s.Fetch.Delay != 5*time.Second || s.Fetch.MaxPage != 10<<20 || s.Archive.Rotate != 1e9 || s.Fetch.Proxy != nil || len(s.Follow.Revisit) != 4 {
		t.Errorf("defaults are %+v", s)
	}
	if want := "/home/ada/.local/share/dateline"; s.Data.Dir != want {
		t.Errorf("data.dir is %s, want %s", s.Data.Dir, want)
	}
}

// TestOrder sets one value in all places, and takes them away one by one.
func TestOrder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "dateline", "config.toml")
	write(t, path, "contact = \"desk@paper.example\"\n[fetch]\ndelay = \"7s\"\nworkers = 3\n[follow]\nrevisit = []\n")
	env := []string{home1, "XDG_CONFIG_HOME=" + dir, "XDG_DATA_HOME=" + dir, "DATELINE_FETCH_DELAY=8s", "DATELINE_FETCH_WORKERS=4", "DATELINE_FOLLOW_REVISIT=1h, 2d"}
	from := func(src Sources, name string) string {
		t.Helper()
		s, err := Load(src)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range s.Explain() {
			if e.Name == name {
				return e.Value + " " + e.From
			}
		}
		return ""
	}
	flags := map[string]string{"fetch.delay": "9s", "data.dir": "/srv/news"}
	for _, c := range []struct {
		src        Sources
		name, want string
	}{
		{Sources{Env: env, Flags: flags}, "fetch.delay", `"9s" flag`},
		{Sources{Env: env, Flags: flags}, "data.dir", `"/srv/news" flag`},
		{Sources{Env: env}, "fetch.delay", `"8s" DATELINE_FETCH_DELAY`},
		{Sources{Env: env}, "follow.revisit", `["1h", "2d"] DATELINE_FOLLOW_REVISIT`},
		{Sources{Env: env}, "contact", `"desk@paper.example" ` + path},
		{Sources{Env: env}, "data.dir", `"` + dir + `/dateline" default`},
		{Sources{Env: []string{"HOME=", "USERPROFILE=/users/ada"}}, "data.dir", `"/users/ada/.local/share/dateline" default`},
		{Sources{Env: env[:2]}, "fetch.delay", `"7s" ` + path},
		{Sources{Env: env[:2]}, "follow.revisit", `[] ` + path},
		{Sources{Env: env[:1]}, "fetch.delay", `"5s" default`},
		{Sources{Env: env[:1], File: path}, "fetch.workers", `3 ` + path},
		{Sources{Env: append(env[:1:1], "DATELINE_FETCH_PROXY=http://me:secret@proxy.example:3128")}, "fetch.proxy", `"http://me:xxxxx@proxy.example:3128" DATELINE_FETCH_PROXY`},
		{Sources{Env: append(env[:1:1], "DATELINE_PORT=tcp://10.0.0.1:80", "DATELINE_SERVICE_HOST=10.0.0.1")}, "fetch.delay", `"5s" default`},
	} {
		if got := from(c.src, c.name); got != c.want {
			t.Errorf("%s with %+v: %s, want %s", c.name, c.src, got, c.want)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestValues(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.toml")
	for _, c := range []struct{ line, want string }{
		{`fetch.delay = "1h30m"`, ""},
		{`fetch.max_page = "1.5 MB"`, ""},
		{`fetch.max_page = "20mib"`, ""},
		{`fetch.jitter = 1`, ""},
		{`fetch.proxy = "socks5://127.0.0.1:1080"`, ""},
		{`follow.since = "0"`, ""},
		{`read.workers = 0`, ""},
		{`contact = "https://paper.example/about"`, ""},
		{`serve.public = "https://record.example:8443"`, ""},
		{`serve.base = "/desk/news"`, ""},
		{`serve.public_pages = ["today", "article"]`, ""},
		{`serve.trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]`, ""},
		{`serve.listen = "[::1]:80"`, ""},

		{`fetch.delya = "5s"`, "c.toml: fetch.delya is no setting; did you mean fetch.delay?"},
		{`fecth.delay = "5s"`, "fecth.delay is no setting; did you mean fetch.delay?"},
		{`fetch.limits.total = "5s"`, "fetch.limits.total is no setting; did you mean fetch.total?"},
		{`zzzzzzzz = 1`, "zzzzzzzz is no setting; dateline config lists them all"},
		{`fetch.delay = 5`, `c.toml: fetch.delay: want a time such as "20s", "15m", "1h30m" or "7d", not 5`},
		{`fetch.delay = "5"`, `want a time such as`},
		{`fetch.delay = "0s"`, `want a time such as`},
		{`fetch.delay = "-5s"`, `want a time such as`},
		{`fetch.delay = "99999d"`, `want a time such as`},
		{`fetch.max_page = 10`, `fetch.max_page: want a size with its unit, such as "500 kB" or "10 MiB", not 10`},
		{`fetch.max_page = "10"`, "want a size"},
		{`fetch.max_page = "NaN MB"`, "want a size"},
		{`fetch.max_page = "1e30 MB"`, "want a size"},
		{`fetch.workers = "4"`, "want a number without unit, such as 4, not \"4\""},
		{`fetch.workers = 0`, "want a number"},
		{`fetch.workers = -1`, "want a number"},
		{`fetch.jitter = "much"`, "want a number such as 0.2"},
		{`fetch.jitter = 2`, "fetch.jitter: 2 is not from 0.01 to 1"},
		{`fetch.jitter = nan`, "want a number such as 0.2"},
		{`fetch.allow_private = "yes"`, "want true or false"},
		{`fetch.proxy = "proxy.example"`, "want an address"},
		{`fetch.proxy = 3128`, "want an address"},
		{`follow.revisit = "1h"`, "want a list of times"},
		{`follow.revisit = ["1h", 5]`, "want a list of times"},
		{`follow.interval = "1m"`, `follow.interval: "1m" is not between follow.min_interval, "5m", and follow.max_interval, "6h"`},
		{`data.dir = 1`, "want text in quotes"},
		{`data = "x"`, "data is no setting but a section; it is written [data]"},
		{`contact.mail = "a@b.example"`, "contact.mail is no setting"},
		{`serve.public_pages = "today"`, "want a list of words"},
		{`serve.trusted_proxies = ["proxy"]`, `serve.trusted_proxies: want addresses or networks`},
		{`serve.listen = "8080"`, "serve.listen: want an address with a port"},
		{`serve.listen = ":99999"`, "serve.listen: want an address with a port"},
		{`serve.public = "https://record.example/"`, "serve.public: want an origin"},
		{`serve.replay_public = "https://a.example; script-src *"`, "serve.replay_public: want an origin"},
		{`serve.base = "news"`, "serve.base: want a path"},
		{`serve.base = "/news/"`, "serve.base: want a path"},
		{`serve.base = "/{a}"`, "serve.base: want a path"},
		{`serve.tls_cert = "a.pem"`, "serve.tls_cert and serve.tls_key go together"},
		{`contact = "call me"`, "neither an e-mail address"},
		{"contact = \"a@b.example\\r\\nX: y\"", "neither an e-mail address"},
		{`fetch.delay = `, "c.toml: toml: line 1"},
	} {
		write(t, path, c.line)
		s, err := Load(Sources{File: path, Env: []string{home1}})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.line, err)
		case c.want != "" && (err == nil || s != nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, dateline.ErrInvalid)):
			t.Errorf("%s: error %v, want %q", c.line, err, c.want)
		}
	}
}

// TestFaultsTogether: all that is wrong is told at once.
func TestFaultsTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.toml")
	write(t, path, "[fetch]\ndelay = 5\nworker = 1\n")
	_, err := Load(Sources{File: path, Env: []string{home1, "DATELINE_FETCH_DELAYS=5s", "DATELINE_READ_WORKERS=x"}, Flags: map[string]string{"fetch.idle": "x"}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		path + ": fetch.delay: want", path + ": fetch.worker is no setting; did you mean fetch.workers?",
		"DATELINE_FETCH_DELAYS in the environment is no setting; did you mean DATELINE_FETCH_DELAY?", "DATELINE_READ_WORKERS: want", "flag for fetch.idle: want",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(Sources{File: filepath.Join(dir, "none.toml"), Env: []string{home1}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is named and not there: %v", err)
	}
	if _, err := Load(Sources{Env: []string{home1, "XDG_CONFIG_HOME=" + dir}}); err != nil {
		t.Errorf("no file: %v", err)
	}
	if _, err := Load(Sources{}); err == nil || !strings.Contains(err.Error(), "no HOME") {
		t.Errorf("no home: %v", err)
	}
	if s, err := Load(Sources{Flags: map[string]string{"data.dir": "d"}}); err != nil || s.Data.Dir != "d" {
		t.Errorf("no home, a folder: %v", err)
	}
}

// FuzzFile: any file is refused, or its settings as they are shown give the
// same settings again.
func FuzzFile(f *testing.F) {
	f.Add(Default())
	f.Add("[fetch]\ndelay = \"1.5h\"\nmax_page = \"0.3 kB\"\njitter = 0.333\n[follow]\nrevisit = [\"36h\", \"1ms\"]")
	f.Fuzz(func(t *testing.T, text string) {
		s := &Settings{from: make(map[string]string)}
		if s.file("a", Default(), "") != nil || s.file("b", text, "b") != nil {
			return
		}
		var b strings.Builder
		for _, e := range s.Explain() {
			if e.Name != "fetch.proxy" { // its password is not shown
				b.WriteString(e.Name + " = " + e.Value + "\n")
			}
		}
		again := &Settings{from: make(map[string]string)}
		if err := again.file("c", b.String(), "c"); err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		for i, e := range again.Explain() {
			if want := s.Explain()[i].Value; e.Name != "fetch.proxy" && e.Value != want {
				t.Errorf("%s is %s, was %s", e.Name, e.Value, want)
			}
		}
	})
}
