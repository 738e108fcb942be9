package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"dateline"
)

// writer renders records in one format and writes them in order. render and
// failure may be called by several goroutines at once, write by one.
type writer struct {
	format string
	out    io.Writer
	card   card
	n      int    // records written
	many   bool   // JSON is an array, however many there are
	held   []byte // the first, of JSON
}

func newWriter(format string, out io.Writer, terminal bool) *writer {
	return &writer{format: format, out: out, card: newCard(out, terminal)}
}

// render appends one article's record.
func (w *writer) render(out *bytes.Buffer, a *dateline.Article) error {
	switch w.format {
	case "text":
		w.card.article(out, a)
	case "markdown":
		markdown(out, a)
	case "json":
		b, err := a.MarshalJSON()
		if err != nil {
			return err
		}
		return json.Indent(out, escapeUnseen(b), "", "  ")
	default:
		b, err := a.MarshalJSON()
		if err != nil {
			return err
		}
		out.Write(escapeUnseen(b))
		out.WriteByte('\n')
	}
	return nil
}

// escapeUnseen writes as JSON's escapes the characters that a terminal obeys
// or that turn its text around; JSON itself only asks for those below a space.
func escapeUnseen(b []byte) []byte {
	at := bytes.IndexFunc(b, unseen)
	if at < 0 {
		return b
	}
	out := make([]byte, 0, len(b)+64)
	for at >= 0 {
		r, size := utf8.DecodeRune(b[at:])
		out = fmt.Appendf(append(out, b[:at]...), `\u%04x`, r)
		b = b[at+size:]
		at = bytes.IndexFunc(b, unseen)
	}
	return append(out, b...)
}

// failure appends the record of an input that could not be read, in the formats
// that have one; in the others it returns what to tell the user.
func (w *writer) failure(out *bytes.Buffer, source string, err error) (note string) {
	rec := struct {
		Source string `json:"source"`
		Error  string `json:"error"`
	}{source, err.Error()}
	switch w.format {
	case "text", "markdown":
		return plainLine(source + ": " + said(err))
	case "json":
		b, _ := json.Marshal(rec)
		json.Indent(out, escapeUnseen(b), "", "  ")
	default:
		b, _ := json.Marshal(rec)
		out.Write(escapeUnseen(b))
		out.WriteByte('\n')
	}
	return ""
}

// write puts one rendered record out, with what stands between records. JSON
// is one record for an input that is one page, an array for what may hold
// several; the first is held back until it is known.
func (w *writer) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	w.n++
	var sep string
	switch {
	case w.format == "json" && w.n == 1 && w.many:
		sep = "[\n"
	case w.format == "json" && w.n == 1:
		w.held = append(w.held, b...)
		return nil
	case w.format == "json" && w.held != nil:
		sep = "[\n" + string(w.held) + ",\n"
		w.held = nil
	case w.format == "json":
		sep = ",\n"
	case w.n > 1 && w.format == "markdown":
		sep = "\n---\n\n"
	case w.n > 1 && w.format == "text":
		sep = "\n\n"
	}
	if sep != "" {
		if _, err := io.WriteString(w.out, sep); err != nil {
			return err
		}
	}
	_, err := w.out.Write(b)
	return err
}

// close ends the output.
func (w *writer) close() error {
	if w.format != "json" || w.n == 0 && !w.many {
		return nil
	}
	end := "\n]\n"
	switch {
	case w.held != nil:
		end = string(w.held) + "\n"
	case w.n == 0:
		end = "[]\n"
	}
	_, err := io.WriteString(w.out, end)
	return err
}
