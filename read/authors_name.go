package read

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/lang"
)

// maxName is the length in bytes beyond which a text is no name.
const maxName = 90

// nameMode is how much a text must look like names to be taken for them.
type nameMode uint8

const (
	asData  nameMode = iota // a field for names: logins and teams will do
	asLabel                 // shown where a byline is expected: single words with capitals, logins
	asProse                 // anywhere: two words or more, with capitals where the script has them
)

// maxNames is the length in bytes beyond which a text is no byline.
const maxNames = 16 << 10

// splitNames takes a byline apart into the names in it.
//
//	"By Ana Roth and Lee Oda, Staff Writers | 3 May 2024" -> "Ana Roth", "Lee Oda"
func (w *bylineWords) splitNames(dst []string, s string, mode nameMode) []string {
	begin := len(dst)
	if len(s) > maxNames {
		return dst
	}
	s = plainName(s)
	if name, ok := w.labelledName(s); ok {
		s = name
	}
	for range 3 {
		by := w.prefix(s, wordBy)
		if w.prefix(s, wordOther) > by {
			return dst
		}
		if by == 0 {
			break
		}
		s = strings.TrimLeft(s[by:], nameMarks)
	}
	soft := false
	for s != "" && len(dst) < maxAuthors {
		part, comma, rest := w.cutName(s)
		if mode != asData && len(dst) > begin && (strings.HasPrefix(s, "— ") || strings.HasPrefix(s, "– ")) {
			break // where it was written
		}
		s = rest
		afterComma := soft
		soft = comma
		part = strings.TrimLeft(part, nameMarks)
		if n := w.prefix(part, wordBy); n > 0 && n < len(part) {
			part = part[n:]
		} else if len(dst) > begin && w.prefix(part, wordOther) > 0 {
			break
		}
		name := w.cleanName(part, mode)
		if who, ok := w.afterOffice(name); ok {
			// What stands before the reporter may be the outlet.
			dst = append(dst[:begin], slices.DeleteFunc(dst[begin:], func(s string) bool { return w.ends(s, wordOrg) })...)
			name = who
		}
		if name == "" {
			continue
		}
		// After a comma an office or a degree may come instead of a name.
		like := mode
		if (afterComma || mode != asData) && len(dst) > begin && strings.IndexByte(dst[begin], ' ') > 0 {
			like = asProse
		}
		if !w.nameLike(name, like) {
			if len(dst) == begin && mode == asProse {
				return dst // what begins with no name is a sentence or a label
			}
			continue
		}
		dst = appendName(dst, name)
	}
	return dst
}

// afterOffice returns the name of two to four signs that follows its office
// without a space.
func (w *bylineWords) afterOffice(s string) (string, bool) {
	const most = 4 // signs of an office
	n := 0
	for i := range s {
		if n > 0 && w.of(s[:i])&wordRole != 0 {
			r, _ := utf8.DecodeRuneInString(s[i:])
			k := utf8.RuneCountInString(s[i:])
			return s[i:], unspaced(r) && k >= 2 && k <= 4
		}
		if n++; n > most {
			break
		}
	}
	return "", false
}

// labelledName returns what stands behind a word for authors in a text that is
// several fields, each with its label and a colon. In scripts without spaces
// any word may be the label, and a text that begins with another one and has no
// field of authors has no name; elsewhere a label stands at the beginning or
// behind a bar, for its words may be several.
//
//	来源：城北晚报 作者：罗雨桐 责任编辑：郑凯 -> 罗雨桐
func (w *bylineWords) labelledName(s string) (name string, ok bool) {
	fields, by, end := 0, -1, len(s)
	wideBy, wideFirst := false, false
	for i := 0; i < len(s); {
		j := i + strings.IndexAny(s[i:], " \n")
		if j < i {
			j = len(s)
		}
		k := strings.IndexAny(s[i:j], ":：")
		label := s[i : i+max(k, 0)]
		last, _ := utf8.DecodeLastRuneInString(label)
		if k > 0 && !strings.HasPrefix(s[i+k:], "://") && !unicode.IsDigit(last) { // a clock has colons too
			_, n := utf8.DecodeRuneInString(s[i+k:])
			wide := unspaced(last)
			if fields++; fields == 1 && i == 0 {
				wideFirst = wide
			}
			before := strings.TrimRight(s[:i], " ")
			switch {
			case by >= 0:
				end = min(end, i)
			case w.of(label)&wordBy == 0 || w.of(label)&wordOther != 0:
			case wide || before == "" || strings.HasSuffix(before, "|") || i > 0 && s[i-1] == '\n':
				by, wideBy = i+k+n, wide
			}
		}
		i = j + 1
	}
	switch {
	case fields < 2 || by < 0:
		return "", fields >= 2 && wideFirst
	case wideBy:
		return strings.TrimSpace(s[by:end]), true
	}
	name = s[by:]
	if k := strings.IndexAny(name, "|\n"); k >= 0 {
		name = name[:k]
	}
	return strings.TrimSpace(name), true
}

// nameMarks are the marks that stand before names.
const nameMarks = " -–—|•·:,.©●/\t\n"

// plainName takes out what is not seen, and the marks before a byline.
func plainName(s string) string {
	if strings.Contains(s, "\u00ad") || strings.Contains(s, "\u200b") {
		s = strings.NewReplacer("\u00ad", "", "\u200b", "").Replace(s)
	}
	s = strings.TrimLeft(s, nameMarks)
	if len(s) > 2 && s[0] == '[' && s[len(s)-1] == ']' {
		s = s[1 : len(s)-1]
	} else if in, ok := strings.CutPrefix(s, "【"); ok {
		if in, ok = strings.CutSuffix(in, "】"); ok {
			s = in
		}
	}
	return s
}

// appendName appends a name that dst does not have.
func appendName(dst []string, name string) []string {
	for _, have := range dst {
		if strings.EqualFold(have, name) {
			return dst
		}
	}
	return append(dst, name)
}

// cutName cuts s at the first mark or word that parts names. soft says that it
// was a comma, after which rather an office than another name may come.
func (w *bylineWords) cutName(s string) (part string, soft bool, rest string) {
	depth := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '(', '[', '（':
			depth++
		case ')', ']', '）':
			depth--
		case '|', ';', '•', '·', '\n', '／', '、', '，', '،', '│', '╱', '∙', '●', '»', '›', '>', '…', '；':
			if depth <= 0 {
				return s[:i], false, s[i+n:]
			}
		case '/':
			if depth <= 0 && !strings.Contains(s[max(0, i-6):i], ":") {
				return s[:i], false, s[i+n:]
			}
		case ',':
			if depth <= 0 {
				return s[:i], true, s[i+n:]
			}
		case '&', '+':
			if depth <= 0 && i > 0 && s[i-1] == ' ' {
				return s[:i], false, s[i+n:]
			}
		case ' ':
			if depth > 0 {
				break
			}
			j := strings.IndexByte(s[i+1:], ' ')
			if j <= 0 {
				break
			}
			word := s[i+1 : i+1+j]
			switch word {
			case "—", "–":
				return s[:i], false, s[i+1:]
			case "-", "//", "~", "*":
				return s[:i], false, s[i+1+j:]
			}
			joins, inside := w.groups[word], wordParticle
			switch n := utf8.RuneCountInString(word); {
			case joins != 0 || n == 1: // one letter is an initial
			case n > 2:
				joins = w.of(word)
			case strings.ToUpper(word) == word:
				joins, inside = w.of(word), wordAnd
			}
			if joins&wordAnd != 0 && (joins&inside == 0 || severalWords(s[:i]) && severalWords(s[i+1+j+1:])) {
				return s[:i], false, s[i+1+j+1:]
			}
		}
		i += n
	}
	return s, false, ""
}

// severalWords is what must stand on each side of a word that joins names and
// stands inside them too ("y", "i"), or may be a name in capitals ("EN").
func severalWords(s string) bool { return strings.IndexByte(strings.TrimSpace(s), ' ') > 0 }

// cleanName takes from a name what stands around it: marks, brackets,
// addresses, offices before and behind it, where it was written from.
func (w *bylineWords) cleanName(s string, mode nameMode) string {
	if i := strings.IndexAny(s, "([（<{"); i > 0 {
		s = s[:i]
	} else if i == 0 {
		s = s[1:]
	}
	if t := strings.TrimRight(s, " \u00a0"); strings.HasSuffix(t, ":") {
		s = t[:max(0, strings.LastIndexByte(t, ' '))] // a label, of what came next
	}
	s = trimName(s)
	if s == "" || len(s) > 400 {
		return ""
	}
	words := strings.Fields(s)
	for i, word := range words {
		if i > 0 && (strings.IndexByte(word, '@') >= 0 || strings.HasPrefix(word, "http") || strings.HasPrefix(word, "www.")) {
			words = words[:i]
			break
		}
		if i > 0 && len(words[i-1]) > 5 && strings.HasSuffix(words[i-1], ".") {
			words = words[:i] // the name's sentence ends
			break
		}
		if i > 0 && word[len(word)-1] == ':' {
			words = words[:i] // a label follows
			break
		}
		if i > 0 && w.other(words[i:]) {
			words = words[:i]
			break
		}
		if i > 0 && word[0] >= '0' && word[0] <= '9' {
			words = words[:i]
			break
		}
		if i > 0 && w.groups[word]&wordCut != 0 && w.groups[word]&wordParticle == 0 {
			words = words[:i]
			break
		}
	}
	if mode != asData {
		words = w.withoutOffices(words)
		for len(words) > 2 && w.groups[words[len(words)-1]]&wordParticle != 0 {
			words = words[:len(words)-1]
		}
	}
	return trimName(strings.Join(words, " "))
}

// withoutOffices drops the offices before and behind a name, unless it is that
// of a desk or team.
func (w *bylineWords) withoutOffices(words []string) []string {
	first := 0
	for first < len(words)-2 && w.of(words[first])&wordRole != 0 {
		first++
	}
	for _, word := range words[first:] {
		if w.of(word)&wordOrg != 0 {
			return words
		}
	}
	words = words[first:]
	for len(words) > 2 && !initial(words[len(words)-1]) && w.of(words[len(words)-1])&(wordRole|wordNoise) != 0 {
		words = words[:len(words)-1]
	}
	if len(words) == 2 && w.of(words[0])&wordRole != 0 {
		if r, _ := utf8.DecodeRuneInString(words[1]); unspaced(r) {
			words = words[1:]
		}
	}
	if len(words) == 2 && w.of(words[1])&wordRole != 0 {
		if r, _ := utf8.DecodeRuneInString(words[1]); !unicode.IsUpper(r) && !unicode.IsLower(r) {
			words = words[:1]
		}
	}
	return words
}

// initial tells whether a word is one capital, as the last of a name can be.
func initial(word string) bool { return len(word) == 1 && word[0] >= 'A' && word[0] < 'X' }

// other tells whether words go on with who did something else for the article.
func (w *bylineWords) other(words []string) bool {
	var buf [64]byte
	first := appendLower(buf[:0], strings.TrimRight(words[0], ":"))
	if w.starts[string(first)]&wordOther == 0 {
		return false
	}
	return w.prefix(strings.Join(words[:min(len(words), 3)], " "), wordOther) > 0
}

// trimName trims what is no part of a name. A full stop stays after an initial
// or an abbreviation.
func trimName(s string) string {
	s = strings.Trim(s, " \t\n,:;|/-–—•·*\"“”„«»‹›~_^=>]）)\u200b\ufeff\u200e\u200f")
	if strings.HasSuffix(s, ".") {
		word := s[strings.LastIndexByte(s, ' ')+1:]
		if len(word) > 4 || strings.IndexByte(s, ' ') < 0 {
			s = strings.TrimRight(s, ".")
		}
	}
	return s
}

// notNames are the categories of phrases that stand where names could.
const notNames = lang.AllCategories &^ (1<<lang.Byline | 1<<lang.SourceNote | 1<<lang.PhotoCredit)

// nameLike tells whether a text can be a name.
func (w *bylineWords) nameLike(s string, mode nameMode) bool {
	if s == "" || len(s) > maxName || strings.IndexByte(s, '@') >= 0 || strings.Contains(s, "://") || strings.Contains(s, "www.") {
		return false
	}
	if mode != asData {
		if m, ok := lang.Phrases().MatchOf(s, notNames); ok && m.Mode == lang.Whole {
			return false
		}
	}
	g := w.of(s)
	if g&wordNoise != 0 || g&(wordBy|wordOther|wordTitle|wordCut|wordAnd|wordSuffix) != 0 {
		return false
	}
	office := false // the last word is one
	words, capital, lower, roles, digits, inner, wide, letters := 0, 0, 0, 0, 0, 0, 0, 0
	for word := range strings.FieldsSeq(s) {
		words++
		r, _ := utf8.DecodeRuneInString(word)
		switch {
		case unicode.IsUpper(r) || unicode.IsTitle(r):
			capital++
		case unicode.IsLower(r):
			if w.of(word)&wordParticle == 0 && !innerCapital(word) {
				lower++
			}
		case unicode.IsDigit(r):
			digits++
		}
		for _, r := range word {
			if unspaced(r) || r >= 0xAC00 && r < 0xD7B0 {
				wide++
			}
			if unicode.IsLetter(r) {
				letters++
			} else if r >= '0' && r <= '9' {
				inner++
			}
			switch r {
			case '?', '!', '=', '＝', '{', '}', '%', '#', '€', '$', '"', '…', ':', '+', '<', '→':
				return false
			}
		}
		office = false
		switch g := w.of(word); {
		case g&wordRole != 0:
			roles++
			office = g&wordOrg == 0
		case mode == asProse && g&(wordNoise|wordCut) != 0 && g&wordParticle == 0:
			return false
		}
	}
	switch {
	case letters == 0 || words == 0 || words > 7:
		return false
	case roles == words && (mode == asProse || g&wordNobody != 0 && mode == asData):
		return false
	case mode == asData:
		return words <= 2 || lower <= 1
	case digits > 0 || inner > 0 && (words > 1 || inner == letters || wide > 0):
		return false
	case wide > 0 && wide*2 > letters:
		return wide <= 24 && !w.ends(s, wordNoise)
	case mode == asLabel:
		return lower == 0 || words == 1
	case lower > 0 || office || g&wordNobody != 0:
		return false
	case capital == 0: // a script without capitals
		return words >= 2 && words <= 4
	}
	return words >= 2 && words <= 6
}

// ends tells whether a text written without spaces ends in a word of a group.
func (w *bylineWords) ends(s string, group nameWord) bool {
	for i := range s {
		if i > 0 && w.of(s[i:])&group != 0 {
			return true
		}
	}
	return false
}

// innerCapital tells whether a word has a capital behind its first letter, as
// "d'Arc" and "al-Amin" have.
func innerCapital(s string) bool {
	for i, r := range s {
		if i > 0 && unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

// nameKey is what two spellings of a name have in common: its letters in lower
// case.
func nameKey(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return string(b)
}
