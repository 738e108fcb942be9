package lang

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// How words get their stems.
//
// A pack's endings.tsv lists what may be taken off a word, each with the least
// letters that must be left: "правительствами" loses "ами". The longest that
// fits goes, beginnings before endings, again and again until none fits:
// "hükümetlerinin" loses "in", "in" and "ler". A word that is reached on the way has
// the same stem, so a base form finds whatever is its suffixed form by these
// rules. Both words and rules are compared as [Fold] says.

// stemTable is an endings.tsv.
type stemTable struct {
	suffix, prefix affixes
	words          map[string]string // "men" is "man"; a word to keep is itself
	scripts        map[rune]bool     // those the rules are written in
}

// affixes is a trie of beginnings, or of endings from their last letter on.
// The first node is the root.
type affixes []affixNode

type affixNode struct {
	runes []rune
	next  []int32
	rules []affix // of what ends here, that which leaves most first
}

// affix says what becomes of a word that at least so many letters are left of.
// Where that is the affix itself the word is left as it is.
type affix struct {
	least   int
	becomes string
}

func (t *affixes) add(runes []rune, least int, becomes string) {
	if len(*t) == 0 {
		*t = affixes{{}}
	}
	at := int32(0)
	for _, r := range runes {
		to := (*t)[at].step(r)
		if to == 0 {
			to = int32(len(*t))
			*t = append(*t, affixNode{})
			(*t)[at].runes = append((*t)[at].runes, r)
			(*t)[at].next = append((*t)[at].next, to)
		}
		at = to
	}
	rules := append((*t)[at].rules, affix{least, becomes})
	slices.SortStableFunc(rules, func(a, b affix) int { return b.least - a.least })
	(*t)[at].rules = rules
}

// rule returns the one for a word that so many letters are left of.
func (n *affixNode) rule(left int) (affix, bool) {
	for _, r := range n.rules {
		if left >= r.least {
			return r, true
		}
	}
	return affix{}, false
}

// step returns the node behind a letter, 0 for none.
func (n *affixNode) step(r rune) int32 {
	for i, have := range n.runes {
		if have == r {
			return n.next[i]
		}
	}
	return 0
}

const stemRounds = 12 // No language here puts more endings on a word.

// HasStems tells whether the pack or a parent of it says how words are
// stripped.
func (p *Pack) HasStems() bool { return p.stems() != nil }

func (p *Pack) stems() *stemTable {
	for range 8 { // as in [Pack.Rows]
		if p == nil {
			break
		}
		if p.endingTable != nil {
			if len(p.endingTable.scripts) == 0 {
				return nil // An empty file turns the parent's off.
			}
			return p.endingTable
		}
		p = p.set.byTag[p.Parent]
	}
	return nil
}

// AppendStem appends the stem of a folded word to dst: the word without the
// endings and beginnings that endings.tsv lists. It appends nothing where the
// pack has none, and for words of another script than theirs. The stem of a
// stem is itself.
func (p *Pack) AppendStem(dst []byte, word string) []byte {
	t := p.stems()
	r, _ := utf8.DecodeRuneInString(word)
	if t == nil || !t.scripts[scriptBlock(r)] {
		return dst
	}
	from := len(dst)
	dst = append(dst, word...)
	for range stemRounds {
		w := dst[from:]
		if to, ok := t.words[string(w)]; ok {
			if to == string(w) {
				break
			}
			dst = append(dst[:from], to...)
			continue
		}
		left := utf8.RuneCount(w)
		if cut := t.prefix.longestPrefix(w, left); cut > 0 {
			dst = append(dst[:from], dst[from+cut:]...)
			continue
		}
		cut, becomes := t.suffix.longestSuffix(w, left)
		if cut == 0 || becomes == string(w[len(w)-cut:]) {
			break
		}
		dst = append(dst[:len(dst)-cut], becomes...)
	}
	return dst
}

// longestSuffix returns the bytes of the longest ending of a word of so many
// letters that leaves enough of it.
func (t affixes) longestSuffix(w []byte, letters int) (cut int, becomes string) {
	if len(t) == 0 {
		return 0, ""
	}
	for at, node := len(w), &t[0]; at > 0; {
		r, n := utf8.DecodeLastRune(w[:at])
		to := node.step(r)
		if to == 0 {
			break
		}
		node = &t[to]
		at -= n
		letters--
		if rule, ok := node.rule(letters); ok {
			cut, becomes = len(w)-at, rule.becomes
		}
	}
	return cut, becomes
}

// longestPrefix is the same for beginnings.
func (t affixes) longestPrefix(w []byte, letters int) (cut int) {
	if len(t) == 0 {
		return 0
	}
	for at, node := 0, &t[0]; at < len(w); {
		r, n := utf8.DecodeRune(w[at:])
		to := node.step(r)
		if to == 0 {
			break
		}
		node = &t[to]
		at += n
		letters--
		if _, ok := node.rule(letters); ok {
			cut = at
		}
	}
	return cut
}

// scriptBlock tells scripts apart well enough for words of one script.
func scriptBlock(r rune) rune {
	switch {
	case r < 0x370, r >= 0x1e00 && r <= 0x1eff:
		return 'a'
	case r < 0x400, r >= 0x1f00 && r <= 0x1fff:
		return 'α'
	case r < 0x530:
		return 'а'
	case r >= 0x590 && r < 0x600:
		return 'א'
	case r < 0x780:
		return 'ا'
	case r >= 0xac00 && r <= 0xd7a3:
		return '가'
	}
	return r &^ 0x7f // The scripts of India have 128 each.
}

// readEndings reads endings.tsv.
func readEndings(p *Pack, name, text string) error {
	t := &stemTable{words: map[string]string{}, scripts: map[rune]bool{}}
	p.endingTable = t
	return eachRow(name, text, 4, func(f []string) error {
		least, becomes := 0, ""
		if f[2] != "-" {
			becomes = Fold(f[2])
		}
		switch f[0] {
		case "suffix", "prefix":
			var err error
			if least, err = strconv.Atoi(f[1]); err != nil || least < 1 || least > 20 {
				return fmt.Errorf("%q letters left: want 1 to 20", f[1])
			}
			if f[0] == "prefix" && becomes != "" {
				return fmt.Errorf("a prefix becomes nothing, want -")
			}
		case "word":
			if f[1] != "-" {
				return fmt.Errorf("%q letters left of a word: want -", f[1])
			}
		default:
			return fmt.Errorf("unknown kind %q: want suffix, prefix or word", f[0])
		}
		for form := range strings.FieldsSeq(f[3]) {
			w := Fold(form)
			runes := []rune(w)
			if len(runes) == 0 {
				return fmt.Errorf("%q has no letter", form)
			}
			t.scripts[scriptBlock(runes[0])] = true
			switch {
			case f[0] == "word" && becomes == "":
				t.words[w] = w
			case f[0] == "word":
				t.words[w] = becomes
			case len(becomes) >= len(w) && becomes != w:
				return fmt.Errorf("%q becomes %q, which is no shorter", form, f[2])
			case f[0] == "suffix":
				slices.Reverse(runes)
				t.suffix.add(runes, least, becomes)
			default:
				t.prefix.add(runes, least, "")
			}
		}
		return nil
	})
}
