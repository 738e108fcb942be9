package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/term"

	"dateline"
)

// card draws an article for people to read in a terminal.
type card struct {
	width  int
	colour bool
}

// The widest line that is comfortable to read, and the narrowest that is drawn.
const (
	widest    = 88
	narrowest = 20
)

func newCard(out io.Writer, terminal bool) card {
	c := card{width: 80}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		c.width = n
	}
	if f, ok := out.(*os.File); ok && terminal {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			c.width = w - 2
		}
		c.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	c.width = max(narrowest, min(widest, c.width))
	return c
}

const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	blue  = "\x1b[34m"
	amber = "\x1b[33m"
	reset = "\x1b[0m"
)

func (c *card) paint(style, s string) string {
	if !c.colour || s == "" || style == "" {
		return s
	}
	return style + s + reset
}

// article draws one record.
func (c *card) article(out *bytes.Buffer, a *dateline.Article) {
	title := a.Title
	if title == "" {
		title = "(no headline found)"
	}
	if a.Kicker != "" {
		c.wrapped(out, "", "", amber, strings.TrimSpace(a.Kicker))
	}
	if a.Title != "" && c.colour {
		c.marked(out, "", "", title, within(stretches(a.Annotations, dateline.InTitle, len(title)), 0, len(title), bold))
	} else {
		c.wrapped(out, "", "", bold, title)
	}
	if a.Subtitle != "" {
		c.wrapped(out, "", "", "", a.Subtitle)
	}
	rule := min(c.width, max(12, uniseg.StringWidth(plainLine(title))))
	fmt.Fprintln(out, c.paint(dim, strings.Repeat("─", rule)))

	fact := func(name, value string) {
		if value == "" {
			return
		}
		label := name + strings.Repeat(" ", max(1, 11-len(name)))
		c.labelled(out, label, c.lines(value, c.width-11))
	}
	whole := func(name, value string) { // an address, to be opened or copied
		if value != "" {
			c.labelled(out, name+strings.Repeat(" ", 11-len(name)), []string{plainLine(value)})
		}
	}
	site := a.Site.Name
	if a.Site.Domain != "" && !strings.EqualFold(site, a.Site.Domain) {
		if site != "" {
			site += " · "
		}
		site += a.Site.Domain
	}
	fact("outlet", site)
	fact("by", strings.Join(a.Authors, ", "))
	fact("published", when(a))
	if a.Modified != "" && a.Modified != a.Published {
		fact("changed", stamp(a.Modified))
	}
	if a.Dateline != nil {
		fact("dateline", a.Dateline.Text)
	}
	kind := string(a.Kind)
	if a.Access != "" && a.Access != dateline.AccessFree {
		kind += ", " + string(a.Access)
	}
	if a.Section != "" {
		kind += " · " + a.Section
	}
	if a.Language != "" {
		kind += " · " + a.Language
	}
	fact("page", kind)
	whole("address", address(a))
	whole("source", a.Source)
	for _, w := range a.Warnings {
		c.labelled(out, c.paint(amber, "warning    "), c.lines(warning(w), c.width-11))
	}

	body := stretches(a.Annotations, dateline.InText, len(a.Text))
	prev := dateline.BlockKind("")
	for i := range a.Blocks {
		b := &a.Blocks[i]
		if tight := b.Kind == prev && (b.Kind == dateline.ListItem || b.Kind == dateline.TableRow); !tight {
			out.WriteByte('\n')
		}
		prev = b.Kind
		text := func(first, rest, style string) {
			if c.colour && len(a.Annotations) > 0 {
				c.marked(out, first, rest, b.Text, within(body, b.Start, len(b.Text), style))
				return
			}
			c.wrapped(out, first, rest, style, b.Text)
		}
		switch b.Kind {
		case dateline.Heading, dateline.Standfirst:
			text("", "", bold)
		case dateline.ListItem:
			in := strings.Repeat("  ", max(0, b.Level-1))
			text(in+"• ", in+"  ", "")
		case dateline.Quote:
			text("│ ", "│ ", "")
		case dateline.Caption:
			c.wrapped(out, "  ▣ ", "    ", dim, b.Text)
		case dateline.TableRow:
			c.wrapped(out, "  ", "    ", "", strings.ReplaceAll(b.Text, "\t", "  |  "))
		case dateline.Preformatted:
			for l := range strings.SplitSeq(b.Text, "\n") {
				fmt.Fprintln(out, "    "+plainLine(l))
			}
		default:
			text("", "", "")
		}
	}
	c.marks(out, a)
	if len(a.Related) > 0 {
		out.WriteByte('\n')
		fmt.Fprintln(out, c.paint(dim, "read also"))
		for _, l := range a.Related {
			t := l.Title
			if t == "" {
				t = l.URL
			}
			c.wrapped(out, "→ ", "  ", blue, t)
		}
	}
	if n := len(a.Comments); n > 0 {
		fmt.Fprintf(out, "\n%s\n", c.paint(dim, readers(n)))
	}
}

// readers counts readers' comments.
func readers(n int) string {
	if n == 1 {
		return "1 reader's comment"
	}
	return fmt.Sprintf("%d readers' comments", n)
}

// count is a number with its noun.
func count(n int, noun string) string { return fmt.Sprintf("%d %s", n, plural(n, noun)) }

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	if s, ok := strings.CutSuffix(noun, "y"); ok {
		return s + "ies"
	}
	if strings.HasSuffix(noun, "s") {
		noun += "e"
	}
	return noun + "s"
}

// when is the date of publication and how it is known.
func when(a *dateline.Article) string {
	if a.Published == "" {
		if n := len(a.Dates); n > 0 {
			return fmt.Sprintf("unknown (%d %s turned down)", n, plural(n, "date"))
		}
		return ""
	}
	froms, others := []string{}, 0
	seen := map[string]bool{}
	for _, d := range a.Dates {
		same := len(d.Value) >= 10 && len(a.Published) >= 10 && d.Value[:10] == a.Published[:10] && d.Refused == ""
		switch {
		case (d.Chosen || same) && !seen[d.From]:
			seen[d.From] = true
			froms = append(froms, d.From)
		case !d.Chosen && !same:
			others++
		}
	}
	s := stamp(a.Published)
	if len(froms) > 0 {
		s += " · from " + strings.Join(froms, ", ")
	}
	if others > 0 {
		s += fmt.Sprintf(" · %d other %s", others, plural(others, "date"))
	}
	return s
}

// stamp writes a record's time as people read it.
func stamp(s string) string { return strings.Replace(s, "T", " ", 1) }

func address(a *dateline.Article) string {
	if a.URL != "" {
		return a.URL
	}
	return a.Canonical
}

// labelled writes a name and the lines of its value behind it.
func (c *card) labelled(out *bytes.Buffer, label string, lines []string) {
	if !strings.Contains(label, "\x1b") {
		label = c.paint(dim, label)
	}
	for i, l := range lines {
		if i == 0 {
			out.WriteString(label)
		} else {
			out.WriteString(strings.Repeat(" ", 11))
		}
		out.WriteString(l)
		out.WriteByte('\n')
	}
}

// wrapped writes a text in lines of the card's width.
func (c *card) wrapped(out *bytes.Buffer, first, rest, style, s string) {
	in := first
	for _, l := range c.lines(s, c.width-uniseg.StringWidth(first)) {
		out.WriteString(in)
		out.WriteString(c.paint(style, l))
		out.WriteByte('\n')
		in = rest
	}
}

// lines breaks a text where its script allows (UAX #14).
func (c *card) lines(s string, width int) []string {
	var out []string
	var line strings.Builder
	used, state := 0, -1
	rest := plainLine(s)
	for rest != "" {
		var seg string
		seg, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		w := uniseg.StringWidth(strings.TrimRight(seg, " "))
		if used > 0 && used+w > width {
			out = append(out, strings.TrimRight(line.String(), " "))
			line.Reset()
			used = 0
		}
		line.WriteString(seg)
		used += uniseg.StringWidth(seg)
	}
	if line.Len() > 0 {
		out = append(out, strings.TrimRight(line.String(), " "))
	}
	return out
}

// plainLine takes out what a terminal would obey: control characters, and the
// marks that reorder text beyond its own line.
func plainLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case unseen(r):
			return -1
		}
		return r
	}, s)
}

// plainLines is plainLine of each line, tabs kept.
func plainLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && r != '\n' && unseen(r) {
			return -1
		}
		return r
	}, s)
}

// unseen tells the characters that a terminal obeys or that turn its text
// around.
func unseen(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0xFEFF
}
