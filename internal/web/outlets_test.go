package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// page gives a page's status and text.
func pageAt(t *testing.T, srv *httptest.Server, path string) (int, string) {
	t.Helper()
	res, err := srv.Client().Get(srv.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestOutlets(t *testing.T) {
	srv, r := site(t)
	list, err := r.Store.ListOutlets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range []string{"", "?order=trouble"} {
		status, page := pageAt(t, srv, "/outlets"+order)
		if status != 200 || len(page) > 60<<10 {
			t.Fatalf("%s: %d, %d bytes", order, status, len(page))
		}
		for _, o := range list {
			if !strings.Contains(page, `href="/outlet/`+o.ID+`"`) {
				t.Errorf("%s: %s is missing", order, o.Name)
			}
		}
	}
	for _, o := range list {
		status, page := pageAt(t, srv, "/outlet/"+o.ID)
		if status != 200 || len(page) > 60<<10 {
			t.Fatalf("%s: %d, %d bytes", o.Name, status, len(page))
		}
		for _, s := range o.States {
			if s.Of == 0 && !strings.Contains(page, s.URL) {
				t.Errorf("%s: %s is missing", o.Name, s.URL)
			}
		}
	}
	for _, path := range []string{"/outlet/nobody", "/outlets/errands/x"} {
		if status, _ := pageAt(t, srv, path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, path := range []string{"/outlets?cursor=x", "/outlet/" + list[0].ID + "?cursor=-1"} {
		if status, _ := pageAt(t, srv, path); status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, status)
		}
	}
}
