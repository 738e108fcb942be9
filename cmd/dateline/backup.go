package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/internal/archive"
)

type backupCmd struct {
	recordFlags
	To string `arg:"" help:"A new folder for the copy, or that of an earlier one."`
}

// Help is shown under the command's usage.
func (c *backupCmd) Help() string {
	return `A copy of the record that is consistent though dateline follow is at work: the
database as it is at one moment, and the archive at least as far. Made again into
the same folder it copies only those files of the archive that have changed.`
}

func (c *backupCmd) Run(ctx context.Context, con console) error {
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	here, err := os.Stat(r.dir)
	if err != nil {
		return err
	}
	if to, err := os.Stat(c.To); err == nil && os.SameFile(here, to) {
		return usage("backup: %s is the record itself; name another folder", c.To)
	}
	if err := forBackup(r.dir, c.To); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(c.To, "archive"), 0o777); err != nil {
		return err
	}
	if err := sameRecord(ctx, r.archiveDir(), filepath.Join(c.To, "archive")); err != nil {
		return err
	}
	// The database first: the archive has all that it speaks of, and goes on growing.
	fresh := filepath.Join(c.To, databaseName+".new")
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	status(con, "copying the database")
	err = r.store.Backup(ctx, fresh)
	status(con, "")
	if err != nil {
		os.Remove(fresh)
		return err
	}
	n, err := copyArchive(ctx, con, r.archiveDir(), filepath.Join(c.To, "archive"), nil)
	if err != nil {
		return err
	}
	// A log that a look at the older copy has left is not of this one.
	for _, log := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(c.To, databaseName+log)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(fresh, filepath.Join(c.To, databaseName)); err != nil {
		return err
	}
	if err := syncFolder(c.To); err != nil {
		return err
	}
	if err := noteBackup(r.dir, c.To, time.Now()); err != nil {
		fmt.Fprintf(con.err, "dateline: the backup is made, but the record cannot note that it was: %v\n", err)
	}
	fmt.Fprintf(con.out, "backed up to %s; %s of the archive copied\n", c.To, size(n))
	return nil
}

// backupNote is the file beside the database that says when it was last backed
// up, and to where.
const backupNote = "last-backup.json"

// noted is what that file has.
type noted struct {
	At time.Time `json:"at"`
	To string    `json:"to"`
}

// noteBackup keeps that a backup was made, for who asks how the record does.
func noteBackup(dir, to string, at time.Time) error {
	if abs, err := filepath.Abs(to); err == nil {
		to = abs
	}
	b, err := json.Marshal(noted{at.UTC().Truncate(time.Second), to})
	if err != nil {
		return err
	}
	fresh := filepath.Join(dir, backupNote+".new")
	if err := os.WriteFile(fresh, append(b, '\n'), 0o666); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(dir, backupNote))
}

// lastBackup is what is known of the last backup; nothing where that is nothing.
func lastBackup(dir string) (n noted) {
	b, err := os.ReadFile(filepath.Join(dir, backupNote))
	if err != nil || json.Unmarshal(b, &n) != nil {
		return noted{}
	}
	return n
}

// forBackup is an error where a folder is not one for a backup of the record:
// it has other things, or lies in the record itself.
func forBackup(dir, to string) error {
	from, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	abs, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	if in, err := filepath.Rel(from, abs); err == nil && filepath.IsLocal(in) {
		return usage("backup: %s lies in the record itself; name a folder elsewhere", to)
	}
	list, err := os.ReadDir(to)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range list {
		// A backup that was broken off has the archive alone, or its database is not named yet.
		if name := e.Name(); name == databaseName || name == databaseName+".new" || name == "archive" {
			return nil
		}
	}
	if len(list) > 0 {
		return usage("backup: %s has other things, as %s, and no backup; name a new folder, or that of an earlier backup", to, list[0].Name())
	}
	return nil
}

// sameRecord is an error where a folder has what this archive has not, so that
// a backup does not take the place of another record's or of a later one.
func sameRecord(ctx context.Context, archive, copied string) error {
	ours, _, _, err := warcFiles(archive)
	if err != nil {
		return err
	}
	theirs, _, _, err := warcFiles(copied)
	if err != nil {
		return err
	}
	for name, size := range theirs {
		have, same := ours[name]
		if same {
			// A file begins with an id of its own.
			if same, err = sameStart(ctx, filepath.Join(archive, name), filepath.Join(copied, name), 200, bar{}); err != nil {
				return err
			}
		}
		ahead := false
		if same && size > have {
			// Its end may be of a record that was being written and never was finished.
			if ahead, err = sameStart(ctx, filepath.Join(archive, name), filepath.Join(copied, name), size, bar{}); err != nil {
				return err
			}
		}
		if ahead || !same {
			return fmt.Errorf("%s goes beyond this record in %s: it is another record, or a backup of a later state of this one; name another folder", filepath.Dir(copied), name)
		}
	}
	return nil
}

type restoreCmd struct {
	recordFlags
	From string `arg:"" help:"The folder of a backup."`
}

// Help is shown under the command's usage.
func (c *restoreCmd) Help() string {
	return `Makes a record of a backup, in a folder (--data) that has none. Where a damaged
database was moved away, the archive beside it stays: what it has beyond the backup is
kept, and nothing in it is made shorter.`
}

func (c *restoreCmd) Run(ctx context.Context, con console) error {
	if _, err := os.Stat(filepath.Join(c.From, databaseName)); err != nil {
		return fmt.Errorf("%s is no backup: it has no %s: %w", c.From, databaseName, dateline.ErrNotFound)
	}
	s, err := c.load(nil)
	if err != nil {
		return err
	}
	dir := s.Data.Dir
	from, to := filepath.Join(c.From, "archive"), filepath.Join(dir, "archive")
	if err := os.MkdirAll(to, 0o777); err != nil {
		return advised(dir, err)
	}
	lock, err := archive.Lock(to)
	if errors.Is(err, dateline.ErrLater) {
		return busy{dir, err}
	}
	if err != nil {
		return advised(dir, err)
	}
	defer lock.Close()
	defer sign(to)()
	if _, err := os.Stat(filepath.Join(dir, databaseName)); err == nil {
		return fmt.Errorf("there is a record in %s already; say with --data where the restored one is to be, or, to go back to the backup, move %s out of that folder first", dir, databaseName)
	}
	held, ahead, err := compareArchives(ctx, con, from, to)
	if err != nil {
		return err
	}
	if _, err := copyArchive(ctx, con, from, to, held); err != nil {
		return err
	}
	if err := restoreDatabase(ctx, c.From, dir); err != nil {
		return err
	}
	fmt.Fprintf(con.out, "restored into %s; `dateline verify --data %s` checks it\n", dir, dir)
	if len(ahead) > 0 {
		fmt.Fprintf(con.out, "the archive there goes beyond the backup, and was kept; what the database does not know of it is taken in by\n  dateline import --data %s %s\n", dir, strings.Join(ahead, " "))
	}
	return nil
}

// restoreDatabase copies a database and its log, and puts the log of another
// that was there aside, which would be taken for its own.
func restoreDatabase(ctx context.Context, from, dir string) error {
	for _, log := range []string{"-wal", "-shm"} {
		name := filepath.Join(dir, databaseName+log)
		if err := os.Rename(name, name+".old"); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	wal := databaseName + "-wal"
	if _, err := copyFile(ctx, filepath.Join(from, wal), filepath.Join(dir, wal), bar{}); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	// Last, and under its name only when it is whole: until then there is no record.
	if _, err := copyFile(ctx, filepath.Join(from, databaseName), filepath.Join(dir, databaseName), bar{}); err != nil {
		return err
	}
	return syncFolder(dir)
}

// compareArchives finds out how the archive that is there goes with that of a
// backup: held are the files, with their indexes, that have all the backup has
// of them, and ahead those that have more, or are not in the backup because
// they came later. Everything else has to be an earlier state of the backup's,
// so that nothing is lost where those take its place.
func compareArchives(ctx context.Context, con console, from, to string) (held map[string]bool, ahead []string, err error) {
	theirs, last, all, err := warcFiles(from)
	if err != nil {
		return nil, nil, fmt.Errorf("%s is no backup: %w", filepath.Dir(from), err)
	}
	ours, _, _, err := warcFiles(to)
	if err != nil {
		return nil, nil, err
	}
	held = map[string]bool{}
	if len(ours) == 0 {
		return held, nil, nil
	}
	bar := bytesBar(con, "comparing", all)
	defer bar.end()
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		path := filepath.Join(to, name)
		size, known := theirs[name]
		same := name > last
		if known {
			if same, err = sameStart(ctx, filepath.Join(from, name), path, max(size, ours[name]), bar); err != nil {
				return nil, nil, err
			}
		}
		if !same {
			return nil, nil, fmt.Errorf("%s is not what the backup has of it: one of them is of another record, is damaged, or had something erased; nothing was changed. "+
				"Restore into another folder with --data, or move %s away and restore again, to have the archive as the backup has it", path, to)
		}
		if ours[name] > size {
			ahead = append(ahead, path)
		}
		if ours[name] >= size {
			held[name], held[strings.TrimSuffix(name, warcName)+indexName] = true, true
		}
	}
	return held, ahead, nil
}

// What the names of an archive's files end in.
const (
	warcName  = ".warc.gz"
	indexName = ".cdxj"
)

// warcFiles are the files of an archive with their sizes, the name of the last,
// and their size together. Names are in the order in which files were begun.
func warcFiles(dir string) (sizes map[string]int64, last string, all int64, err error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, "", 0, err
	}
	sizes = map[string]int64{}
	for _, e := range list {
		if !e.Type().IsRegular() || !strings.HasSuffix(e.Name(), warcName) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, "", 0, err
		}
		sizes[e.Name()], last = info.Size(), e.Name()
		all += info.Size()
	}
	return sizes, last, all, nil
}

// sameStart tells whether the longer of two files begins with the shorter, as
// far as the first most bytes say.
func sameStart(ctx context.Context, name, other string, most int64, b bar) (bool, error) {
	var bufs [2][]byte
	var files [2]io.Reader
	for i, name := range []string{name, other} {
		f, err := os.Open(name)
		if err != nil {
			return false, err
		}
		defer f.Close()
		files[i], bufs[i] = io.LimitReader(contextReader{ctx, f, bar{}}, most), make([]byte, 1<<18)
	}
	for {
		var n [2]int
		for i := range files {
			var err error
			if n[i], err = io.ReadFull(files[i], bufs[i]); err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
				return false, err
			}
		}
		shorter := min(n[0], n[1])
		if !bytes.Equal(bufs[0][:shorter], bufs[1][:shorter]) {
			return false, nil
		}
		if shorter < len(bufs[0]) {
			return true, nil
		}
		b.add(int64(shorter))
	}
}

// copyArchive copies the files of an archive that are neither held nor there as
// they are by size and time of change: an erasure changes a file and not its size.
func copyArchive(ctx context.Context, con console, from, to string, held map[string]bool) (copied int64, err error) {
	list, err := os.ReadDir(from)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, e := range list {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			total += info.Size()
		}
	}
	bar := bytesBar(con, "copying", total)
	defer bar.end()
	for _, e := range list {
		name := e.Name()
		if !e.Type().IsRegular() || !strings.HasSuffix(name, warcName) && !strings.HasSuffix(name, indexName) {
			continue
		}
		src, err := e.Info()
		if err != nil {
			return copied, err
		}
		dst, err := os.Stat(filepath.Join(to, name))
		if err == nil && (held[name] || dst.Size() == src.Size() && dst.ModTime().Equal(src.ModTime())) {
			bar.add(src.Size())
			continue
		}
		n, err := copyFile(ctx, filepath.Join(from, name), filepath.Join(to, name), bar)
		copied += n
		if err != nil {
			return copied, err
		}
	}
	return copied, syncFolder(to)
}

// copyFile copies a file, which has its name only when it is whole.
func copyFile(ctx context.Context, from, to string, b bar) (n int64, err error) {
	src, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer src.Close()
	fresh := to + ".new"
	dst, err := os.Create(fresh)
	if err != nil {
		return 0, err
	}
	// Its time is that of before, so that what changes meanwhile is seen next time.
	info, err := src.Stat()
	if err == nil {
		n, err = io.Copy(dst, contextReader{ctx, src, b})
	}
	if err == nil {
		err = dst.Sync()
	}
	if err = errors.Join(err, dst.Close()); err == nil {
		err = os.Chtimes(fresh, time.Time{}, info.ModTime())
	}
	if err == nil {
		err = os.Rename(fresh, to)
	}
	if err != nil {
		os.Remove(fresh)
	}
	return n, err
}

// contextReader reads until its context ends, and counts.
type contextReader struct {
	ctx context.Context
	r   io.Reader
	bar bar
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.Read(b)
	r.bar.add(int64(n))
	return n, err
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // which keeps names without being asked to, and has no call for it
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
