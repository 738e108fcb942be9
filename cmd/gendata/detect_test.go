package main

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

// frequencies counts the groups of one to five letters within words as
// lingua does, per letter of the text.
func frequencies(text string) (freq [6]grams) {
	freq[0] = grams{"": 1}
	letters := float64(utf8.RuneCountInString(strings.ReplaceAll(text, " ", "")))
	for n := 1; n <= 5; n++ {
		freq[n] = make(grams)
		for word := range strings.FieldsSeq(text) {
			r := []rune(word)
			for i := 0; i+n <= len(r); i++ {
				freq[n][string(r[i:i+n])] += 1 / letters
			}
		}
	}
	return freq
}

// counted is what withEdges should give: the groups counted in the text.
func counted(text string) grams {
	out := make(grams)
	letters := float64(utf8.RuneCountInString(strings.ReplaceAll(text, " ", "")))
	for word := range strings.FieldsSeq(text) {
		r := []rune(" " + word + " ")
		for n := 2; n <= 4; n++ {
			for i := 0; i+n <= len(r); i++ {
				out[string(r[i:i+n])] += 1 / letters
			}
		}
		if len(r) == 5 {
			out[string(r)] += 1 / letters
		}
	}
	return out
}

func compare(t *testing.T, got, want grams) {
	t.Helper()
	for g, p := range want {
		if math.Abs(got[g]-p) > 1e-9 {
			t.Errorf("%q has frequency %.6f, want %.6f", g, got[g], p)
		}
	}
	for g, p := range got {
		if want[g] == 0 {
			t.Errorf("%q has frequency %.6f, but is not in the text", g, p)
		}
	}
}

func TestWithEdges(t *testing.T) {
	const text = "the cat sat on the mat and then a hat was their other theme"
	compare(t, withEdges(frequencies(text)), counted(text))
}

func TestRelettered(t *testing.T) {
	letters := map[rune]string{'љ': "lj", 'у': "u", 'д': "d", 'и': "i", 'к': "k", 'р': "r", 'а': "a", 'з': "z", 'е': "e", 'м': "m", 'о': "o"}
	compare(t, relettered(frequencies("људи у краљу и земља о љ краља"), letters), counted("ljudi u kralju i zemlja o lj kralja"))
}

func TestConditional(t *testing.T) {
	set := append([]byte{1<<3 | 1}, binary.LittleEndian.AppendUint64(nil, math.Float64bits(0.25))...)
	set = append(set, 2<<3|2, 2, 'a', 'b', 2<<3|2, 2, 'a', 'c')
	msg := append([]byte{1 << 3, 17, 2 << 3, 2, 4<<3 | 2, byte(len(set))}, set...)
	var got []string
	if err := conditional(msg, func(g string, p float64) {
		if p == 0.25 {
			got = append(got, g)
		}
	}); err != nil || strings.Join(got, " ") != "ab ac" {
		t.Errorf("conditional gives %q, %v", got, err)
	}
	for n := 5; n < len(msg); n++ {
		if err := conditional(msg[:n], func(string, float64) {}); err == nil {
			t.Errorf("a message cut at %d is taken", n)
		}
	}
}
