package places

import (
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/gazetteer"
	"dateline/lang"
)

// walk finds the longest name of the gazetteer at a token. In languages that
// inflect names or write words together with them it tries each word without
// what the pack says may be written with it.
type walk struct {
	f    *finder
	p    *part
	lone bool // without capitals

	end         int // token behind the name; 0 for none
	start, stop int // bytes
	form        string
	entries     []gazetteer.Entry
	inflected   bool
	weight      float64

	steps int
	buf   []byte
	none  [0x2000]byte // bits of the runes that are known to begin no name as a token
}

// maxSteps bounds the tries at one token.
const maxSteps = 64

func (w *walk) longest(f *finder, p *part, i int, lone bool) {
	w.f, w.p, w.lone = f, p, lone
	w.end, w.entries, w.form, w.inflected, w.weight, w.steps = 0, w.entries[:0], "", false, 0, 0
	w.plain(i)
	if len(f.t.attached) == 0 && len(f.t.endings) == 0 {
		return
	}
	if w.end > 0 && w.weight >= 4.5 {
		return
	}
	w.front(i)
}

// fold is a token as the gazetteer compares it.
func (w *walk) fold(i int) string { return w.foldString(w.p.Tokens[i].Fold) }

func (w *walk) foldString(s string) string {
	for j := range len(s) {
		if c := s[j]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
			w.buf = gazetteer.AppendFold(w.buf[:0], s)
			if string(w.buf) == s {
				return s
			}
			return string(w.buf)
		}
	}
	return s
}

// follows tells whether token j may go on with a name that began at token i.
func (w *walk) follows(i, j int) bool {
	if j >= len(w.p.Tokens) || j-i >= maxName && !w.lone || j-i >= 16 {
		return false
	}
	t := &w.p.Tokens[j]
	if w.p.tok[j].sentence || t.Paragraph || w.p.tok[j].block == dateline.KindDate {
		return false
	}
	if t.Kind == lang.Sign {
		return !t.Space && (w.p.hyphen(j) || t.Fold == "'" || t.Fold == "·") && j+1 < len(w.p.Tokens) && !w.p.Tokens[j+1].Space
	}
	return true
}

// mayEnd tells whether a name that began at token i may end with token j.
func (w *walk) mayEnd(i, j int, c gazetteer.Cursor) bool {
	t := &w.p.Tokens[j]
	if t.Kind == lang.Sign {
		return false
	}
	if j > i && t.Case == lang.Lower {
		return w.p.tok[j].starts&roleAfterPart != 0 || w.p.tok[i].starts&roleBeforePart != 0 || w.official(c)
	}
	return t.Kind == lang.Word || j > i
}

// official tells whether what was found is a country's name, which may end
// in a word in lower case: "Arabie saoudite".
func (w *walk) official(c gazetteer.Cursor) bool {
	n := len(w.entries)
	w.entries = c.Append(w.entries)
	list := w.entries[n:]
	w.entries = w.entries[:n]
	for _, e := range list {
		if e.Rank == gazetteer.Official && w.f.g.Place(e.ID).Kind == gazetteer.Country {
			return true
		}
	}
	return false
}

func (w *walk) plain(i int) {
	r, single := w.single(i)
	if single && w.none[r>>3]&(1<<(r&7)) != 0 {
		return
	}
	c, ok := w.f.g.Start(), true
	for j := i; j == i || w.follows(i, j); j++ {
		word, joined := w.fold(j), j > i && w.joined(j)
		if w.elided(j) && w.follows(i, j+1) {
			j++
			word += w.fold(j) // "d'Ivoire" is one word there.
		}
		if c, ok = c.Step(word, joined); !ok {
			if single && j == i {
				w.none[r>>3] |= 1 << (r & 7)
			}
			return
		}
		if c.Names() && w.mayEnd(i, j, c) {
			w.take(i, j+1, c, w.p.Tokens[i].Start, w.p.Tokens[j].End, "", false)
		}
	}
}

// single is the rune that a token is, if it is one that memory is kept of: in
// scripts without spaces most tokens are, and most begin no name.
func (w *walk) single(i int) (rune, bool) {
	t := &w.p.Tokens[i]
	if !w.lone || t.End-t.Start != 3 {
		return 0, false
	}
	r, n := utf8.DecodeRuneInString(w.p.Text[t.Start:t.End])
	return r, n == 3
}

// joined tells whether nothing parts a token from the one before it, in a
// script that is written so.
func (w *walk) joined(j int) bool {
	t := &w.p.Tokens[j]
	if t.Space {
		return false
	}
	r, _ := utf8.DecodeRuneInString(w.p.Text[t.Start:])
	return w.lone && gazetteer.Unspaced(r)
}

// elided tells whether a token ends in an apostrophe and goes on with the next.
func (w *walk) elided(j int) bool {
	return strings.HasSuffix(w.p.Tokens[j].Fold, "'") && j+1 < len(w.p.Tokens) && !w.p.Tokens[j+1].Space && w.p.Tokens[j+1].Kind == lang.Word
}

// take keeps a name that was found if it is better than the one before:
// longer, or as long and better known.
func (w *walk) take(i, end int, c gazetteer.Cursor, start, stop int, form string, inflected bool) {
	if end < w.end {
		return
	}
	n := len(w.entries)
	w.entries = c.Append(w.entries)
	weight := w.f.best(w.entries[n:])
	if end == w.end && weight <= w.weight+1 {
		w.entries = w.entries[:n]
		return
	}
	w.entries = append(w.entries[:0], w.entries[n:]...)
	if form == "" {
		form = w.p.Text[start:stop]
	}
	w.end, w.start, w.stop, w.form, w.inflected, w.weight = end, start, stop, form, inflected, weight
}

// front tries the first word without what is attached in front of it.
func (w *walk) front(i int) {
	t := &w.p.Tokens[i]
	word := w.fold(i)
	w.back(i, i, w.f.g.Start(), word, t.Start, "")
	for _, a := range w.f.t.attached {
		rest, ok := strings.CutPrefix(word, a.text)
		if !ok || utf8.RuneCountInString(rest) < 3 {
			continue
		}
		if at, ok := w.cut(t, rest); ok {
			form := ""
			if a.raw != "" {
				form = a.raw + w.p.Text[at:t.End]
			}
			w.attached(i, a.name+rest, at, form)
		}
	}
}

// attached goes on with a first word that something was taken off; form is
// what it is then, where that is not what is left.
func (w *walk) attached(i int, word string, start int, form string) {
	if form == "" {
		w.back(i, i, w.f.g.Start(), word, start, "")
		return
	}
	w.step(i, i, w.f.g.Start(), word, start, form, w.p.Tokens[i].End)
}

// cut finds where in a token its folded rest begins.
func (w *walk) cut(t *lang.Token, rest string) (int, bool) {
	text := w.p.Text[t.Start:t.End]
	n := 0
	for at := range text {
		if n++; n > 6 {
			break
		}
		if at > 0 && w.foldString(lang.Fold(text[at:])) == rest {
			return t.Start + at, true
		}
	}
	return 0, false
}

// back tries a word as it is and with its ending changed, and goes on.
func (w *walk) back(i, j int, c gazetteer.Cursor, word string, start int, form string) {
	if w.steps++; w.steps > maxSteps {
		return
	}
	t := &w.p.Tokens[j]
	w.step(i, j, c, word, start, form+w.p.Text[max(start, t.Start):t.End], t.End)
	if t.Kind != lang.Word {
		return
	}
	for _, e := range w.f.t.endings {
		stem, ok := strings.CutSuffix(word, e.text)
		if !ok || utf8.RuneCountInString(stem) < 2 {
			continue
		}
		// The form with its ending changed; case and accents of the stem stay.
		raw := w.p.Text[max(start, t.Start):t.End]
		keep := cutRunes(raw, utf8.RuneCountInString(e.text))
		name := stem + e.name
		tail := e.raw
		if t.Case == lang.Upper {
			tail = strings.ToUpper(tail)
		}
		stop := t.End
		if e.clitic {
			stop = max(start, t.Start) + len(keep)
		}
		w.step(i, j, c, name, start, form+keep+tail, stop)
	}
}

// step goes on with a word.
func (w *walk) step(i, j int, c gazetteer.Cursor, word string, start int, form string, stop int) {
	c, ok := c.Step(word, j > i && w.joined(j))
	if !ok {
		return
	}
	if c.Names() && w.mayEnd(i, j, c) {
		w.take(i, j+1, c, start, stop, form, true)
	}
	if w.follows(i, j+1) {
		next := &w.p.Tokens[j+1]
		sep := ""
		if next.Space {
			sep = " "
		}
		w.back(i, j+1, c, w.fold(j+1), start, form+sep)
	}
}

// cutRunes is s without its last n runes.
func cutRunes(s string, n int) string {
	for ; n > 0 && s != ""; n-- {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
