package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"dateline/internal/access"
)

// TestRedirectsStayHere holds redirects to the paths of this server, as
// browsers read them: they leave out tabs and line breaks.
func TestRedirectsStayHere(t *testing.T) {
	_, h, _ := guarded(t)
	for _, to := range []string{"//evil.example/", "/%09/evil.example/", "/%0A/evil.example/", "/%0D/evil.example/", "%09//evil.example/", "/%5Cevil.example/", "/%5C%5Cevil.example/", "/.//evil.example/", "https://evil.example/", "/%7F/evil.example/"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1/login?to="+to, nil))
		got := w.Header().Get("Location")
		read := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(got)
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(read, "/") || strings.HasPrefix(read, "//") {
			t.Errorf("to %s leads to %q, status %d", to, got, w.Code)
		}
	}
}

// TestFormsStayInMemory sends files to where strangers may post: none is to go
// to the machine's disk, and little of it to its memory.
func TestFormsStayInMemory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s, h, _ := guarded(t)
	if _, err := s.Guard.AddUser(t.Context(), "ada", access.Admin, "a ferry at the quay"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/login", "/settings", "/logout"} {
		body := io.MultiReader(strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"),
			strings.NewReader(strings.Repeat("x", 40<<20)), strings.NewReader("\r\n--b--\r\n"))
		count := &counter{Reader: body}
		r := httptest.NewRequest("POST", "http://127.0.0.1"+path, count)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("POST %s: status %d", path, w.Code)
		}
		if count.n > 64<<10 {
			t.Errorf("POST %s: %d bytes are read of who has not logged in", path, count.n)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("POST %s leaves %s on the disk", path, left[0].Name())
			os.Remove(dir + "/" + left[0].Name())
		}
	}
}

// counter counts what is read.
type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}
