package read

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"dateline/lang"
)

// nameWord is a set of the groups of byline.tsv of the language packs.
type nameWord uint16

const (
	wordBy nameWord = 1 << iota
	wordOther
	wordAnd
	wordCut
	wordRole
	wordNoise
	wordNobody
	wordParticle
	wordSuffix
	wordTitle
	wordOrg
	wordInfix
	wordLogin
	wordLabel
	wordSaid
)

var nameWordGroups = map[string]nameWord{"by": wordBy, "other": wordOther, "and": wordAnd, "cut": wordCut, "role": wordRole,
	"noise": wordNoise, "nobody": wordNobody, "particle": wordParticle, "suffix": wordSuffix, "title": wordTitle, "org": wordOrg, "infix": wordInfix, "login": wordLogin, "said": wordSaid, "label": wordBy | wordLabel}

// bylineWords is byline.tsv of all packs: phrases to their groups, and those of
// the "by", "other" and "infix" groups that names follow without a space, long
// ones first.
type bylineWords struct {
	groups  map[string]nameWord
	starts  map[string]nameWord // first words of the longer phrases of by and other
	unbound []string
}

// maxPhraseWords is how many words a phrase of byline.tsv may have.
const maxPhraseWords = 5

var authorWords = sync.OnceValue(func() *bylineWords {
	w := &bylineWords{groups: map[string]nameWord{}, starts: map[string]nameWord{}}
	for _, word := range lang.Builtin().Bylines() {
		bit := nameWordGroups[word.Group]
		w.groups[word.Phrase] |= bit
		if bit&(wordBy|wordOther|wordInfix) == 0 {
			continue
		}
		first, _, _ := strings.Cut(word.Phrase, " ")
		w.starts[first] |= bit
		if r, _ := utf8.DecodeLastRuneInString(word.Phrase); unspaced(r) || r == '/' || r == '／' {
			w.unbound = append(w.unbound, word.Phrase)
		}
	}
	slices.SortFunc(w.unbound, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	w.unbound = slices.Compact(w.unbound)
	return w
})

// of returns the groups of a word or phrase as shown.
func (w *bylineWords) of(s string) nameWord {
	var buf [64]byte
	if g, ok := w.groups[string(appendLower(buf[:0], s))]; ok {
		return g
	}
	return 0
}

// labelled tells whether a text begins with a word of a byline that a colon
// follows: whatever comes, it is no sentence.
func (w *bylineWords) labelled(s string) bool {
	n := w.prefix(s, wordBy|wordOther)
	return n > 0 && strings.ContainsAny(s[:n], ":：/／")
}

// desk tells whether a text is nothing but words for an outlet's own people and
// the letters of agencies: "Redacción / EFN".
func (w *bylineWords) desk(s string) bool {
	nobody := false
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '/' || r == ',' || r == '|' || r == '·' || r == ';' }) {
		switch part = strings.TrimSpace(part); {
		case w.of(part)&wordNobody != 0:
			nobody = true
		case len(part) < 2 || len(part) > 6 || part != strings.ToUpper(part) || strings.ContainsAny(part, " 0123456789"):
			return false
		}
	}
	return nobody
}

// appendLower appends s in lower case, with typographic apostrophes plain.
func appendLower(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '’' {
			b = append(b, '\'')
		} else {
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
		i += n
	}
	return b
}

// prefix returns how many bytes of s a phrase of the groups takes up at its
// beginning, with the colon after it, 0 if there is none. The longest phrase
// wins.
func (w *bylineWords) prefix(s string, groups nameWord) int {
	if s == "" {
		return 0
	}
	for _, u := range w.unbound {
		if s[0] != u[0] {
			continue
		}
		if rest, ok := strings.CutPrefix(s, u); ok && rest != "" && w.groups[u]&groups != 0 && (w.groups[u]&wordLabel == 0 || strings.ContainsAny(rest[:min(4, len(rest))], ":：　 ●＝")) {
			return len(s) - len(strings.TrimLeft(rest, " :：　/／●＝"))
		}
	}
	var low [128]byte
	best, words := 0, 0
	b := low[:0]
	for i := 0; i < len(s) && words < maxPhraseWords && len(b) < 64; {
		j := i
		for j < len(s) && s[j] != ' ' {
			if s[j] == ':' || strings.HasPrefix(s[j:], "：") {
				break
			}
			_, n := utf8.DecodeRuneInString(s[j:])
			j += n
		}
		if words > 0 {
			b = append(b, ' ')
		}
		b = appendLower(b, s[i:j])
		words++
		if words == 1 && w.starts[string(b)]&groups == 0 {
			return 0
		}
		colon := j < len(s) && s[j] != ' '
		end := j
		for end < len(s) && (s[end] == ' ' || s[end] == ':') || strings.HasPrefix(s[end:], "：") {
			_, n := utf8.DecodeRuneInString(s[end:])
			end += n
		}
		if g := w.groups[string(b)]; g&groups != 0 && (g&wordLabel == 0 || end == len(s) || strings.ContainsAny(s[j:end], ":：")) {
			best = end
		}
		if colon {
			break
		}
		i = end
	}
	return best
}
