package read

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"dateline"
	"dateline/lang"
)

// Plain text is what crawlers leave of a page: a line a paragraph, or
// paragraphs set apart by empty lines, often with the headline twice and the
// page's furniture in between.

// isPlain tells whether bytes are text without markup.
func isPlain(b []byte, contentType string) bool {
	head := b[:min(len(b), 4<<10)]
	tags, own := 0, 0
	s := sifter{src: head}
	for i := s.next(0); i >= 0; i = s.next(i + 1) {
		from := i + 1
		if s.at(from) == '/' {
			from++
		}
		// <ada@outlet.example> is no tag.
		if name := s.name(from); (atom.Lookup(bytes.ToLower(name)) != 0 || s.at(from) == '!') && bytes.IndexByte(head[i:], '>') > 0 {
			tags++
		} else if s.at(from-1) == '/' && len(name) > 2 && bytes.Contains(head[:i], append([]byte("<"), name...)) {
			own++ // a page may have none but elements of its own
		}
	}
	if strings.HasPrefix(strings.ToLower(contentType), "text/plain") {
		return tags < 4
	}
	if own > 0 && strings.HasPrefix(strings.ToLower(contentType), "text/html") || own >= 3 {
		return false
	}
	if len(b) > len(head) && tags == 0 {
		return !bytes.Contains(b[len(head):min(len(b), 256<<10)], []byte("</"))
	}
	return tags == 0
}

// plainText makes an article of a text without markup; the dates that it names
// as its own go to c.
func plainText(a *dateline.Article, text string, c *stamps) {
	paras := paragraphs(text)
	set := lang.Phrases()
	i := 0
	// The headline: the first line, when it is short and ends like none, or
	// when it stands there again.
	if len(paras) > 1 {
		first := paras[0]
		again := paras[1] == first
		if again || utf8.RuneCountInString(first) <= 200 && !strings.ContainsAny(lastRune(first), ".。।؟…:;,") && len(first) < len(longest(paras[1:])) {
			a.Title = first
			i = 1
			for i < len(paras) && paras[i] == first {
				i++
			}
		}
	}
	open := false
	for ; i < len(paras); i++ {
		s := paras[i]
		m, ok := lang.PhraseMatch{}, false
		if len(s) <= longPhrase {
			m, ok = set.Match(s)
		}
		if ok && readAlso.Has(m.Category) {
			rest := strings.TrimLeft(s[m.End:], " :–—-»›|")
			switch {
			case m.Mode == lang.Whole:
				open = true
				continue
			case m.Mode == lang.Prefix && strings.Count(rest, ". ") == 0:
				a.Related = append(a.Related, dateline.Link{Title: rest})
				continue
			}
		}
		// What follows the comment form's heading is the page's foot.
		if ok && m.Category == lang.CommentForm && m.Mode != lang.Prefix && i > len(paras)/2 {
			break
		}
		if ok && (m.Mode == lang.Whole && alone.Has(m.Category) || m.Mode == lang.Anywhere && furniture.Has(m.Category)) {
			continue
		}
		if ok && m.Mode == lang.Prefix && lang.CategoriesOf(lang.Byline).Has(m.Category) && len(s) < 120 && len(a.Blocks) == 0 {
			if name := strings.TrimSpace(s[m.End:]); name != "" && len(a.Authors) == 0 && len(strings.Fields(name)) <= 5 {
				a.Authors = []string{name}
				continue
			}
		}
		if ok && m.Mode == lang.Prefix && lang.CategoriesOf(lang.Published, lang.Updated).Has(m.Category) && len(s) < 120 {
			if ds := lang.FindDates(s[m.End:]); len(ds) > 0 {
				c.add(stamp{date: ds[0].Date, from: "text", source: "text", weight: saidInPlain, said: m.Category, modified: m.Category == lang.Updated})
				continue
			}
		}
		st := count([]byte(s))
		if open && !st.endsStop && st.words < 25 {
			a.Related = append(a.Related, dateline.Link{Title: s})
			continue
		}
		open = false
		b := dateline.Block{Kind: dateline.Paragraph, Text: s}
		if st.words <= 12 && !st.endsStop && !st.endsColon && st.quotes == 0 && len(a.Blocks) > 0 && i+1 < len(paras) && st.stops == 0 && !strings.HasPrefix(s, hyphen) {
			b.Kind, b.Level = dateline.Heading, 2
		}
		if rest, ok := strings.CutPrefix(s, "• "); ok {
			b.Kind, b.Level, b.Text = dateline.ListItem, 1, rest
		}
		a.Blocks = append(a.Blocks, b)
	}
	hyphenItems(a.Blocks)
	for n := len(a.Blocks); n > 0 && a.Blocks[n-1].Kind == dateline.Heading; n = len(a.Blocks) {
		a.Blocks = a.Blocks[:n-1]
	}
}

const hyphen = "- "

// hyphenItems makes items of a list of the lines that begin with a hyphen, two
// or more one after the other that end without a stop: a line of dialogue may
// begin so too.
func hyphenItems(blocks []dateline.Block) {
	for i := 0; i < len(blocks); {
		j, stops := i, 0
		for ; j < len(blocks) && strings.HasPrefix(blocks[j].Text, hyphen); j++ {
			if st := count([]byte(blocks[j].Text)); st.endsStop {
				stops++
			}
		}
		if j-i >= 2 && stops*2 < j-i {
			for k := i; k < j; k++ {
				b := &blocks[k]
				b.Kind, b.Level, b.Text = dateline.ListItem, 1, b.Text[len(hyphen):]
			}
		}
		i = max(j, i+1)
	}
}

// saidInPlain is what a date weighs that a line of plain text calls its own.
const saidInPlain = 80

func lastRune(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}

func longest(ss []string) (l string) {
	for _, s := range ss {
		if len(s) > len(l) {
			l = s
		}
	}
	return l
}

// paragraphs cuts a text at its empty lines, and at every line break where
// the lines are not filled to one width by hand.
func paragraphs(text string) []string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if len(lines) == 1 && strings.Contains(text, "\r") {
		lines = strings.Split(text, "\r")
	}
	filled := wrapped(lines)
	var out []string
	var cur []string
	end := func() {
		if s := foldSpace(strings.Join(cur, " ")); s != "" && worded(s) {
			out = append(out, s)
		}
		cur = cur[:0]
	}
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			end()
			continue
		}
		cur = append(cur, l)
		if !filled {
			end()
		}
	}
	end()
	return out
}

// wrapped tells whether lines were broken at a width: most lines that another
// follows are of nearly the greatest length, which is 40 to 100 characters,
// and end within a sentence.
func wrapped(lines []string) bool {
	most, n := 0, 0
	for _, l := range lines {
		most = max(most, utf8.RuneCountInString(l))
	}
	if most < 40 || most > 100 {
		return false
	}
	full, ends := 0, 0
	for i := 0; i+1 < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" || strings.TrimSpace(lines[i+1]) == "" {
			continue
		}
		n++
		if utf8.RuneCountInString(lines[i]) > most*3/4 {
			full++
		}
		if strings.ContainsAny(lastRune(strings.TrimRight(lines[i], " \t\"”»’」』)）")), ".!?。！？…।؟۔") {
			ends++
		}
	}
	// Where lines end with their sentences they are paragraphs of a like length.
	return n >= 4 && full*4 > n*3 && ends*2 < n
}

func worded(s string) bool {
	st := count([]byte(s))
	return st.letters+st.digits > 0
}
