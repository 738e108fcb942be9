package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// assets are the static files. Styles are one file and scripts another, made of
// those in their folders in the order of their names; a digest in the name lets
// browsers keep them for good.
type assets struct {
	css, js, htmx string
	files         map[string]asset
}

type asset struct {
	kind         string
	plain, small []byte // small is gzip
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}}
	var err error
	for _, f := range []struct {
		to      *string
		pattern string
		name    string
	}{
		{&a.css, "static/css/*.css", "dateline.css"},
		{&a.js, "static/js/*.js", "dateline.js"},
		{&a.htmx, "static/vendor/htmx-*.js", "htmx.js"},
	} {
		if *f.to, err = a.join(f.pattern, f.name); err != nil {
			return nil, err
		}
	}
	others, err := fs.Glob(files, "static/*.*")
	for _, name := range others {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		a.add(path.Base(name), b)
	}
	return a, err
}

func (a *assets) join(pattern, name string) (string, error) {
	parts, err := fs.Glob(files, pattern)
	if err != nil {
		return "", err
	}
	var all bytes.Buffer
	for _, p := range parts {
		b, err := files.ReadFile(p)
		if err != nil {
			return "", err
		}
		all.Write(b)
		all.WriteByte('\n')
	}
	sum := sha256.Sum256(all.Bytes())
	stem, ext, _ := strings.Cut(name, ".")
	name = stem + "." + hex.EncodeToString(sum[:6]) + "." + ext
	a.add(name, all.Bytes())
	return name, nil
}

// kinds are the media types of static files by the end of their names.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".json": "application/json", ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
}

func (a *assets) add(name string, b []byte) {
	var small bytes.Buffer
	w, _ := gzip.NewWriterLevel(&small, gzip.BestCompression)
	w.Write(b)
	w.Close()
	a.files[name] = asset{kinds[path.Ext(name)], b, small.Bytes()}
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[r.URL.Path]
	if !ok || f.kind == "" {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if strings.Count(r.URL.Path, ".") < 2 {
		h.Set("Cache-Control", "public, max-age=3600")
	}
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.small
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
