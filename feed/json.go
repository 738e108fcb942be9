package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"dateline"
)

// loose is a string of JSON, or a number in its place. Anything else is as if
// it were not there: one field of the wrong type does not lose the entry.
type loose string

func (l *loose) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case b[0] == '"':
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		s = string(b)
	}
	*l = loose(s)
	return nil
}

// list is an array, a value in its place, or nothing.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(b []byte) error {
	var all []T
	if b[0] == '[' {
		if err := json.Unmarshal(b, &all); err != nil && !wrongType(err) {
			return err
		}
	} else {
		all = make([]T, 1)
		if err := json.Unmarshal(b, &all[0]); err != nil && !wrongType(err) {
			return err
		}
	}
	*l = all
	return nil
}

type jsonAuthor struct {
	Name loose `json:"name"`
}

type jsonItem struct {
	ID          loose            `json:"id"`
	URL         loose            `json:"url"`
	External    loose            `json:"external_url"`
	Title       loose            `json:"title"`
	Summary     loose            `json:"summary"`
	ContentHTML loose            `json:"content_html"`
	ContentText loose            `json:"content_text"`
	Published   loose            `json:"date_published"`
	Modified    loose            `json:"date_modified"`
	Language    loose            `json:"language"`
	Author      list[jsonAuthor] `json:"author"`
	Authors     list[jsonAuthor] `json:"authors"`
	Tags        list[loose]      `json:"tags"`
}

// readJSON reads a JSON Feed, an item at a time.
func readJSON(in input, text []byte) error {
	if err := checkDepth(text); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.Token() // the opening brace, which has been seen
	version, items := "", false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			break
		}
		if key == "items" && in.opens(d) {
			items = true
			if !in.items(d) {
				break
			}
			continue
		}
		var v loose
		if err := d.Decode(&v); err != nil {
			break
		}
		switch s := string(v); key {
		case "version":
			version = s
		case "title":
			in.doc.Title = clean(s)
		case "home_page_url":
			in.doc.Home = resolve(in.base, s)
		case "next_url":
			in.doc.Next = resolve(in.base, s)
		case "language":
			in.doc.Language = languageOf(s)
		}
	}
	if !items && !strings.Contains(version, "jsonfeed") {
		return fmt.Errorf("JSON, but no JSON Feed: %w", dateline.ErrUnsupported)
	}
	in.doc.Kind = dateline.SourceFeed
	if _, err := d.Token(); err != nil && !d.More() {
		in.doc.warn(WarnTruncated)
	}
	return nil
}

// opens goes into an array.
func (in *input) opens(d *json.Decoder) bool {
	t, err := d.Token()
	return err == nil && t == json.Delim('[')
}

// items reads the array's items and goes out of it. It reports false where it
// cannot go on.
func (in *input) items(d *json.Decoder) bool {
	for d.More() {
		var it jsonItem
		if err := d.Decode(&it); err != nil && !wrongType(err) {
			in.doc.warn(WarnTruncated)
			return false
		}
		if !in.add(in.item(it), MaxFeedEntries) {
			return false
		}
	}
	_, err := d.Token()
	return err == nil
}

func (in *input) item(it jsonItem) dateline.Entry {
	e := dateline.Entry{
		Title:     clean(string(it.Title)),
		Published: in.date(string(it.Published)),
		Modified:  in.date(string(it.Modified)),
		Language:  languageOf(string(it.Language)),
	}
	for _, v := range [...]loose{it.URL, it.ID, it.External} {
		if v == it.ID && !strings.HasPrefix(string(v), "http") {
			continue
		}
		set(&e.URL, resolve(in.base, string(v)))
	}
	body := string(it.ContentHTML)
	if body == "" {
		body = escape(string(it.ContentText))
	}
	e.Summary, e.Content = clean(string(it.Summary)), body
	for _, a := range append(it.Authors, it.Author...) {
		e.Authors = appendNew(e.Authors, person(string(a.Name)))
	}
	for _, t := range it.Tags {
		e.Tags = appendNew(e.Tags, clean(string(t)))
	}
	return e
}

func wrongType(err error) bool {
	var e *json.UnmarshalTypeError
	return errors.As(err, &e)
}

// checkDepth refuses JSON that nests deeper than feeds do, before it is read.
func checkDepth(b []byte) error {
	depth, text := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			if depth++; depth > maxJSONDepth {
				return fmt.Errorf("JSON nests deeper than %d: %w", maxJSONDepth, dateline.ErrTooLarge)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}
