package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The table of lang.Detect: how often each language uses each group of one
// to four letters, from the models of lingua-go.

const linguaModule = "github.com/pemistahl/lingua-go"

const (
	detectMagic = "dateline detect 1\n"

	// edge marks the start or end of a word within a group.
	edge = ' '

	// floor is the frequency given to a group that a language does not
	// use, as far as its model knows. Weights are ln(frequency / floor).
	floor = 2e-5

	// weightScale is how many steps of weight one unit of ln has. The
	// largest weight, of a group of frequency 0.1, is then 173 of 255.
	weightScale = 16

	// wordWeight is the weight of a word of detect_words.tsv: 10, as much as
	// a word of five letters that only one of two relatives uses.
	wordWeight = 160

	// groupsPerLanguage is how many groups the table holds on behalf of each
	// language, the best first. Measured on sentences cut to 3 to 5 words:
	// 800 find 92.3% of the languages, 2,000 92.9%, 3,000 93.2% but make
	// the table larger than 1.3 MB. More of each language is better than
	// a lower floor.
	groupsPerLanguage = 2200
)

func makeDetect(in input) ([]byte, error) {
	conf, err := readScripts(filepath.Join(in.root, "lang", "detect_scripts.tsv"))
	if err != nil {
		return nil, err
	}
	words, err := readWords(filepath.Join(in.root, "lang", "detect_words.tsv"), conf.tags)
	if err != nil {
		return nil, err
	}
	models, err := conf.models(in.packages[linguaModule])
	if err != nil {
		return nil, err
	}
	return packDetect(conf, models, words)
}

// scriptLine is one line of detect_scripts.tsv: scripts counted as one.
type scriptLine struct {
	scripts []string
	tags    []string
	absorbs []string
	weight  string
}

// letterLine says that a language's model is another's in other letters.
type letterLine struct {
	from    string
	letters map[rune]string
}

type scriptConf struct {
	lines   []scriptLine
	tags    []string // all, in order; a tag's index is its number in the table
	aliases [][2]string
	priors  [][2]string
	letters map[string]letterLine // by tag
}

func readScripts(file string) (*scriptConf, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c := &scriptConf{letters: make(map[string]letterLine)}
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		bad := func(why string) error { return fmt.Errorf("%s:%d: %s", file, i+1, why) }
		f := strings.Split(line, "\t")
		if len(f) < 3 {
			return nil, bad("want at least three columns")
		}
		switch f[0] {
		case "script":
			l := scriptLine{scripts: strings.Split(f[1], ","), tags: strings.Fields(f[2]), weight: "1"}
			if len(f) > 3 && f[3] != "" {
				l.absorbs = strings.Split(f[3], ",")
			}
			if len(f) > 4 {
				l.weight = f[4]
			}
			if n, err := strconv.Atoi(l.weight); err != nil || n < 1 || n > 9 {
				return nil, bad("want a weight from 1 to 9")
			}
			for _, s := range slices.Concat(l.scripts, l.absorbs) {
				if unicode.Scripts[s] == nil {
					return nil, bad("no script is called " + s)
				}
			}
			for _, t := range l.tags {
				if slices.Contains(c.tags, t) {
					return nil, bad(t + " is listed twice")
				}
				c.tags = append(c.tags, t)
			}
			c.lines = append(c.lines, l)
		case "alias":
			c.aliases = append(c.aliases, [2]string{f[1], f[2]})
		case "prior":
			if _, err := strconv.Atoi(f[1]); err != nil {
				return nil, bad("want a number of steps")
			}
			c.priors = append(c.priors, [2]string{f[1], f[2]})
		case "letters":
			if len(f) != 4 {
				return nil, bad("want tag, tag, letters")
			}
			l := letterLine{from: f[2], letters: make(map[rune]string)}
			for _, pair := range strings.Fields(f[3]) {
				from, to, ok := strings.Cut(pair, "=")
				r, n := utf8.DecodeRuneInString(from)
				if !ok || n != len(from) || to == "" {
					return nil, bad("want letter=letters, not " + pair)
				}
				l.letters[r] = to
			}
			c.letters[f[1]] = l
		default:
			return nil, bad("unknown line " + f[0])
		}
	}
	for _, l := range slices.Concat(c.aliases, c.priors) {
		for _, t := range strings.Fields(l[1]) {
			if !slices.Contains(c.tags, t) {
				return nil, fmt.Errorf("%s: %s has no script", file, t)
			}
		}
	}
	if len(c.tags) > 255 {
		return nil, fmt.Errorf("%s: %d languages do not fit a byte", file, len(c.tags))
	}
	return c, nil
}

// readWords reads detect_words.tsv: for each word the languages it speaks for.
func readWords(file string, tags []string) (map[string][]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	words := make(map[string][]string)
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		tag, list, ok := strings.Cut(line, "\t")
		if !ok || !slices.Contains(tags, tag) {
			return nil, fmt.Errorf("%s:%d: want a tag of detect_scripts.tsv and words", file, i+1)
		}
		for _, w := range strings.Fields(list) {
			if w != strings.ToLower(w) {
				return nil, fmt.Errorf("%s:%d: %s is not in lower case", file, i+1, w)
			}
			if slices.Contains(words[w], tag) {
				return nil, fmt.Errorf("%s:%d: %s is listed twice", file, i+1, w)
			}
			words[w] = append(words[w], tag)
		}
	}
	return words, nil
}

// chooseGrams picks the groups of one script's languages that the table
// holds: the frequent ones whose frequency is far from the mean of all. A
// chosen group is kept for every language that uses it.
func chooseGrams(tags []string, models map[string]grams) map[string]bool {
	mean := make(grams)
	for _, t := range tags {
		for g, p := range models[t] {
			mean[g] += p / float64(len(tags))
		}
	}
	chosen := make(map[string]bool)
	type ranked struct {
		gram  string
		worth float64
	}
	for _, t := range tags {
		var list []ranked
		for g, p := range models[t] {
			list = append(list, ranked{g, p * math.Abs(math.Log(p/max(mean[g], floor)))})
		}
		slices.SortFunc(list, func(a, b ranked) int {
			return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.gram, b.gram))
		})
		for _, r := range list[:min(groupsPerLanguage, len(list))] {
			chosen[r.gram] = true
		}
	}
	return chosen
}

// packDetect writes the table. It is, little-endian:
//
//	the magic line
//	uint32 size of the text; uint32 number of slots; uint32 number of postings
//	the text: lines of tab-separated "script", "prior" and "alias" much as in detect_scripts.tsv
//	slots of 6 bytes: uint16 check; uint8 number of postings; uint24 first posting
//	postings of 2 bytes: the tag's number in the text, its weight
//
// A slot is found by open addressing from the upper half of the group's hash,
// scaled to the number of slots; the check is the lowest 16 bits. No check is
// 0; an empty slot's is. A group that is not in the table passes for one that
// is in about one search of 30,000.
func packDetect(c *scriptConf, models map[string]grams, words map[string][]string) ([]byte, error) {
	type posting struct{ tag, weight byte }
	postings := make(map[uint64][]posting)
	source := make(map[uint64]string)
	put := func(hash uint64, what string, list []posting) error {
		// Two groups with one hash would need another mixing constant.
		if old, ok := source[hash]; ok && old != what {
			return fmt.Errorf("%q and %q have the same hash", old, what)
		}
		source[hash] = what
		postings[hash] = append(postings[hash], list...)
		return nil
	}
	number := func(tag string) byte { return byte(slices.Index(c.tags, tag)) }

	for _, l := range c.lines {
		if len(l.tags) == 1 {
			continue
		}
		for g := range chooseGrams(l.tags, models) {
			var list []posting
			for _, t := range l.tags {
				if p := models[t][g]; p > 0 {
					w := math.Round(weightScale * math.Log(p/floor))
					if w >= 1 {
						list = append(list, posting{number(t), byte(min(w, 255))})
					}
				}
			}
			hash := gramHash(g)
			if utf8.RuneCountInString(g) == 5 {
				hash = wordHash(strings.Trim(g, string(edge)))
				g = strings.Trim(g, string(edge)) + " (word)"
			}
			if err := put(hash, g, list); err != nil {
				return nil, err
			}
		}
	}
	for w, tags := range words {
		hash := wordHash(w)
		for _, t := range tags {
			// A short word may have a weight of its own already.
			i := slices.IndexFunc(postings[hash], func(p posting) bool { return p.tag == number(t) })
			if i >= 0 {
				p := &postings[hash][i]
				p.weight = byte(min(int(p.weight)+wordWeight, 255))
				continue
			}
			if err := put(hash, w+" (word)", []posting{{number(t), wordWeight}}); err != nil {
				return nil, err
			}
		}
	}

	var text bytes.Buffer
	for _, l := range c.lines {
		fmt.Fprintf(&text, "script\t%s\t%s\t%s\t%s\n",
			strings.Join(l.scripts, " "), strings.Join(l.tags, " "), strings.Join(l.absorbs, " "), l.weight)
	}
	for _, p := range c.priors {
		fmt.Fprintf(&text, "prior\t%s\t%s\n", p[0], p[1])
	}
	for _, a := range c.aliases {
		fmt.Fprintf(&text, "alias\t%s\t%s\n", a[0], a[1])
	}

	// Four fifths full: a search ends after three slots at most places.
	size := len(postings)*5/4 + 1
	slots := make([]uint64, size)
	var posts []byte
	for _, hash := range slices.Sorted(maps.Keys(postings)) {
		list := postings[hash]
		slices.SortFunc(list, func(a, b posting) int { return cmp.Compare(a.tag, b.tag) })
		first := len(posts) / 2
		if first >= 1<<24 {
			return nil, errors.New("too many postings for 24 bits")
		}
		for _, p := range list {
			posts = append(posts, p.tag, p.weight)
		}
		at := int(hash >> 32 * uint64(size) >> 32)
		for slots[at] != 0 {
			at = (at + 1) % size
		}
		slots[at] = uint64(first)<<24 | uint64(len(list))<<16 | hash&(1<<16-1)
	}

	out := []byte(detectMagic)
	out = binary.LittleEndian.AppendUint32(out, uint32(text.Len()))
	out = binary.LittleEndian.AppendUint32(out, uint32(size))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(posts)/2))
	out = append(out, text.Bytes()...)
	for _, s := range slots {
		var slot [8]byte
		binary.LittleEndian.PutUint64(slot[:], s)
		out = append(out, slot[:6]...)
	}
	return append(out, posts...), nil
}

// gramHash and wordHash are those of lang/detect.go, which finds nothing
// where they differ.
func gramHash(g string) uint64 {
	var key uint64
	for _, r := range g {
		key = key<<16 | uint64(uint16(r))
	}
	return mix(key)
}

func wordHash(w string) uint64 {
	key := uint64(1)
	for _, r := range w {
		key = (key ^ uint64(r)) * 0x100000001b3
	}
	return mix(key)
}

func mix(key uint64) uint64 {
	key ^= key >> 31
	key *= 0x9e3779b97f4a7c15
	key ^= key >> 29
	key *= 0xbf58476d1ce4e5b9
	key ^= key >> 32
	if key&(1<<16-1) == 0 {
		key++
	}
	return key
}
