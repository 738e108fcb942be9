package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// problem answers what is no operation with an error, by RFC 9457.
func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(&huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail})
}

// problems has what stands before the operations, the guard and what keeps other
// sites out, answer as they do: what it refuses in plain text becomes a problem.
func problems(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &plain{ResponseWriter: w}
		next.ServeHTTP(p, r)
		if p.code != 0 {
			w.Header().Del("Content-Length")
			problem(w, p.code, strings.TrimSpace(p.text.String()))
		}
	})
}

// plain takes an answer in plain text that refuses, and lets through every other.
type plain struct {
	http.ResponseWriter
	begun bool
	code  int // of the answer that is taken
	text  strings.Builder
}

func (p *plain) WriteHeader(code int) {
	if p.begun || p.code != 0 {
		return
	}
	if code >= 400 && strings.HasPrefix(p.Header().Get("Content-Type"), "text/plain") {
		p.code = code
		return
	}
	p.begun = code >= 200
	p.ResponseWriter.WriteHeader(code)
}

func (p *plain) Write(b []byte) (int, error) {
	if p.code != 0 {
		return p.text.Write(b)
	}
	p.begun = true
	return p.ResponseWriter.Write(b)
}

func (p *plain) Flush() { _ = http.NewResponseController(p.ResponseWriter).Flush() }

// Unwrap is for http.ResponseController.
func (p *plain) Unwrap() http.ResponseWriter { return p.ResponseWriter }
