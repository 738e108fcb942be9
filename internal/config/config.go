// Package config has the settings of the program. default.toml is both their
// defaults and their documentation: every setting stands there with what it
// means and why its default is what it is.
//
// What is set later comes before what was set earlier: default.toml, the
// user's file, the environment, flags. Each value is checked where it comes
// in, and an error names where that was, the setting, and what is wanted. A
// setting that is not known is an error that suggests the one that was meant.
//
// Only the command reads settings; packages are handed what they need.
package config

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"dateline"
)

//go:embed default.toml
var defaults string

// Settings are the values in force. Their meanings are those of default.toml,
// where names are written data.dir, fetch.max_page. Sizes are in bytes.
type Settings struct {
	Contact string

	Data struct {
		Dir string // never empty
	}
	Fetch struct {
		Delay                         time.Duration
		Jitter                        float64
		MaxBackoff                    time.Duration
		Connect, Headers, Idle, Total time.Duration
		MaxPage, MaxFeed, MaxSitemap  int64
		PerAddress, Workers           int
		Proxy                         *url.URL // nil for none
		Budget                        int
		AllowPrivate                  bool
	}
	Follow struct {
		Interval, MinInterval, MaxInterval time.Duration
		Since                              time.Duration // 0 without end
		Revisit                            []time.Duration
	}
	Archive struct{ Rotate int64 }
	Disk    struct{ LowWater int64 }
	Read    struct{ Workers int } // 0 for the number of cores
	Packs   struct{ Dir string }  // empty for none
	Serve   struct {
		Listen, Replay       string
		ReplayPublic, Public string // origins
		Base                 string // "/news"
		PublicPages          []string
		TrustedProxies       []string
		TLSCert, TLSKey      string // files
		Idle, Lifetime       time.Duration
		Connections          int
	}
	Mail struct {
		Host               string // empty for no mail
		Port               int
		User, PasswordFile string
		From               string
		Plain              bool
	}
	Notify struct{ AllowPrivate bool }

	from map[string]string // where a setting was set, where not by default
}

// field is a setting: its name, where its value is, and whether 0 or nothing
// is one. The type of the place says what values it takes.
type field struct {
	name  string
	value any
	zero  bool
}

// fields are all settings, in the order of default.toml.
func (s *Settings) fields() []field {
	f, w, v := &s.Fetch, &s.Follow, &s.Serve
	return []field{
		{"contact", &s.Contact, true},
		{"data.dir", &s.Data.Dir, true},
		{"fetch.delay", &f.Delay, false},
		{"fetch.jitter", &f.Jitter, false},
		{"fetch.max_backoff", &f.MaxBackoff, false},
		{"fetch.connect", &f.Connect, false},
		{"fetch.headers", &f.Headers, false},
		{"fetch.idle", &f.Idle, false},
		{"fetch.total", &f.Total, false},
		{"fetch.max_page", &f.MaxPage, false},
		{"fetch.max_feed", &f.MaxFeed, false},
		{"fetch.max_sitemap", &f.MaxSitemap, false},
		{"fetch.per_address", &f.PerAddress, false},
		{"fetch.workers", &f.Workers, false},
		{"fetch.proxy", &f.Proxy, true},
		{"fetch.budget", &f.Budget, false},
		{"fetch.allow_private", &f.AllowPrivate, true},
		{"follow.interval", &w.Interval, false},
		{"follow.min_interval", &w.MinInterval, false},
		{"follow.max_interval", &w.MaxInterval, false},
		{"follow.since", &w.Since, true},
		{"follow.revisit", &w.Revisit, true},
		{"archive.rotate", &s.Archive.Rotate, false},
		{"disk.low_water", &s.Disk.LowWater, false},
		{"read.workers", &s.Read.Workers, true},
		{"serve.listen", &v.Listen, false},
		{"serve.replay", &v.Replay, true},
		{"serve.replay_public", &v.ReplayPublic, true},
		{"serve.base", &v.Base, true},
		{"serve.public", &v.Public, true},
		{"serve.public_pages", &v.PublicPages, true},
		{"serve.trusted_proxies", &v.TrustedProxies, true},
		{"serve.tls_cert", &v.TLSCert, true},
		{"serve.tls_key", &v.TLSKey, true},
		{"serve.idle", &v.Idle, false},
		{"serve.lifetime", &v.Lifetime, false},
		{"serve.connections", &v.Connections, false},
		{"mail.host", &s.Mail.Host, true},
		{"mail.port", &s.Mail.Port, false},
		{"mail.user", &s.Mail.User, true},
		{"mail.password_file", &s.Mail.PasswordFile, true},
		{"mail.from", &s.Mail.From, true},
		{"mail.plain", &s.Mail.Plain, true},
		{"notify.allow_private", &s.Notify.AllowPrivate, true},
		{"packs.dir", &s.Packs.Dir, true},
	}
}

// Sources are where settings come from, besides default.toml.
type Sources struct {
	// File is the user's file. Default dateline/config.toml in
	// XDG_CONFIG_HOME or ~/.config, which need not be there.
	File string
	// Env is the environment, as os.Environ gives it.
	Env []string
	// Flags are values by the settings' names.
	Flags map[string]string
}

// Load reads the settings. Its error wraps [dateline.ErrInvalid] for all
// values and names that are wrong, which it names all together, or is that of
// reading the file.
func Load(from Sources) (*Settings, error) {
	s := &Settings{from: make(map[string]string)}
	if err := s.file("default.toml", defaults, ""); err != nil {
		return nil, err // a fault of the program
	}
	var bad error
	path := from.File
	if path == "" {
		path = home(from.Env, "XDG_CONFIG_HOME", ".config", "config.toml")
	}
	if path != "" {
		switch data, err := os.ReadFile(path); {
		case err == nil:
			bad = s.file(path, string(data), path)
		case from.File != "" || !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("read settings: %w", err)
		}
	}
	bad = errors.Join(bad, s.environment(from.Env), s.flags(from.Flags))
	if s.Data.Dir == "" {
		s.Data.Dir = home(from.Env, "XDG_DATA_HOME", ".local/share", "")
	}
	if bad == nil {
		bad = s.check()
	}
	if bad != nil {
		return nil, bad
	}
	return s, nil
}

// home is a path in dateline's folder of one of the user's; empty where the
// environment does not tell.
func home(env []string, variable, otherwise, name string) string {
	dir := lookup(env, variable)
	if !filepath.IsAbs(dir) { // as its specification asks
		h := cmp.Or(lookup(env, "HOME"), lookup(env, "USERPROFILE")) // the latter on Windows
		if h == "" {
			return ""
		}
		dir = filepath.Join(h, otherwise)
	}
	return filepath.Join(dir, "dateline", name)
}

func lookup(env []string, name string) string {
	for _, e := range slices.Backward(env) {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// file takes the settings of a file. An empty from is the defaults.
func (s *Settings) file(path, text, from string) error {
	var tree map[string]any
	if _, err := toml.Decode(text, &tree); err != nil {
		return fmt.Errorf("settings: %w: %s: %w", dateline.ErrInvalid, path, err)
	}
	values := make(map[string]any)
	flatten(values, "", tree)
	return s.take(values, func(name string) string { return path + ": " + name }, from)
}

// flatten names the values of a tree: data.dir.
func flatten(values map[string]any, prefix string, tree map[string]any) {
	for k, v := range tree {
		if sub, ok := v.(map[string]any); ok && len(sub) > 0 {
			flatten(values, prefix+k+".", sub)
			continue
		}
		values[prefix+k] = v
	}
}

// environment takes variables such as DATELINE_FETCH_MAX_PAGE. Others that
// begin with DATELINE_ may be another program's, and are errors only where
// they look like a setting.
func (s *Settings) environment(env []string) error {
	variables := make(map[string]string)
	for _, f := range s.fields() {
		variables[variable(f.name)] = f.name
	}
	values := make(map[string]any)
	var bad error
	for _, e := range env {
		key, value, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(key, "DATELINE_") {
			continue
		}
		if name, ok := variables[key]; ok {
			values[name] = text(value)
		} else if meant, far := nearest(key, variables); far <= 2 {
			bad = errors.Join(bad, fmt.Errorf("settings: %w: %s in the environment is no setting; did you mean %s?", dateline.ErrInvalid, key, meant))
		}
	}
	return errors.Join(bad, s.take(values, variable, "environment"))
}

func variable(name string) string {
	return "DATELINE_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
}

func (s *Settings) flags(flags map[string]string) error {
	values := make(map[string]any, len(flags))
	for k, v := range flags {
		values[k] = text(v)
	}
	return s.take(values, func(name string) string { return "flag for " + name }, "flag")
}

// take sets values by their names; called says what to call one in an error.
func (s *Settings) take(values map[string]any, called func(name string) string, from string) error {
	var bad error
	known := make(map[string]string)
	for _, f := range s.fields() {
		known[f.name] = f.name
		v, ok := values[f.name]
		if !ok {
			continue
		}
		if err := f.set(v); err != nil {
			bad = errors.Join(bad, fmt.Errorf("settings: %w: %s: %w", dateline.ErrInvalid, called(f.name), err))
		} else if from == "environment" {
			s.from[f.name] = variable(f.name)
		} else if from != "" {
			s.from[f.name] = from
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if known[name] != "" {
			continue
		}
		err := fmt.Errorf("settings: %w: %s is no setting", dateline.ErrInvalid, called(name))
		if slices.ContainsFunc(s.fields(), func(f field) bool { return strings.HasPrefix(f.name, name+".") }) {
			err = fmt.Errorf("%w but a section; it is written [%s], with its settings below", err, name)
		} else if meant, far := nearest(name, known); far <= max(2, len(name)/2) {
			err = fmt.Errorf("%w; did you mean %s?", err, meant)
		} else {
			err = fmt.Errorf("%w; dateline config lists them all", err)
		}
		bad = errors.Join(bad, err)
	}
	return bad
}

// check compares values with one another.
func (s *Settings) check() error {
	w := &s.Follow
	switch {
	case s.Data.Dir == "":
		return fmt.Errorf("settings: %w: data.dir: there is no HOME to put it in; say where the record is to be", dateline.ErrInvalid)
	case s.Contact != "" && !isContact(s.Contact):
		return fmt.Errorf("settings: %w: contact: %q is neither an e-mail address nor the address of a page", dateline.ErrInvalid, s.Contact)
	case s.Fetch.Jitter < 0.01 || s.Fetch.Jitter > 1:
		return fmt.Errorf("settings: %w: fetch.jitter: %v is not from 0.01 to 1", dateline.ErrInvalid, s.Fetch.Jitter)
	case w.MinInterval > w.Interval || w.Interval > w.MaxInterval:
		return fmt.Errorf("settings: %w: follow.interval: %s is not between follow.min_interval, %s, and follow.max_interval, %s",
			dateline.ErrInvalid, show(&w.Interval), show(&w.MinInterval), show(&w.MaxInterval))
	}
	return s.checkServe()
}

// checkServe looks at what the pages are served by. The names of pages are
// known to who serves them.
func (s *Settings) checkServe() error {
	v := &s.Serve
	wrong := func(name, value, want string) error {
		return fmt.Errorf("settings: %w: serve.%s: want %s, not %q", dateline.ErrInvalid, name, want, value)
	}
	for name, value := range map[string]string{"listen": v.Listen, "replay": v.Replay} {
		if _, port, err := net.SplitHostPort(value); value != "" || name == "listen" {
			if n, perr := strconv.ParseUint(port, 10, 16); err != nil || perr != nil || n == 0 && port != "0" {
				return wrong(name, value, "an address with a port, such as 127.0.0.1:8080")
			}
		}
	}
	for name, value := range map[string]string{"public": v.Public, "replay_public": v.ReplayPublic} {
		if value != "" && !isOrigin(value) {
			return wrong(name, value, "an origin without path, such as https://record.example")
		}
	}
	if v.Base != "" && (!strings.HasPrefix(v.Base, "/") || path.Clean(v.Base) != v.Base || v.Base == "/" || url.PathEscape(v.Base) != strings.ReplaceAll(v.Base, "/", "%2F")) {
		return wrong("base", v.Base, "a path such as /news")
	}
	for _, p := range v.TrustedProxies {
		if _, err := netip.ParseAddr(p); err != nil {
			if _, err := netip.ParsePrefix(p); err != nil {
				return wrong("trusted_proxies", p, "addresses or networks, such as 127.0.0.1 or 10.0.0.0/8")
			}
		}
	}
	if (v.TLSCert == "") != (v.TLSKey == "") {
		return fmt.Errorf("settings: %w: serve.tls_cert and serve.tls_key go together", dateline.ErrInvalid)
	}
	return nil
}

// isOrigin tells whether s is a scheme, a host and perhaps a port, as browsers
// write it.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.Scheme+"://"+u.Host == s && s == strings.ToLower(s) &&
		!strings.ContainsAny(s, " ;,'*")
}

// isContact tells whether an outlet could make something of it. It goes into a
// header, so it must be in one piece.
func isContact(s string) bool {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return false
	}
	u, err := url.Parse(s)
	if err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return true
	}
	name, host, ok := strings.Cut(strings.TrimPrefix(s, "mailto:"), "@")
	return ok && name != "" && strings.Contains(host, ".")
}
