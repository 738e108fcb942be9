package gazetteer

import (
	"unicode"
	"unicode/utf8"

	"dateline/lang"
)

// Fold returns s as names are compared: folded by lang.Fold, hyphens and other
// marks as spaces, apostrophes and full stops dropped, one space between
// words, none at the ends and none between characters of scripts that are
// written without spaces (Han, Kana, Thai, Lao, Khmer, Burmese). "St. Louis" is
// "st louis", "Sana'a" "sanaa", "Tel-Aviv" "tel aviv". Folding twice changes
// nothing.
func Fold(s string) string {
	var buf [128]byte
	return string(AppendFold(buf[:0], s))
}

// AppendFold appends Fold(s) to dst.
func AppendFold(dst []byte, s string) []byte {
	from := len(dst)
	dst = lang.AppendFold(dst, s)
	// What is kept is never longer than what it is made from, so it is
	// written over it.
	out := from
	space := false
	last := rune(0)
	for i := from; i < len(dst); {
		r, n := rune(dst[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(dst[i:])
		}
		switch foldClass(r, n) {
		case foldKeep:
			if space && out > from && !(Unspaced(last) && Unspaced(r)) {
				dst[out] = ' '
				out++
			}
			switch r {
			case 'ø': // what lang.Fold leaves of ǿ
				dst[out] = 'o'
				out++
			case 'ە': // and of ۀ
				out += utf8.EncodeRune(dst[out:], 'ه')
			default:
				out += copy(dst[out:], dst[i:i+n])
			}
			last, space = r, false
		case foldSpace:
			space = true
		}
		i += n
	}
	return dst[:out]
}

const (
	foldKeep = iota
	foldSpace
	foldDrop
)

func foldClass(r rune, size int) int {
	switch {
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		return foldKeep
	case r == '\'', r == '.', r == '"',
		r >= 0x2b9 && r <= 0x2c1, // half rings and the like, for glottal sounds
		r == utf8.RuneError && size == 1:
		return foldDrop
	case r < utf8.RuneSelf:
		return foldSpace
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r):
		return foldKeep
	}
	return foldSpace
}

// Unspaced reports whether r belongs to a script that is written without
// spaces between words.
func Unspaced(r rune) bool {
	switch {
	case r < 0xe00:
		return false
	case r < 0x1100:
		return r < 0xf00 || r >= 0x1000 && r < 0x10a0 // Thai, Lao; Burmese
	case r < 0x3005:
		return r >= 0x1780 && r < 0x1800 // Khmer
	}
	return r <= 0x3007 || r >= 0x3041 && r <= 0x30ff || r >= 0x3400 && r <= 0x9fff ||
		r >= 0xf900 && r <= 0xfaff || r >= 0x20000 && r <= 0x3ffff
}
