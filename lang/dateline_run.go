package lang

import (
	"dateline"
	"strings"
	"unicode"
	"unicode/utf8"
)

// run recognises "Place, Some Outlet Sentence ...": a dateline that no sign
// ends. The name is one the page or the packs know, or, in languages whose
// pack allows it, what stands between a known place and a word that begins
// sentences.
func (f *datelineFinder) run(i int) (dateline.Dateline, int) {
	var none dateline.Dateline
	b := f.block
	comma := strings.IndexByte(b[i:min(len(b), i+maxPartRunes)], ',')
	if comma <= 0 || i+comma+2 >= len(b) || b[i+comma+1] != ' ' {
		return none, 0
	}
	place := b[i : i+comma]
	sh := shapeOf(place)
	if !sh.place || sh.caseless || sh.words > 3 || f.index.notPlaces[squeeze(f.fold, place)] {
		return none, 0
	}
	from := f.space(i + comma + 1)
	known := f.knownPlace(place)
	end := from
	key := ""
	for words := 1; words <= 4; words++ {
		next, first := f.word(end)
		if first == 0 {
			break
		}
		word := b[f.space(end):next]
		if !unicode.IsUpper(first) && words == 1 {
			break
		}
		key += squeeze(f.fold, word)
		end = next
		at := f.space(end)
		if at == end || at >= len(b) || !f.begins(at) {
			continue
		}
		d := dateline.Dateline{Text: b[i:end], Place: place, Agency: b[from:end]}
		if f.hinted(key, words) {
			return d, at
		}
		if !f.rules.has("run") || !known && !sh.capitals || !f.starts(at) {
			continue
		}
		if f.index.agencies[key] || known && words <= 3 && f.outletLike(b[from:end]) {
			return d, at
		}
	}
	return none, 0
}

// word returns where the word at i, past white space, ends and its first
// rune; 0 where no word follows.
func (f *datelineFinder) word(i int) (end int, first rune) {
	i = f.space(i)
	end = i
	for end < len(f.block) {
		r, size := utf8.DecodeRuneInString(f.block[end:])
		if f.fold.classOf(r) == 0 && r != '-' && r != '.' && r != '\'' && r != '’' {
			break
		}
		if first == 0 {
			first = r
		}
		end += size
	}
	return end, first
}

// starts reports whether a sentence begins at i with one of the pack's words
// for that, and goes on in lower case within the next words.
func (f *datelineFinder) starts(i int) bool {
	end, first := f.word(i)
	if !unicode.IsUpper(first) || !f.rules.starters[squeeze(f.fold, f.block[i:end])] {
		return false
	}
	for range 3 {
		if end, first = f.word(end); unicode.IsLower(first) {
			return true
		}
	}
	return false
}

// outletLike reports whether s could name an outlet: words with capitals, none
// of which is a place or a word that begins sentences.
func (f *datelineFinder) outletLike(s string) bool {
	if f.knownPlace(s) {
		return false
	}
	for w := range strings.FieldsSeq(s) {
		r, _ := utf8.DecodeRuneInString(w)
		key := squeeze(f.fold, w)
		if !unicode.IsUpper(r) || f.rules.starters[key] || f.index.notPlaces[key] || f.index.regions[key] || f.index.places[key] {
			return false
		}
	}
	return true
}
