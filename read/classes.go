package read

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

// classes is a set of groups of words that class, id, role and itemprop
// attributes are made of; one bit a group, in the order of groupNames.
type classes uint64

// The groups named in classes.tsv. Their order is the order of the features
// the block classifier was taught with: append, never insert.
const (
	clBody classes = 1 << iota
	clContent
	clArticle
	clHeadline
	clLead
	clByline
	clDate
	clCaption
	clMedia
	clComment
	clRelated
	clShare
	clNewsletter
	clAd
	clNav
	clHeadFoot
	clSide
	clTags
	clModal
	clPaywall
	clLegal
	clList
	clQuote
	clBox
	clHidden
	clLive
	clForm
	clWrap
	clKicker
	clBodyProp
	clSubject // article, entry, story: only with clMatter
	clMatter  // body, text, content: only with clSubject
)

const classGroups = 30

var groupNames = []string{"body", "content", "article", "headline", "lead", "byline", "date", "caption", "media",
	"comment", "related", "share", "newsletter", "ad", "nav", "headfoot", "side", "tags", "modal", "paywall", "legal",
	"list", "quote", "box", "hidden", "live", "form", "wrap", "kicker", "bodyprop", "subject", "matter"}

//go:embed classes.tsv
var classesTSV string

// classTable maps words, and beginnings of words, to their groups.
type classTable struct {
	words map[string]classes
	// prefixes stand under their first two letters, so that the many words
	// that begin like none of them cost one look.
	prefixes [26 * 26][]classPrefix
}

type classPrefix struct {
	text string
	bits classes
}

var classWords = sync.OnceValue(func() *classTable {
	t := &classTable{words: map[string]classes{}}
	group := map[string]classes{}
	for i, name := range groupNames {
		group[name] = 1 << i
	}
	for line := range strings.Lines(classesTSV) {
		name, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		bit := group[name]
		for _, w := range strings.Fields(words) {
			w = strings.ReplaceAll(w, "-", "")
			if p, ok := strings.CutSuffix(w, "*"); ok {
				k := pair(p[0], p[1])
				t.prefixes[k] = append(t.prefixes[k], classPrefix{p, bit})
				continue
			}
			t.words[w] |= bit
		}
	}
	return t
})

// pair is the place of two lower-case letters in the table, -1 for others.
func pair(a, b byte) int {
	if a < 'a' || a > 'z' || b < 'a' || b > 'z' {
		return -1
	}
	return int(a-'a')*26 + int(b-'a')
}

func (t *classTable) word(w []byte) classes {
	c := t.words[string(w)]
	if len(w) < 2 {
		return c
	}
	if k := pair(w[0], w[1]); k >= 0 {
		for _, p := range t.prefixes[k] {
			if len(w) >= len(p.text) && string(w[:len(p.text)]) == p.text {
				c |= p.bits
			}
		}
	}
	return c
}

// classesOf returns the groups of the words of a class attribute or an id.
func classesOf(attr string) classes {
	const most = 400 // bytes looked at; utility-class soup runs to thousands
	if len(attr) > most {
		attr = attr[:most]
	}
	t := classWords()
	var all classes
	var one classes // of the class at hand, for the pairs
	var word, whole [64]byte
	n, m := 0, 0
	endWord := func() {
		if n > 0 {
			one |= t.word(word[:n])
			n = 0
		}
	}
	endClass := func() {
		endWord()
		if m > 0 {
			one |= t.word(whole[:m])
			m = 0
		}
		if one&clSubject != 0 && one&clMatter != 0 {
			one |= clBody
		}
		all |= one
		one = 0
	}
	lower := false
	for i := 0; i < len(attr); i++ {
		b := attr[i]
		switch {
		case b >= 'A' && b <= 'Z':
			if lower {
				endWord()
			}
			b += 'a' - 'A'
			lower = false
		case b >= 'a' && b <= 'z':
			lower = true
		case b >= '0' && b <= '9':
			lower = true
		case b == ' ' || b == '\n' || b == '\t' || b == '\r':
			endClass()
			continue
		case b < utf8.RuneSelf:
			endWord()
			lower = false
			continue
		}
		if n < len(word) {
			word[n] = b
			n++
		}
		if m < len(whole) {
			whole[m] = b
			m++
		}
	}
	endClass()
	return all &^ (clSubject | clMatter)
}
