package api

import (
	"encoding/json"
	"testing"
)

// TestDetail holds that what is wrong with a request stands in the detail of its
// answer, once.
func TestDetail(t *testing.T) {
	s := serve(t)
	for _, tt := range []struct{ method, path, body, want string }{
		{"GET", "/v1/articles?limit=0", "", "What was sent does not fit: query.limit: expected number >= 1."},
		{"GET", "/v1/captures/abc", "", "What was sent does not fit: path.n: invalid integer."},
		{"POST", "/v1/collections", `{"nam":"x"}`, "What was sent does not fit: body: expected required property name to be present; body.nam: unexpected property."},
		{"GET", "/v1/articles/zzz", "", `Article "zzz": not found.`},
		{"GET", "/v1/captures/999999", "", "Capture 999999: not found."},
		{"GET", "/v1/collections/nope", "", `Collection "nope": not found.`},
	} {
		var got struct{ Detail string }
		w := s.ask(tt.method, tt.path, tt.body)
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Detail != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.method, tt.path, got.Detail, tt.want)
		}
	}
}
