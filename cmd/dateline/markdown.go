package main

import (
	"bytes"
	"fmt"
	"strings"

	"dateline"
)

// markdown writes an article as CommonMark, with the facts of its head as YAML
// front matter and the links of its body.
func markdown(out *bytes.Buffer, a *dateline.Article) {
	out.WriteString("---\n")
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(out, "%s: %s\n", name, yaml(value))
		}
	}
	list := func(name string, values []string) {
		if len(values) == 0 {
			return
		}
		q := make([]string, len(values))
		for i, v := range values {
			q[i] = yaml(v)
		}
		fmt.Fprintf(out, "%s: [%s]\n", name, strings.Join(q, ", "))
	}
	field("title", a.Title)
	field("kicker", a.Kicker)
	field("subtitle", a.Subtitle)
	list("authors", a.Authors)
	field("published", a.Published)
	field("modified", a.Modified)
	field("site", a.Site.Name)
	field("url", address(a))
	field("language", a.Language)
	field("kind", string(a.Kind))
	field("access", string(a.Access))
	field("section", a.Section)
	list("tags", a.Tags)
	if a.Dateline != nil {
		field("dateline", a.Dateline.Text)
	}
	field("source", a.Source)
	list("warnings", a.Warnings)
	out.WriteString("---\n")
	if a.Title != "" {
		fmt.Fprintf(out, "\n# %s\n", escapeMD(plainLine(a.Title)))
	}
	prev := dateline.BlockKind("")
	for i := range a.Blocks {
		b := &a.Blocks[i]
		if b.Kind != prev || b.Kind != dateline.ListItem && b.Kind != dateline.TableRow {
			out.WriteByte('\n')
		}
		first := b.Kind != prev
		prev = b.Kind
		text := linked(b)
		switch b.Kind {
		case dateline.Heading:
			fmt.Fprintf(out, "%s %s\n", strings.Repeat("#", min(6, max(2, b.Level))), text)
		case dateline.Standfirst:
			fmt.Fprintf(out, "**%s**\n", strings.TrimSpace(text))
		case dateline.ListItem:
			fmt.Fprintf(out, "%s- %s\n", strings.Repeat("  ", max(0, b.Level-1)), text)
		case dateline.Quote:
			fmt.Fprintf(out, "> %s\n", text)
		case dateline.Caption:
			fmt.Fprintf(out, "*%s*\n", strings.TrimSpace(text))
		case dateline.Preformatted:
			fence, text := "```", plainLines(b.Text)
			for strings.Contains(text, fence) {
				fence += "`"
			}
			fmt.Fprintf(out, "%s\n%s\n%s\n", fence, text, fence)
		case dateline.TableRow:
			cells := strings.Split(text, "\t")
			fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
			if first {
				fmt.Fprintf(out, "|%s\n", strings.Repeat(" --- |", len(cells)))
			}
		default:
			fmt.Fprintf(out, "%s\n", text)
		}
	}
	if len(a.Related) > 0 {
		out.WriteString("\n## Read also\n\n")
		for _, l := range a.Related {
			switch {
			case l.URL == "":
				fmt.Fprintf(out, "- %s\n", escapeMD(plainLine(l.Title)))
			case l.Title == "":
				fmt.Fprintf(out, "- <%s>\n", target(l.URL))
			default:
				fmt.Fprintf(out, "- [%s](%s)\n", escapeMD(plainLine(l.Title)), target(l.URL))
			}
		}
	}
}

// linked is a block's text with its links, escaped.
func linked(b *dateline.Block) string {
	clean := func(s string) string {
		if b.Kind == dateline.TableRow {
			parts := strings.Split(s, "\t")
			for i := range parts {
				parts[i] = strings.ReplaceAll(escapeMD(plainLine(parts[i])), "|", `\|`)
			}
			return strings.Join(parts, "\t")
		}
		return escapeMD(plainLine(s))
	}
	var out strings.Builder
	at := 0
	for _, l := range b.Links {
		if l.Start < at || l.End > len(b.Text) {
			continue
		}
		out.WriteString(clean(b.Text[at:l.Start]))
		fmt.Fprintf(&out, "[%s](%s)", clean(b.Text[l.Start:l.End]), target(l.Href))
		at = l.End
	}
	out.WriteString(clean(b.Text[at:]))
	s := out.String()
	// What would begin a list, a heading or a quotation is text here.
	if b.Kind == dateline.Paragraph || b.Kind == dateline.Quote {
		digits := strings.TrimLeft(s, "0123456789")
		switch {
		case s == "":
		case strings.HasPrefix(s, "- "), strings.HasPrefix(s, "+ "), s[0] == '#', s[0] == '>', strings.HasPrefix(s, "---"), strings.HasPrefix(s, "==="):
			s = `\` + s
		case len(digits) < len(s) && (strings.HasPrefix(digits, ". ") || strings.HasPrefix(digits, ") ")):
			s = s[:len(s)-len(digits)] + `\` + digits
		}
	}
	return s
}

var mdEscapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "&", `\&`)

func escapeMD(s string) string { return mdEscapes.Replace(s) }

// target writes an address so that it ends where the link does.
func target(s string) string {
	return strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\\", "%5C").Replace(plainLine(s))
}

// yaml quotes a value as YAML's double-quoted form has it.
func yaml(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range plainLine(s) {
		if r == '"' || r == '\\' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}
