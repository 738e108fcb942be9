package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/config"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
	"dateline/search"
)

// recordFlags are the flags of every command that works on the record.
type recordFlags struct {
	Data   string `help:"The folder of the record." placeholder:"DIR"`
	Config string `help:"A file of settings; dateline config lists them." placeholder:"FILE"`
}

// record is the record on disk while a command works on it.
type record struct {
	settings *config.Settings
	dir      string
	store    store.Store
	archive  *archive.Archive   // only where it is written to
	unsign   func()             // takes the process out of the archive's lock
	pipeline *pipeline.Pipeline // likewise
	log      *slog.Logger
}

// load reads the settings.
func (f *recordFlags) load(flags map[string]string) (*config.Settings, error) {
	if flags == nil {
		flags = map[string]string{}
	}
	if f.Data != "" {
		flags["data.dir"] = f.Data
	}
	return config.Load(config.Sources{File: f.Config, Flags: flags, Env: os.Environ()})
}

// look opens the record to be looked at, and for changes that the store makes
// alone. It may be open elsewhere. Where nothing can be written in its folder it
// is opened all the same, for looking alone.
func (f *recordFlags) look(ctx context.Context, con console) (*record, error) {
	s, err := f.load(nil)
	if err != nil {
		return nil, err
	}
	r := &record{settings: s, dir: s.Data.Dir, log: newLogger(con.err)}
	if err := there(r.dir); err != nil {
		return nil, err
	}
	if err := r.openStore(ctx, false); err != nil {
		if !readOnly(r.dir) && !full(r.dir) {
			return nil, advised(r.dir, err)
		}
		if err := r.openStore(ctx, true); err != nil {
			return nil, advised(r.dir, err)
		}
		fmt.Fprintln(con.err, "dateline: "+onlyLooked(r.dir))
	}
	return r, nil
}

// onlyLooked says why a record is not written to.
func onlyLooked(dir string) string {
	return fmt.Sprintf("nothing can be written in %s, so its record is shown as it is", dir)
}

// there is an error where the folder has no record.
func there(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, databaseName)); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no record in %s; begin one with dateline add https://outlet.example/, or say with --data where it is", dir)
	}
	return nil
}

// openStore opens the database; readOnly is for where nothing can be written in
// its folder.
func (r *record) openStore(ctx context.Context, readOnly bool) error {
	s, err := sqlite.Open(ctx, filepath.Join(r.dir, databaseName), sqlite.Options{ReadOnly: readOnly})
	if err != nil {
		return err // and no store: a nil one in the interface would not be nil
	}
	r.store = s
	return nil
}

const databaseName = "dateline.db"

// archiveDir is the folder of the record's archive.
func (r *record) archiveDir() string { return filepath.Join(r.dir, "archive") }

// ownThere opens the record to work on it, as one program at a time may.
func (f *recordFlags) ownThere(ctx context.Context, con console, flags map[string]string, guard fetch.Guard) (*record, error) {
	s, err := f.load(flags)
	if err != nil {
		return nil, err
	}
	if err := there(s.Data.Dir); err != nil {
		return nil, err
	}
	return ownRecord(ctx, s, con, guard)
}

// beside opens the record to add to the database alone, and makes the record
// where there is none. Another program may be at work on it.
func (f *recordFlags) beside(ctx context.Context, con console, flags map[string]string, guard fetch.Guard) (*record, error) {
	s, err := f.load(flags)
	if err != nil {
		return nil, err
	}
	return openRecord(ctx, s, con, guard, adding)
}

// ownRecord opens the record to work on it, and makes it where there is none.
func ownRecord(ctx context.Context, s *config.Settings, con console, guard fetch.Guard) (*record, error) {
	return openRecord(ctx, s, con, guard, owning)
}

// intent is what a record is opened for.
type intent int

const (
	owning  intent = iota // to work on it, as one program at a time may
	adding                // to add to the database beside another program
	looking               // where nothing can be written
)

func openRecord(ctx context.Context, s *config.Settings, con console, guard fetch.Guard, to intent) (r *record, err error) {
	r = &record{settings: s, dir: s.Data.Dir, log: newLogger(con.err)}
	defer func() {
		if err != nil {
			r.close()
			r, err = nil, advised(s.Data.Dir, err)
		}
	}()
	if to != looking {
		if err := os.MkdirAll(r.archiveDir(), 0o777); err != nil {
			return r, err
		}
	}
	// The archive's lock is that of the whole folder, so it comes first.
	if to == owning {
		if err := r.ownArchive(); err != nil {
			return r, err
		}
	}
	if err := r.openStore(ctx, to == looking); err != nil {
		return r, err
	}
	packs, err := loadPacks(s.Packs.Dir, con.err)
	if err != nil {
		return r, err
	}
	runner, err := loadAnnotator(s.Packs.Dir, con.err)
	if err != nil {
		return r, err
	}
	guard.AllowPrivate = guard.AllowPrivate || s.Fetch.AllowPrivate
	r.pipeline = &pipeline.Pipeline{
		Store: r.store, Archive: r.archive, Annotator: runner, Analyzer: search.NewAnalyzer(packs), Log: r.log, Now: time.Now,
		Client: &fetch.Client{Version: version(), Contact: s.Contact, Guard: guard, Proxy: s.Fetch.Proxy, MaxPerAddress: s.Fetch.PerAddress,
			Limits: fetch.Limits{Connect: s.Fetch.Connect, Headers: s.Fetch.Headers, Idle: s.Fetch.Idle, Total: s.Fetch.Total, BodyBytes: s.Fetch.MaxPage}},
		Pace: fetch.Pace{Delay: s.Fetch.Delay, Jitter: s.Fetch.Jitter, MaxBackoff: s.Fetch.MaxBackoff},
		Options: pipeline.Options{
			Fetchers: s.Fetch.Workers, Readers: s.Read.Workers, Interval: s.Follow.Interval, MinInterval: s.Follow.MinInterval, MaxInterval: s.Follow.MaxInterval,
			Revisits: s.Follow.Revisit, Budget: s.Fetch.Budget, LowWater: s.Disk.LowWater, MaxFeed: s.Fetch.MaxFeed, MaxSitemap: s.Fetch.MaxSitemap,
		},
	}
	return r, nil
}

// ownArchive opens the archive to be written to, as one program at a time may.
func (r *record) ownArchive() error {
	a, err := archive.Open(r.archiveDir(), archive.Options{
		Rotate: r.settings.Archive.Rotate, Software: "Dateline/" + version(), Contact: r.settings.Contact,
	})
	if errors.Is(err, dateline.ErrLater) {
		return busy{r.dir, err}
	}
	if err != nil {
		return err
	}
	for _, p := range a.Repairs() {
		r.log.Warn("put right in the archive", "file", p.File, "offset", p.Offset, "what", p.Err)
	}
	r.archive, r.unsign = a, sign(r.archiveDir())
	if r.pipeline != nil {
		r.pipeline.Archive = a
	}
	return nil
}

// advised adds to an error what its user can do about it, where the packages
// that know what happened do not know that.
func advised(dir string, err error) error {
	switch {
	case err == nil, errors.Is(err, dateline.ErrUnsupported):
		return err
	case full(dir):
		return fmt.Errorf("%w; make room on the disk that %s is on, and begin again", err, dir)
	case errors.Is(err, dateline.ErrLater):
		return err
	case errors.Is(err, dateline.ErrCorrupt):
		return fmt.Errorf("%w; %s", err, damagedWay(dir))
	case readOnly(dir):
		return fmt.Errorf("%w; give this user the right to write in %s, or say with --data where another record is", err, dir)
	}
	return err
}

// damagedWay says what to do about a damaged database.
func damagedWay(dir string) string {
	return fmt.Sprintf("move %s, and %[1]s-wal and %[1]s-shm if they are there, from %s into another folder, then `dateline restore BACKUP --data %[2]s`: "+
		"that puts the backup's database there and keeps what the archive has beyond it", databaseName, dir)
}

// readOnly tells whether nothing can be written in a folder, or in the one that
// it would be made in.
func readOnly(dir string) bool {
	f, err := os.CreateTemp(dir, ".try-*")
	if errors.Is(err, os.ErrNotExist) {
		if parent := filepath.Dir(dir); parent != dir {
			return readOnly(parent)
		}
		return false
	}
	if err != nil {
		return true
	}
	f.Close()
	os.Remove(f.Name())
	return false
}

// full tells whether a folder that is there has no room for what even looking at
// a database needs beside it.
func full(dir string) bool {
	f, err := os.CreateTemp(dir, ".try-*")
	if err != nil {
		return errors.Is(err, syscall.ENOSPC)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Is(err, syscall.ENOSPC)
}

// lockName is the archive's lock, whose holder writes into it which process it is.
const lockName = "lock"

// sign writes into the lock that this process holds it, for who finds it
// taken, until the returned function is called. It helps people alone, so
// where it cannot be written it is left.
func sign(archiveDir string) (unsign func()) {
	name := filepath.Join(archiveDir, lockName)
	os.WriteFile(name, fmt.Appendln(nil, os.Getpid()), 0o640)
	return func() { os.Truncate(name, 0) }
}

// busy is an error in words of this program.
type busy struct {
	dir string
	err error
}

func (e busy) Error() string {
	who := "another dateline"
	if pid, err := os.ReadFile(filepath.Join(e.dir, "archive", lockName)); err == nil && len(pid) > 0 && len(pid) < 12 {
		who += " (process " + strings.TrimSpace(string(pid)) + ")"
	}
	return fmt.Sprintf("%s is at work on %s; let it end, stop it, or name another folder with --data", who, e.dir)
}

func (e busy) Unwrap() error { return e.err }

func (r *record) close() error {
	var err error
	if r.store != nil {
		err = r.store.Close()
	}
	if r.archive != nil {
		r.unsign()
		err = errors.Join(err, r.archive.Close())
	}
	return err
}

// printJSON writes a line of JSON.
func printJSON(w io.Writer, v any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	line := escapeUnseen([]byte(strings.TrimSuffix(b.String(), "\n")))
	_, err := w.Write(append(line, '\n'))
	return err
}

// tableFormat is the format of a list.
func tableFormat(cmd, format string, con console) (string, error) {
	switch format {
	case "text", "jsonl":
		return format, nil
	case "":
		if isTerminal(con.out) {
			return "text", nil
		}
		return "jsonl", nil
	}
	return "", usage("%s: --format %q: it is text or jsonl", cmd, format)
}

// pageFormat is the format of whole articles.
func pageFormat(cmd, format string, con console) (string, error) {
	switch format {
	case "json", "markdown":
		return format, nil
	case "", "text", "jsonl":
		return tableFormat(cmd, format, con)
	}
	return "", usage("%s: --format %q: it is text, json, jsonl or markdown", cmd, format)
}

// recordCard draws what is in the record.
type recordCard struct{ card }

func (r *record) card(con console) *recordCard {
	return &recordCard{newCard(con.out, isTerminal(con.out))}
}

// ago is how long ago something was, for people.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	if d := now.Sub(t); d >= time.Second {
		return span(d) + " ago"
	}
	return "just now"
}

// until is how long it is to something.
func until(t, now time.Time) string {
	if d := t.Sub(now); d >= time.Second {
		return "in " + span(d)
	}
	return "now"
}

func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
