package dateline

import (
	"encoding/json"
	"sort"
	"unicode/utf8"
)

// runes counts the code points before an offset in a text. It keeps the count
// at every step bytes, so that any offset costs at most that many.
type runes struct {
	s     string
	marks []int // code points before i*runeStep; nil where all is ASCII
}

const runeStep = 256

func newRunes(s string) *runes {
	r := &runes{s: s}
	if utf8.RuneCountInString(s) == len(s) {
		return r
	}
	n := 0
	for i := 0; i < len(s); i += runeStep {
		r.marks = append(r.marks, n)
		for _, c := range []byte(s[i:min(i+runeStep, len(s))]) {
			if utf8.RuneStart(c) {
				n++
			}
		}
	}
	return r
}

// count is the number of code points before the byte offset i, which lies
// between code points.
func (r *runes) count(i int) int {
	if r.marks == nil {
		return i
	}
	k := min(i/runeStep, len(r.marks)-1)
	n := r.marks[k]
	for _, c := range []byte(r.s[k*runeStep : i]) {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}

// offset is the byte offset of code point n; false where the text has fewer
// than n of them.
func (r *runes) offset(n int) (int, bool) {
	if n < 0 || n > len(r.s) {
		return 0, false
	}
	if r.marks == nil {
		return n, true
	}
	k := sort.SearchInts(r.marks, n+1) - 1
	c := r.marks[k]
	for i := k * runeStep; i < len(r.s); i++ {
		if utf8.RuneStart(r.s[i]) {
			if c == n {
				return i, true
			}
			c++
		}
	}
	return len(r.s), c == n
}

// encode is json.Marshal without escaping what matters to HTML.
func encode(v any) ([]byte, error) {
	var buf sliceWriter
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return buf[:len(buf)-1], nil
}

type sliceWriter []byte

func (w *sliceWriter) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}
