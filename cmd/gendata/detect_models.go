package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// lingua's models give P(last letter | the letters before it) for groups of
// one to five letters inside words. Multiplied out they are the exact
// frequencies of these groups in its training text, and the edges of words
// follow by subtraction: "th" at the start of a word is every "th" less
// every "?th", and the word "the" is every "the" less every "?the" less every
// "the?" plus every "?the?". So the table can mark word edges, which lingua's
// own models do not, and holds all words of up to three letters.

// grams is the frequency of each group of letters in a language.
type grams map[string]float64

// models reads the model of every language that shares its script.
func (c *scriptConf) models(lingua *archive) (map[string]grams, error) {
	folder := make(map[string]string) // tag -> folder in lingua
	for _, l := range c.lines {
		if len(l.tags) == 1 {
			continue
		}
		for _, t := range l.tags {
			folder[t] = t
			if o, ok := c.letters[t]; ok {
				folder[t] = o.from
			}
		}
	}
	zips := make(map[string][]byte)
	err := lingua.each(
		func(name string) bool {
			return strings.HasPrefix(name, "language-models/") && strings.HasSuffix(name, ".zip")
		},
		func(name string, data []byte) error { zips[name] = data; return nil })
	if err != nil {
		return nil, err
	}
	models := make(map[string]grams)
	for _, l := range c.lines {
		for _, t := range l.tags {
			if folder[t] == "" {
				continue
			}
			freq, err := readModel(zips, folder[t])
			if err != nil {
				return nil, err
			}
			if o, ok := c.letters[t]; ok {
				models[t] = relettered(freq, o.letters)
			} else {
				models[t] = withEdges(freq)
			}
			if len(models[t]) == 0 {
				return nil, fmt.Errorf("model of %s is empty", t)
			}
		}
	}
	return models, nil
}

// readModel returns the frequencies of the groups of one to five letters
// within words; the index is the length.
func readModel(zips map[string][]byte, folder string) (freq [6]grams, err error) {
	freq[0] = grams{"": 1}
	for i, name := range []string{"unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams"} {
		file := path.Join("language-models", folder, name+".pb.bin.zip")
		data, ok := zips[file]
		if !ok {
			return freq, fmt.Errorf("no file %s", file)
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return freq, fmt.Errorf("%s: %w", file, err)
		}
		if len(z.File) != 1 {
			return freq, fmt.Errorf("%s: holds %d files, want 1", file, len(z.File))
		}
		r, err := z.File[0].Open()
		if err != nil {
			return freq, fmt.Errorf("%s: %w", file, err)
		}
		msg, err := io.ReadAll(r)
		if err != nil {
			return freq, fmt.Errorf("%s: %w", file, err)
		}
		freq[i+1] = make(grams)
		err = conditional(msg, func(gram string, p float64) {
			_, n := utf8.DecodeLastRuneInString(gram)
			freq[i+1][gram] = p * freq[i][gram[:len(gram)-n]]
		})
		if err != nil {
			return freq, fmt.Errorf("%s: %w", file, err)
		}
	}
	return freq, nil
}

var errModel = errors.New("not a SerializableLanguageModel message")

// conditional reads lingua's protocol buffer: field 4 is, repeated, a set of
// a probability (1, double) and the groups that have it (2, repeated string).
func conditional(msg []byte, yield func(gram string, p float64)) error {
	for len(msg) > 0 {
		key, n := binary.Uvarint(msg)
		size, m := binary.Uvarint(msg[max(n, 0):])
		if n <= 0 || m <= 0 {
			return errModel
		}
		msg = msg[n+m:]
		switch {
		case key&7 == 0: // The language, the length, the count: known already.
			continue
		case key != 4<<3|2 || size > uint64(len(msg)):
			return errModel
		}
		set := msg[:size]
		msg = msg[size:]
		if len(set) < 9 || set[0] != 1<<3|1 {
			return errModel
		}
		p := math.Float64frombits(binary.LittleEndian.Uint64(set[1:]))
		for set = set[9:]; len(set) > 0; {
			size, n := binary.Uvarint(set[1:])
			if set[0] != 2<<3|2 || n <= 0 || uint64(len(set)-1-n) < size {
				return errModel
			}
			set = set[1+n:]
			yield(string(set[:size]), p)
			set = set[size:]
		}
	}
	return nil
}

// withEdges adds the groups that touch the edges of words and keeps those of
// two to four signs, of which the edges count.
func withEdges(freq [6]grams) grams {
	out := make(grams)
	for n := 1; n <= 4; n++ {
		starts, ends, wordsOf := maps.Clone(freq[n]), maps.Clone(freq[n]), maps.Clone(freq[n])
		for g, p := range freq[n+1] {
			starts[tail(g)] -= p
			ends[head(g)] -= p
			wordsOf[tail(g)] -= p
			wordsOf[head(g)] -= p
		}
		if n+2 < len(freq) {
			for g, p := range freq[n+2] {
				wordsOf[head(tail(g))] += p
			}
		}
		if n >= 2 {
			keep(out, freq[n], "", "")
		}
		if n <= 3 {
			keep(out, starts, string(edge), "")
			keep(out, ends, "", string(edge))
			// A word of three letters is a group of five signs, one more
			// than others have; it is kept as a word of its own.
			keep(out, wordsOf, string(edge), string(edge))
		}
	}
	return out
}

func keep(out, in grams, before, after string) {
	for g, p := range in {
		if p > floor {
			out[before+g+after] = p
		}
	}
}

func head(g string) string {
	_, n := utf8.DecodeLastRuneInString(g)
	return g[:len(g)-n]
}

func tail(g string) string {
	_, n := utf8.DecodeRuneInString(g)
	return g[n:]
}

// relettered is withEdges of the text that the frequencies describe, written
// in other letters, where one letter may become two.
func relettered(freq [6]grams, letters map[rune]string) grams {
	// What follows at each letter of the text, up to five letters or the
	// end of the word, with its frequency; and the same for the letters
	// that begin a word.
	write := func(g string) string {
		var b strings.Builder
		for _, r := range g {
			if to, ok := letters[r]; ok {
				b.WriteString(to)
			} else {
				b.WriteRune(r)
			}
		}
		return b.String()
	}
	out := make(grams)
	// add counts the groups that begin with the edge before text, if
	// initial, or with the first letter of the original, in all places
	// that its new letters give.
	add := func(text string, first int, initial bool, p float64) {
		runes := []rune(text)
		if initial {
			runes = append([]rune{edge}, runes...)
			first = 1
		}
		for i := range first {
			for n := 2; n <= 4 && i+n <= len(runes); n++ {
				out[string(runes[i:i+n])] += p
			}
			if w := runes[i:]; len(w) == 5 && w[0] == edge && w[4] == edge {
				out[string(w)] += p
			}
		}
	}
	windows := func(n int, initial bool) grams {
		at := func(n int) grams {
			m := maps.Clone(freq[n])
			if initial {
				for g, p := range freq[n+1] {
					m[tail(g)] -= p
				}
			}
			return m
		}
		m := at(n)
		// Those that go on are counted with the longer ones.
		for g, p := range at(n + 1) {
			m[head(g)] -= p
		}
		return m
	}
	count := func(m grams, after string, initial bool) {
		for _, g := range slices.Sorted(maps.Keys(m)) {
			if p := m[g]; p > 1e-9 {
				r, _ := utf8.DecodeRuneInString(g)
				add(write(g)+after, utf8.RuneCountInString(write(string(r))), initial, p)
			}
		}
	}
	for n := 1; n <= 4; n++ {
		count(windows(n, false), string(edge), false)
	}
	count(freq[5], "", false)
	for n := 1; n <= 3; n++ {
		count(windows(n, true), string(edge), true)
	}
	initial := maps.Clone(freq[4])
	for g, p := range freq[5] {
		initial[tail(g)] -= p
	}
	count(initial, "", true)
	// Frequencies are per letter, and the new text has more of them.
	var longer float64
	for _, g := range slices.Sorted(maps.Keys(freq[1])) {
		longer += freq[1][g] * float64(utf8.RuneCountInString(write(g)))
	}
	for g, p := range out {
		out[g] = p / longer
	}
	maps.DeleteFunc(out, func(_ string, p float64) bool { return p <= floor })
	return out
}
