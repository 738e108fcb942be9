package browsertest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestValid has a validator read every page.
func TestValid(t *testing.T) {
	s := newSite(t)
	bodies := map[string]string{}
	for _, p := range s.walk(t) {
		for _, language := range []string{"en", "id"} {
			_, bodies[language+" "+p.path] = s.open(t, p.path, language)
		}
	}
	for _, f := range invalid(t, bodies) {
		t.Error(f)
	}
	t.Logf("%d pages", len(bodies))
}

// invalid is what a validator says of pages of HTML, by their names.
func invalid(t *testing.T, bodies map[string]string) (all []string) {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		absent(t, "no Java to run %s: %v", vnuPackage, err)
	}
	tools, err := installed()
	if err != nil {
		absent(t, "%v", err)
	}
	dir := t.TempDir()
	names := slices.Sorted(maps.Keys(bodies))
	for i, name := range names {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.html", i)), []byte(bodies[name]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), java, "-Xmx512m", "-jar", filepath.Join(tools, "vnu-jar", "build", "dist", "vnu.jar"), "--errors-only", "--format", "json", "--stdout", "--exit-zero-always", dir)
	cmd.Stdout, cmd.Stderr = &said, t.Output()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	var found struct {
		Messages []struct {
			URL, Message, Extract string
			Line                  int `json:"lastLine"`
		}
	}
	if err := json.Unmarshal(said.Bytes(), &found); err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	for _, m := range found.Messages {
		i, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(m.URL), ".html"))
		if err != nil || i >= len(names) {
			t.Fatalf("%q is no file of ours", m.URL)
		}
		all = append(all, fmt.Sprintf("%s:%d: %s\n\t%q", names[i], m.Line, m.Message, m.Extract))
	}
	return all
}

// heavy says that a page is larger than pages may be.
func heavy(html string) string {
	const most = 60 << 10
	if n := len(html); n > most {
		return fmt.Sprintf("%d bytes of HTML, over %d KB", n, most>>10)
	}
	return ""
}

var static = regexp.MustCompile(`(?:href|src|data-src)="(/static/[^"#]+)`)

// TestWeight holds what a page loads to its limits.
func TestWeight(t *testing.T) {
	s := newSite(t)
	files := []string{"/static/world.svg"}
	for _, p := range s.walk(t) {
		if why := heavy(p.html); why != "" {
			t.Errorf("%s has %s", p.path, why)
		}
		for _, m := range static.FindAllStringSubmatch(p.html, -1) {
			files = append(files, m[1])
		}
	}
	slices.Sort(files)
	sum := 0
	for _, f := range slices.Compact(files) {
		resp, body := s.open(t, f, "en")
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", f, resp.Status)
		}
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		z.Write([]byte(body))
		z.Close()
		t.Logf("%s: %d bytes, %d compressed", f, len(body), b.Len())
		sum += b.Len()
	}
	if sum > 150<<10 {
		t.Errorf("the static files have %d bytes compressed, over 150 KB", sum)
	}
}

// paint is what a page's first paint is to take; where others use the machine
// as well it may take three times as long before the test fails.
const paint = 300 * time.Millisecond

func TestPaint(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t, s)
	w := b.newTab(t)
	w.as(t, look{1440, "light", "en"})
	for _, path := range []string{"/", "/?q=flood", s.changed(t), "/figures", "/places"} {
		var all []float64
		for range 5 {
			w.open(t, path)
			w.until(t, "a paint", `performance.getEntriesByName("first-contentful-paint").length > 0`)
			all = append(all, eval[float64](t, w, `performance.getEntriesByName("first-contentful-paint")[0].startTime`))
		}
		slices.Sort(all)
		took := time.Duration(all[2] * float64(time.Millisecond)).Round(time.Millisecond)
		t.Logf("%s: first paint after %v (median), %.0f ms at worst", path, took, all[4])
		if took > 3*paint {
			t.Errorf("%s: first paint after %v, want %v", path, took, paint)
		}
	}
}
