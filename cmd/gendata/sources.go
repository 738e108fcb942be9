package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed sources.tsv
var sourcesTSV string

// source is one line of sources.tsv.
type source struct {
	kind    string // "npm", "go" or "deb"
	name    string
	version string
	sum     string // hex SHA-256 of the .tgz or .deb, or the module's "h1:" sum
	licence string // SPDX identifier
}

// parseSources reads sources.tsv and refuses a line that is not complete or
// names a package twice.
func parseSources(text string) ([]source, error) {
	var list []source
	for i, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 5 || slices.Contains(f, "") {
			return nil, fmt.Errorf("sources.tsv:%d: want kind, name, version, sum, licence", i+1)
		}
		s := source{kind: f[0], name: f[1], version: f[2], sum: f[3], licence: f[4]}
		if !slices.Contains([]string{"npm", "go", "deb"}, s.kind) {
			return nil, fmt.Errorf("sources.tsv:%d: kind %q is none of npm, go and deb", i+1, s.kind)
		}
		if slices.ContainsFunc(list, func(o source) bool { return o.name == s.name }) {
			return nil, fmt.Errorf("sources.tsv:%d: package %s is listed twice", i+1, s.name)
		}
		list = append(list, s)
	}
	return list, nil
}

// fetch returns the package's files, from the cache where it holds them, and
// only if the checksum is the pinned one.
func (s source) fetch(ctx context.Context, cache string) (*archive, error) {
	switch s.kind {
	case "go":
		return s.fetchModule(ctx)
	case "deb":
		return s.fetchDeb(ctx, cache)
	}
	return s.fetchNPM(ctx, cache)
}

func (s source) fetchNPM(ctx context.Context, cache string) (*archive, error) {
	base := strings.ReplaceAll(strings.TrimPrefix(s.name, "@"), "/", "-") + "-" + s.version + ".tgz"
	data, _, err := s.fetchFile(ctx, cache, base, "npm", "pack", "--silent", "--ignore-scripts", s.name+"@"+s.version)
	if err != nil {
		return nil, err
	}
	return &archive{name: s.name, version: s.version, tgz: data}, nil
}

// fetchDeb fetches a package that does not depend on the machine's kind. It
// needs a Debian whose release has that version.
func (s source) fetchDeb(ctx context.Context, cache string) (*archive, error) {
	base := s.name + "_" + s.version + "_all.deb"
	_, file, err := s.fetchFile(ctx, cache, base, "apt-get", "-q", "download", s.name+"="+s.version)
	if err != nil {
		return nil, err
	}
	data, err := output(ctx, cache, "dpkg-deb", "--fsys-tarfile", file)
	if err != nil {
		return nil, err
	}
	return &archive{name: s.name, version: s.version, tar: data}, nil
}

// fetchFile returns the file of that name in the cache, and where it lies. If
// it is not there, the client is run, which leaves it in its working folder.
func (s source) fetchFile(ctx context.Context, cache, base, client string, args ...string) ([]byte, string, error) {
	file, err := filepath.Abs(filepath.Join(cache, base))
	if err != nil {
		return nil, "", err
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(cache, 0o777); err != nil {
			return nil, "", err
		}
		// The client writes into a folder of its own first, so that an
		// interrupted fetch leaves nothing that looks like a package.
		tmp, err := os.MkdirTemp(cache, client+"-")
		if err != nil {
			return nil, "", err
		}
		defer os.RemoveAll(tmp)
		if _, err := output(ctx, tmp, client, args...); err != nil {
			return nil, "", err
		}
		if err := os.Rename(filepath.Join(tmp, base), file); err != nil {
			return nil, "", err
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != s.sum {
		return nil, "", s.mismatch(got, file)
	}
	return data, file, nil
}

// fetchModule leaves caching to the go command, whose module cache does it.
func (s source) fetchModule(ctx context.Context) (*archive, error) {
	// Outside any module, so that this one's go.mod and go.sum are not asked
	// and not touched.
	out, err := output(ctx, os.TempDir(), "go", "mod", "download", "-json", s.name+"@"+s.version)
	if err != nil {
		return nil, err
	}
	var m struct{ Zip string }
	if err := json.Unmarshal(out, &m); err != nil {
		return nil, fmt.Errorf("go mod download %s: %w", s.name, err)
	}
	data, err := os.ReadFile(m.Zip)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Zip, err)
	}
	got, err := moduleSum(z)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Zip, err)
	}
	if got != s.sum {
		return nil, s.mismatch(got, m.Zip)
	}
	return &archive{name: s.name, version: s.version, zip: z}, nil
}

func (s source) mismatch(got, file string) error {
	return fmt.Errorf("package %s %s has checksum %s, but sources.tsv pins %s: refused; "+
		"delete %s to fetch it again, and do not change the pin before you know why it differs",
		s.name, s.version, got, s.sum, file)
}

// moduleSum is the "h1:" sum of go.sum: the SHA-256 of a listing of all files
// by name with the SHA-256 of each (golang.org/x/mod/sumdb/dirhash, Hash1).
func moduleSum(z *zip.Reader) (string, error) {
	files := slices.Clone(z.File)
	slices.SortFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	all := sha256.New()
	for _, f := range files {
		r, err := f.Open()
		if err != nil {
			return "", err
		}
		one := sha256.New()
		_, err = io.Copy(one, r)
		r.Close()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(all, "%x  %s\n", one.Sum(nil), f.Name)
	}
	return "h1:" + base64.StdEncoding.EncodeToString(all.Sum(nil)), nil
}

// output runs a client and returns what it printed; its complaints are the
// error.
func output(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		said := strings.TrimSpace(stderr.String() + "\n" + string(out))
		return nil, fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, said)
	}
	return out, nil
}

// archive is a fetched and verified package. Names of files are
// slash-separated and relative to the package's own folder, so "package/" of
// npm, "module@version/" of Go and "./" of Debian are left off.
type archive struct {
	name    string
	version string
	tgz     []byte      // of an npm package
	tar     []byte      // of a Debian package
	zip     *zip.Reader // of a Go module
}

// each calls do with every file whose name want accepts, in the order of
// their names. It reads the whole package once; a generator that needs many
// files asks for them in one call.
func (a *archive) each(want func(name string) bool, do func(name string, data []byte) error) error {
	type file struct {
		name string
		data []byte
	}
	var files []file
	take := func(full string, r io.Reader) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return fmt.Errorf("%s %s: %s: %w", a.name, a.version, full, err)
		}
		files = append(files, file{full, data})
		return nil
	}
	if a.zip != nil {
		prefix := a.name + "@" + a.version + "/"
		for _, f := range a.zip.File {
			name := strings.TrimPrefix(f.Name, prefix)
			if !want(name) {
				continue
			}
			r, err := f.Open()
			if err != nil {
				return err
			}
			err = take(name, r)
			r.Close()
			if err != nil {
				return err
			}
		}
	} else {
		var r io.Reader = bytes.NewReader(a.tar)
		if a.tgz != nil {
			gz, err := gzip.NewReader(bytes.NewReader(a.tgz))
			if err != nil {
				return fmt.Errorf("%s %s: %w", a.name, a.version, err)
			}
			r = gz
		}
		for tr := tar.NewReader(r); ; {
			h, err := tr.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				return fmt.Errorf("%s %s: %w", a.name, a.version, err)
			}
			_, name, ok := strings.Cut(h.Name, "/")
			if h.Typeflag != tar.TypeReg || !ok || !want(name) {
				continue
			}
			if err := take(name, tr); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(files, func(x, y file) int { return strings.Compare(x.name, y.name) })
	for _, f := range files {
		if err := do(f.name, f.data); err != nil {
			return fmt.Errorf("%s %s: %s: %w", a.name, a.version, f.name, err)
		}
	}
	return nil
}

// file returns the one file of that name.
func (a *archive) file(name string) ([]byte, error) {
	var found []byte
	err := a.each(func(n string) bool { return n == name }, func(_ string, data []byte) error {
		found = data
		return nil
	})
	if err == nil && found == nil {
		err = fmt.Errorf("%s %s: no file %s", a.name, a.version, name)
	}
	return found, err
}
