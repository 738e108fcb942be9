package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/warc"

	"github.com/google/go-cmp/cmp"
)

// everything writes each kind of record an archive can hold into one file, and
// closes it.
func everything(t testing.TB) (dir, name string) {
	t.Helper()
	dir = tempDir(t)
	a := open(t, dir, options())
	e := exchange(1, 5000)
	c := write(t, a, e)[0]
	e.Fetched, e.Same = e.Fetched.Add(time.Hour), &c
	write(t, a, e)
	gone := write(t, a, exchange(2, 70000))[0]
	bare := exchange(3, 10)
	bare.Request, bare.IP, bare.Protocol, bare.Truncated = nil, "", "", "length"
	bare.URL += "?b=2&A=1"
	write(t, a, bare)
	chunks := exchange(4, 0)
	chunks.Response = []byte("HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	write(t, a, chunks)
	_, err := a.WriteRecord(t.Context(),
		Record{Type: "resource", URL: "http://other.example/a.txt", Fetched: noon, ContentType: "text/plain", Block: []byte("text")},
		Record{Type: "revisit", URL: "http://other.example/b", Fetched: noon, ContentType: warc.MediaResponse, Block: []byte("HTTP/1.1 304 Not Modified\r\n\r\n"), Same: &c})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Erase(t.Context(), gone.WARC, gone.Offset); err != nil {
		t.Fatal(err)
	}
	sound(t, a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, c.WARC
}

// The file is what ISO 28500:2017 says, by a reading of it that shares nothing
// with package warc.
func TestStandard(t *testing.T) {
	dir, name := everything(t)
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := strictly(f)
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, r := range records {
		types = append(types, r["warc-type"][0])
	}
	want := []string{"warcinfo", "response", "request", "revisit", "request", "metadata", "metadata", "response", "response", "request", "resource", "revisit"}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The judge is no pushover.
	for _, x := range [][2]string{
		{"WARC/1.1\r\n", "WARC/1.1\n"}, {"WARC-Type: response\r\n", ""}, {"WARC-Type: response", "WARC-Type: revisit"}, {"WARC-Date: 2026-", "WARC-Date: 26-"},
		{"WARC-Target-URI", "X-Target"}, {"WARC-Record-ID: <", "WARC-Record-ID: "}, {"sha256:", "sha256:0"}, {"\r\nWARC-IP-Address: 192.0.2.1", "\r\nWARC-IP-Address: x"},
		{"Content-Length: ", "Content-Length: 1"}, {"<p>page 1", "<p>page 2"}, {"WARC-Concurrent-To: <urn", "WARC-Concurrent-To: <x"}, {"msgtype=response", "msgtype=request"},
	} {
		f.Seek(0, io.SeekStart)
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		for i, br := 0, bufio.NewReader(f); ; i++ {
			if i == 0 {
				f.Seek(0, io.SeekStart)
				br.Reset(f)
				z.Reset(br)
			}
			z.Multistream(false)
			text, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			if i == 1 {
				text = bytes.Replace(text, []byte(x[0]), []byte(x[1]), 1)
			}
			w := gzip.NewWriter(&out)
			w.Write(text)
			w.Close()
			if z.Reset(br) == io.EOF {
				break
			}
		}
		if _, err := strictly(&out); err == nil {
			t.Errorf("nothing is said of %q for %q", x[1], x[0])
		}
	}
}

// fields is a header, by lower-case names.
type fields map[string][]string

func (f fields) one(name string) string {
	if len(f[name]) != 1 {
		return ""
	}
	return f[name][0]
}

var (
	dateForm  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$`)
	idForm    = regexp.MustCompile(`^<[a-z]+:[^<>\s]+>$`)
	tokenForm = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
	ipForm    = regexp.MustCompile(`^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$`)
)

// where says in records of which types a field may stand.
var where = map[string]string{
	"warc-target-uri":            "response resource request revisit conversion metadata",
	"warc-concurrent-to":         "response resource request revisit metadata",
	"warc-ip-address":            "response resource request revisit metadata",
	"warc-payload-digest":        "response resource request revisit conversion",
	"warc-refers-to":             "revisit conversion metadata",
	"warc-refers-to-target-uri":  "revisit",
	"warc-refers-to-date":        "revisit",
	"warc-profile":               "revisit",
	"warc-filename":              "warcinfo",
	"warc-warcinfo-id":           "response resource request revisit conversion metadata",
	"warc-truncated":             "response resource request revisit conversion metadata",
	"warc-refers-to-filename":    "revisit",
	"warc-refers-to-file-offset": "revisit",
}

// strictly reads a file of gzip members and fails at the first thing in it
// that the standard does not allow, or advises against.
func strictly(r io.Reader) ([]fields, error) {
	br := bufio.NewReader(r)
	var records []fields
	byID := map[string]string{}
	for {
		if _, err := br.Peek(1); err == io.EOF {
			break
		}
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, err
		}
		z.Multistream(false)
		text, err := io.ReadAll(z)
		if err != nil {
			return nil, err
		}
		f, err := strictRecord(string(text))
		if err != nil {
			return nil, fmt.Errorf("record %d: %w\n%.1000s", len(records), err, text)
		}
		id := f.one("warc-record-id")
		if byID[id] != "" {
			return nil, fmt.Errorf("record %d: id %s is given twice", len(records), id)
		}
		byID[id] = f.one("warc-type")
		records = append(records, f)
	}
	for i, f := range records {
		if id := f.one("warc-warcinfo-id"); id != "" && byID[id] != "warcinfo" {
			return nil, fmt.Errorf("record %d: no warcinfo %s", i, id)
		}
		for _, id := range append(f["warc-concurrent-to"], f["warc-refers-to"]...) {
			if byID[id] == "" {
				return nil, fmt.Errorf("record %d: no record %s", i, id)
			}
		}
	}
	return records, nil
}

func strictRecord(text string) (fields, error) {
	head, rest, ok := strings.Cut(text, "\r\n\r\n")
	if !ok {
		return nil, fmt.Errorf("no empty line")
	}
	lines := strings.Split(head, "\r\n")
	if lines[0] != "WARC/1.1" {
		return nil, fmt.Errorf("first line %q", lines[0])
	}
	f := fields{}
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ": ")
		if !ok || !tokenForm.MatchString(name) || value != strings.TrimSpace(value) || value == "" || strings.ContainsAny(value, "\r\n\x00") {
			return nil, fmt.Errorf("line %q", line)
		}
		name = strings.ToLower(name)
		f[name] = append(f[name], value)
	}
	kind := f.one("warc-type")
	for name, values := range f {
		if len(values) > 1 && name != "warc-concurrent-to" && name != "warc-protocol" {
			return nil, fmt.Errorf("%s is given %d times", name, len(values))
		}
		if types, ok := where[name]; ok && !slices.Contains(strings.Fields(types), kind) {
			return nil, fmt.Errorf("%s in a %s record", name, kind)
		}
	}
	n, err := strconv.Atoi(f.one("content-length"))
	if err != nil || len(rest) != n+4 || rest[n:] != "\r\n\r\n" {
		return nil, fmt.Errorf("content-length %q, %d bytes", f.one("content-length"), len(rest))
	}
	block := rest[:n]
	media := f.one("content-type")
	switch {
	case !dateForm.MatchString(f.one("warc-date")):
		return nil, fmt.Errorf("date %q", f.one("warc-date"))
	case !idForm.MatchString(f.one("warc-record-id")):
		return nil, fmt.Errorf("id %q", f.one("warc-record-id"))
	case f.one("warc-ip-address") != "" && !ipForm.MatchString(f.one("warc-ip-address")):
		return nil, fmt.Errorf("address %q", f.one("warc-ip-address"))
	case n > 0 && media == "":
		return nil, fmt.Errorf("no content-type")
	case media == "application/warc-fields" && !strings.HasSuffix(block, "\r\n"):
		return nil, fmt.Errorf("fields %q", block)
	case f.one("warc-truncated") != "" && !slices.Contains([]string{"length", "time", "disconnect", "unspecified"}, f.one("warc-truncated")):
		return nil, fmt.Errorf("truncated %q", f.one("warc-truncated"))
	case f.one("warc-block-digest") != "" && f.one("warc-block-digest") != sha(block):
		return nil, fmt.Errorf("block digest %q", f.one("warc-block-digest"))
	}
	httpHead, body, isHead := strings.Cut(block, "\r\n\r\n")
	switch kind {
	case "warcinfo":
		if media != "application/warc-fields" {
			return nil, fmt.Errorf("warcinfo of type %q", media)
		}
	case "response", "request":
		if media != "application/http; msgtype="+kind || !isHead {
			return nil, fmt.Errorf("%s of type %q", kind, media)
		}
		if (kind == "response") != strings.HasPrefix(httpHead, "HTTP/1.1 ") {
			return nil, fmt.Errorf("%s begins %.20q", kind, httpHead)
		}
		if d := f.one("warc-payload-digest"); kind == "response" && d != sha(body) && !strings.Contains(httpHead, "chunked") {
			return nil, fmt.Errorf("payload digest %q", d)
		}
	case "revisit":
		if f.one("warc-profile") != "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest" || f.one("warc-payload-digest") == "" ||
			f.one("warc-refers-to-target-uri") == "" || !dateForm.MatchString(f.one("warc-refers-to-date")) || body != "" {
			return nil, fmt.Errorf("revisit of %v", f)
		}
	case "resource":
		if f.one("warc-payload-digest") != sha(block) {
			return nil, fmt.Errorf("payload digest %q", f.one("warc-payload-digest"))
		}
	case "metadata":
	default:
		return nil, fmt.Errorf("type %q", kind)
	}
	if kind != "warcinfo" && kind != "metadata" && f.one("warc-target-uri") == "" {
		return nil, fmt.Errorf("no target")
	}
	return f, nil
}

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// warcio is the package of other people's that must be able to read the files.
const warcio = "warcio@2.4.11"

// Another tool reads every record, an erased one included, and makes the same
// index of the file.
func TestOtherReader(t *testing.T) {
	if testing.Short() {
		t.Skip("it installs an npm package; run without -short")
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s to run %s: %v", tool, warcio, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	tools := t.TempDir()
	if out, err := exec.CommandContext(ctx, "npm", "install", "--prefix", tools, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", warcio).CombinedOutput(); err != nil {
		t.Skipf("%s cannot be installed: %v\n%s", warcio, err, out)
	}
	dir, name := everything(t)
	path := filepath.Join(dir, name)
	tool := func(args ...string) string {
		var stderr bytes.Buffer
		cmd := exec.CommandContext(ctx, "node", append([]string{filepath.Join(tools, "node_modules", "warcio", "dist", "cli.js")}, args...)...)
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil || stderr.Len() > 0 {
			t.Fatalf("warcio %q: %v\n%s", args, err, &stderr)
		}
		return string(out)
	}

	var got, want []string
	dec := json.NewDecoder(strings.NewReader(tool("index", path, "-f", "offset,warc-type,content-length")))
	for {
		var x struct {
			Offset int64
			Type   string `json:"warc-type"`
			Length string `json:"content-length"`
		}
		if err := dec.Decode(&x); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(x.Offset, x.Type, x.Length))
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := warc.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprint(rec.Offset, rec.Type, rec.Length))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-ours +theirs):\n%s", diff)
	}
	sheet, err := os.ReadFile(filepath.Join(dir, indexName(name)))
	if err != nil {
		t.Fatal(err)
	}
	theirs := slices.Sorted(strings.Lines(tool("cdx-index", path)))
	if diff := cmp.Diff(slices.Collect(strings.Lines(string(sheet))), theirs); diff != "" {
		t.Errorf("index (-ours +theirs):\n%s", diff)
	}
}
