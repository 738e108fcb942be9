package lang

import (
	_ "embed"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// detectData is made by cmd/gendata, which describes its form (packDetect).
//
//go:embed detect.bin
var detectData string

const detectMagic = "dateline detect 1\n"

// detectTable is detect.bin, used where it lies: only its text and what
// Unicode says of each letter take memory of their own, about 300 KB.
type detectTable struct {
	tags    []string
	aliases map[string][]string
	priors  []int32        // by tag number, in steps of weight, 0 or less
	scripts []detectScript // index 0 is no script
	slots   string         // 6 bytes each
	size    uint32         // number of slots
	posts   string         // 2 bytes each
	// letters is, for each code point of the basic plane, the lower-case
	// form << 16 | kind << 8 | the script's index. Beyond the basic plane
	// nothing helps to tell languages apart but Han, which has enough
	// letters within it.
	letters []uint32
}

type detectScript struct {
	tags    []uint8 // numbers of its languages
	absorbs []uint8 // indexes of scripts
	weight  int32   // of one letter
}

// The kinds of code point.
const (
	kindOther  = iota // ends a word
	kindLetter        // part of words and of letter groups
	kindMark          // part of words; ends a letter group, as in the models
	kindSkip          // as if it were not there
)

var theDetectTable = sync.OnceValue(func() *detectTable {
	t, err := parseDetectTable(detectData)
	if err != nil {
		panic("lang: " + err.Error()) // The program was built with a broken file.
	}
	return t
})

func parseDetectTable(data string) (*detectTable, error) {
	bad := errors.New("detect.bin is damaged; make it again with go run ./cmd/gendata detect")
	rest, ok := strings.CutPrefix(data, detectMagic)
	if !ok || len(rest) < 12 {
		return nil, bad
	}
	textLen, slots, posts := int(le32(rest, 0)), int(le32(rest, 4)), int(le32(rest, 8))
	rest = rest[12:]
	if len(rest) != textLen+6*slots+2*posts || slots == 0 {
		return nil, bad
	}
	t := &detectTable{
		aliases: make(map[string][]string),
		scripts: make([]detectScript, 1),
		slots:   rest[textLen : textLen+6*slots],
		size:    uint32(slots),
		posts:   rest[textLen+6*slots:],
		letters: make([]uint32, 1<<16),
	}
	var names [][]string
	index := make(map[string]uint8) // script name -> index in t.scripts
	var absorbs [][]string
	for line := range strings.SplitSeq(rest[:textLen], "\n") {
		f := strings.Split(line, "\t")
		switch {
		case f[0] == "script" && len(f) == 5:
			n, err := strconv.Atoi(f[4])
			if err != nil {
				return nil, bad
			}
			s := detectScript{weight: int32(n)}
			for _, tag := range strings.Fields(f[2]) {
				s.tags = append(s.tags, uint8(len(t.tags)))
				t.tags = append(t.tags, tag)
				t.priors = append(t.priors, 0)
			}
			names = append(names, strings.Fields(f[1]))
			for _, name := range strings.Fields(f[1]) {
				index[name] = uint8(len(t.scripts))
			}
			absorbs = append(absorbs, strings.Fields(f[3]))
			t.scripts = append(t.scripts, s)
		case f[0] == "prior" && len(f) == 3:
			n, err := strconv.Atoi(f[1])
			if err != nil {
				return nil, bad
			}
			for _, tag := range strings.Fields(f[2]) {
				t.priors[slices.Index(t.tags, tag)] = int32(n)
			}
		case f[0] == "alias" && len(f) == 3:
			t.aliases[f[1]] = strings.Fields(f[2])
		case line != "":
			return nil, bad
		}
	}
	for i, list := range absorbs {
		for _, name := range list {
			t.scripts[i+1].absorbs = append(t.scripts[i+1].absorbs, index[name])
		}
	}
	t.fillLetters(names)
	return t, nil
}

// fillLetters writes t.letters out of Unicode's own tables, range by range:
// asking for each code point by itself takes ten times as long.
func (t *detectTable) fillLetters(names [][]string) {
	paint := func(table *unicode.RangeTable, do func(r uint32)) {
		for _, x := range table.R16 {
			for r := uint32(x.Lo); r <= uint32(x.Hi); r += uint32(x.Stride) {
				do(r)
			}
		}
	}
	paint(unicode.L, func(r uint32) { t.letters[r] = r<<16 | kindLetter<<8 })
	paint(unicode.M, func(r uint32) { t.letters[r] = r<<16 | kindMark<<8 })
	for i, list := range names {
		for _, name := range list {
			paint(unicode.Scripts[name], func(r uint32) {
				if t.letters[r] != 0 {
					t.letters[r] |= uint32(i + 1)
				}
			})
		}
	}
	// A letter of a script that is not in the table is no letter; a mark
	// may belong to all scripts.
	paint(unicode.L, func(r uint32) {
		if t.letters[r]&0xff == 0 {
			t.letters[r] = 0
		}
	})
	for _, x := range unicode.CaseRanges {
		for r := x.Lo; r <= x.Hi && r < 1<<16; r++ {
			if l := unicode.ToLower(rune(r)); l != rune(r) && l < 1<<16 && t.letters[r] != 0 {
				t.letters[r] = uint32(l)<<16 | t.letters[r]&0xffff
			}
		}
	}
	// Vowel signs and the stretching line of Arabic writing, and the soft
	// hyphen: the same word is written with and without them.
	for _, r := range []rune{0xad, 0x640, 0x64b, 0x64c, 0x64d, 0x64e, 0x64f, 0x650, 0x651, 0x652, 0x670} {
		t.letters[r] = kindSkip << 8
	}
}

// find returns the postings of a hash, two bytes each: tag number and weight.
func (t *detectTable) find(hash uint64) string {
	check := uint16(hash)
	for at := uint32(hash >> 32 * uint64(t.size) >> 32); ; {
		slot := t.slots[6*at : 6*at+6]
		have := uint16(slot[0]) | uint16(slot[1])<<8
		if have == check {
			where := le32(slot, 2)
			first, n := where>>8, where&0xff
			return t.posts[2*first : 2*(first+n)]
		}
		if have == 0 {
			return ""
		}
		if at++; at == t.size {
			at = 0
		}
	}
}

func le32(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// detectHash spreads a packed letter group or a word's running value over 64
// bits; the lowest 16 are never 0.
func detectHash(key uint64) uint64 {
	key ^= key >> 31
	key *= 0x9e3779b97f4a7c15
	key ^= key >> 29
	key *= 0xbf58476d1ce4e5b9
	key ^= key >> 32
	if uint16(key) == 0 {
		key++
	}
	return key
}

// rune looks one code point up: its lower-case form, kind and script.
func (t *detectTable) rune(r rune) (lower uint16, kind, script uint8) {
	if uint32(r) >= 1<<16 || r == utf8.RuneError {
		return 0, kindOther, 0
	}
	v := t.letters[r]
	return uint16(v >> 16), uint8(v >> 8), uint8(v)
}

// resolve turns tags as pages declare them into numbers of this table: the
// tag itself and all that it begins ("sr" has two), else what it stands for,
// else the same of the tag without its last part. Case does not matter.
func (t *detectTable) resolve(tags []string) []uint8 {
	var out []uint8
	for _, tag := range tags {
		for tag = strings.ReplaceAll(tag, "_", "-"); tag != ""; tag = tag[:max(strings.LastIndexByte(tag, '-'), 0)] {
			before := len(out)
			for i, have := range t.tags {
				if strings.EqualFold(have, tag) || len(have) > len(tag) && have[len(tag)] == '-' && strings.EqualFold(have[:len(tag)], tag) {
					out = append(out, uint8(i))
				}
			}
			for _, a := range t.aliases[strings.ToLower(tag)] {
				out = append(out, uint8(slices.Index(t.tags, a)))
			}
			if len(out) > before {
				break
			}
		}
	}
	return out
}
