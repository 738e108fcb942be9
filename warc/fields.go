package warc

import (
	"bytes"
	"strings"
)

// Field is one field of a record's header, its name as written and its value
// without the space around it.
type Field struct {
	Name, Value string
}

// Header is the fields of a record in their order.
type Header []Field

// Get gives the value of the first field of the name, in whatever case, or "".
func (h Header) Get(name string) string {
	v, _ := h.lookup(name)
	return v
}

func (h Header) lookup(name string) (string, bool) {
	for i := range h {
		if len(h[i].Name) == len(name) && strings.EqualFold(h[i].Name, name) {
			return h[i].Value, true
		}
	}
	return "", false
}

// lineEnd is the length of the first line of b with its end, or 0.
func lineEnd(b []byte) int { return bytes.IndexByte(b, '\n') + 1 }

// fields reads a first line and the fields below it up to the empty line, for
// WARC and HTTP headers alike. Scratch is the memory to use and is given back;
// a line may have at most maxLine bytes. On io.EOF, which is the end of the
// block before the empty line, what was read is given too.
//
// Lines end with LF, with or without CR. A line that begins with a space or a
// tab continues the one above. Lines without a colon are passed over.
func (b *block) fields(scratch []byte, maxLine int) (first string, h Header, _ []byte, err error) {
	buf := scratch[:0]
	lines := 0
	for {
		from := len(buf)
		if buf, err = b.line(buf, maxLine); err != nil {
			break
		}
		line := buf[from:]
		if len(line) == 1 || string(line) == "\r\n" {
			buf = buf[:from]
			break
		}
		if (line[0] == ' ' || line[0] == '\t') && lines > 1 {
			// The end of the line above becomes space: joining in place is
			// linear however many lines there are.
			for i := from - 1; i >= 0 && (buf[i] == '\n' || buf[i] == '\r'); i-- {
				buf[i] = ' '
			}
			continue
		}
		lines++
	}
	text := string(buf)
	first, text, _ = strings.Cut(text, "\n")
	first = strings.TrimSuffix(first, "\r")
	if lines > 1 {
		h = make(Header, 0, lines-1)
	}
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		name, value, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); ok && name != "" {
			h = append(h, Field{name, strings.TrimSpace(value)})
		}
	}
	return first, h, buf, err
}
