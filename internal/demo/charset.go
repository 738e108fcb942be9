package demo

import (
	"strconv"
	"strings"
)

// cyrillic are the bytes of windows-1251 beyond the letters of the alphabet
// that the outlets' text needs, from its table at unicode.org.
var cyrillic = map[rune]byte{
	'Ё': 0xa8, 'ё': 0xb8, '«': 0xab, '»': 0xbb, '—': 0x97, '–': 0x96, '№': 0xb9, '“': 0x93, '”': 0x94, '„': 0x84, '’': 0x92, '…': 0x85,
	'\u00a0': 0xa0, '©': 0xa9, '·': 0xb7, '•': 0x95, '§': 0xa7, '°': 0xb0, '±': 0xb1,
}

// encode turns a page into its outlet's charset. What windows-1251 does not
// have becomes a character reference.
func encode(s, charset string) []byte {
	if charset != "windows-1251" {
		return []byte(s)
	}
	var b strings.Builder
	for _, r := range s {
		switch c, ok := cyrillic[r]; {
		case r < 0x80:
			b.WriteByte(byte(r))
		case r >= 'А' && r <= 'я':
			b.WriteByte(byte(r - 'А' + 0xc0))
		case ok:
			b.WriteByte(c)
		default:
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return []byte(b.String())
}
