package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// add puts names, separated by "|", into the tree with a meaning.
func (t *dateTables) add(list string, w word) {
	for list != "" {
		var name string
		name, list, _ = strings.Cut(list, "|")
		name = strings.TrimSuffix(name, ".")
		node := uint32(0)
		for _, r := range name {
			if r = t.foldRune(r); r >= 0 {
				node = t.child(node, r)
			}
		}
		if node == 0 || len(name) == 1 && w.kind == wordWeekday {
			continue
		}
		r, _ := utf8.DecodeRuneInString(name)
		w.capital = unicode.IsUpper(r)
		// Two Latin letters are too little to tell a month or a day by.
		rare := len(name) < 3 || t.langs[w.lang].rare
		switch w.kind {
		case wordMonth, wordRareMonth:
			w.kind = wordMonth
			if rare {
				w.kind = wordRareMonth
			}
		case wordWeekday, wordRareWeekday:
			w.kind = wordWeekday
			if rare {
				w.kind = wordRareWeekday
			}
		}
		w.next = t.term[node]
		w.kinds = w.kind | t.words[w.next].kinds
		t.term[node] = int32(len(t.words))
		t.words = append(t.words, w)
	}
}

// foldRune is what the rune is compared as; negative for nothing.
func (t *dateTables) foldRune(r rune) rune {
	if int(r) < len(t.fold) {
		if r = rune(t.fold[r]); r == foldDrop {
			return -1
		}
	}
	return r
}

// slot is where the key's search begins.
func slot(key uint64) uint32 { return uint32(key * 0x9e3779b97f4a7c15 >> (64 - treeBits)) }

// step returns the node below node for the rune, 0 for none. The root is 0,
// which is no one's child: the slots are numbered from 1.
func (t *dateTables) step(node uint32, r rune) uint32 {
	key := uint64(node+1)<<21 | uint64(r)
	for i := slot(key); ; i = (i + 1) & (1<<treeBits - 1) {
		switch t.keys[i] {
		case key:
			return i
		case 0:
			return 0
		}
	}
}

// child is step, but makes the node where there is none.
func (t *dateTables) child(node uint32, r rune) uint32 {
	key := uint64(node+1)<<21 | uint64(r)
	for i := slot(key); ; i = (i + 1) & (1<<treeBits - 1) {
		switch t.keys[i] {
		case key:
			return i
		case 0:
			if t.nodes++; t.nodes > 1<<treeBits*3/4 {
				panic("lang: the tables of dates have outgrown their tree")
			}
			t.keys[i] = key
			return i
		}
	}
}

// maxNameLen is more than the bytes of the longest name with what is left out
// of it.
const maxNameLen = 160

// lookup finds the longest word that begins at text[i] and has a meaning of
// one of the kinds. It returns where the word ends and its first meaning; a
// full stop behind an abbreviation is not part of it. Unless loose, a word
// ends where the letters end; in scripts without spaces it may end anywhere.
func (t *dateTables) lookup(text string, i int, kinds wordKind, loose bool) (end int, first int32) {
	node := uint32(0)
	space := false
	for j := i; j < len(text); {
		r, size := rune(text[j]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[j:])
		}
		f := t.foldRune(r)
		j += size
		if f >= 0 && !(f == ' ' && space) {
			space = f == ' '
			if node = t.step(node, f); node == 0 {
				break
			}
		} else if j-i > maxNameLen {
			break // A run of signs that count for nothing.
		}
		if m := t.term[node]; m != 0 && t.has(m, kinds) && (loose || unspaced(r) || !letterAt(text, j)) {
			end, first = j, m
		}
	}
	return end, first
}

// has reports whether the chain of meanings has one of the kinds.
func (t *dateTables) has(m int32, kinds wordKind) bool {
	return t.words[m].kinds&kinds != 0
}

// find returns the first meaning in the chain that is of the kinds.
func (t *dateTables) find(m int32, kinds wordKind) *word {
	for ; t.has(m, kinds); m = t.words[m].next {
		if t.words[m].kind&kinds != 0 {
			return &t.words[m]
		}
	}
	return nil
}

// digit returns the value of a decimal digit of any script and the script's
// zero; ok is false for other runes.
func (t *dateTables) digit(r rune) (value int, zero rune, ok bool) {
	if int(r>>4) < len(t.digitPage) {
		if p := t.digitPage[r>>4]; p != 0 {
			if v := int(r&15) - int(p-1); uint(v) <= 9 {
				return v, r - rune(v), true
			}
		}
	}
	return 0, 0, false
}

// letterAt reports whether a letter or a mark stands at text[i].
func letterAt(text string, i int) bool {
	if i >= len(text) {
		return false
	}
	if c := text[i]; c < utf8.RuneSelf {
		return 'a' <= c|0x20 && c|0x20 <= 'z'
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r)
}

// letterBefore reports whether a letter or a mark ends at text[i].
func letterBefore(text string, i int) bool {
	if i <= 0 {
		return false
	}
	if c := text[i-1]; c < utf8.RuneSelf {
		return 'a' <= c|0x20 && c|0x20 <= 'z'
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r)
}

// unspaced reports whether the rune is of a script that does not separate
// words with spaces, or, as Korean, puts endings directly behind them.
func unspaced(r rune) bool {
	switch {
	case r < 0x0e00:
		return false
	case r < 0x1100: // Thai, Lao, Tibetan, Myanmar
		return true
	case r >= 0x1780 && r < 0x1800: // Khmer
		return true
	case r >= 0x3040 && r < 0xa000, r >= 0xac00 && r < 0xd7b0, r >= 0xf900 && r < 0xfb00, r >= 0x20000:
		return true
	}
	return false
}
