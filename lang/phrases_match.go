package lang

import (
	"strings"
	"unicode/utf8"
)

// phraseMatcher is one search of a block.
type phraseMatcher struct {
	set   *PhraseSet
	block string
	want  CategorySet
	start int // of the phrase being tried
	// quoted tells that it is what someone says: all of the block or nothing.
	quoted bool

	found    bool
	best     *phraseEnt
	mode     Mode
	from, to int
}

func (m *phraseMatcher) run() {
	first := m.skip(0, false)
	m.try(first)
	if bare := m.skip(first, true); bare != first {
		m.quoted = quoted(m.block, bare)
		m.try(bare)
	}
	if !m.found && !m.quoted {
		m.scan()
	}
}

// closing are the signs that end a quotation, by the one that begins it.
var closing = map[rune]string{'“': "”“\"", '„': "“”\"", '”': "”", '"': "\"", '«': "»", '»': "«", '‹': "›", '›': "‹", '「': "」", '『': "』", '‘': "’", '’': "’", '\'': "'"}

// quoted tells whether what begins at i stands in quotation marks.
func quoted(block string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(block[:i])
	end, ok := closing[r]
	return ok && strings.ContainsAny(block[i:], end)
}

// skip passes white space from i on and, if marks is set, bullets, icons,
// opening quotes and brackets: anything that no word begins with.
func (m *phraseMatcher) skip(i int, marks bool) int {
	fold := m.set.fold
	for n := 0; i < len(m.block) && n < 32; n++ {
		r, size := utf8.DecodeRuneInString(m.block[i:])
		if f := fold.rune(r); f != ' ' && f != 0 && (!marks || fold.classOf(r) != 0) {
			break
		}
		i += size
	}
	return i
}

// try looks for the phrases a block begins with, from i on.
func (m *phraseMatcher) try(i int) {
	m.start = i
	m.walk(&m.set.head, 0, i)
}

// walk follows the trie from a node, with the block read as far as i, and
// reports whether a phrase was accepted.
func (m *phraseMatcher) walk(t *phraseTrie, at uint32, i int) bool {
	fold := m.set.fold
	any := false
	for {
		n := &t.nodes[at]
		if n.tailEnds {
			for _, want := range t.runes[n.tail : n.tail+uint32(n.tailLen)] {
				r, j := fold.next(m.block, i)
				if r != want {
					return any
				}
				i = j
			}
			return m.accept(t.ents[n.ents:n.ents+uint32(n.numEnts)], i) || any
		}
		if n.numEnts > 0 && m.accept(t.ents[n.ents:n.ents+uint32(n.numEnts)], i) {
			any = true
		}
		if n.numKids == 0 {
			return any
		}
		for k := n.kids; k < n.kids+uint32(n.numKids) && t.labels[k] <= anyText; k++ {
			if t.labels[k] == anyNumber {
				if j := m.number(i); j > i && m.walk(t, k, j) {
					any = true
				}
				continue
			}
			for j, runes := i, 0; j < len(m.block) && runes < maxAnyText; runes++ {
				_, size := utf8.DecodeRuneInString(m.block[j:])
				j += size
				if m.walk(t, k, j) {
					any = true
					break
				}
			}
		}
		r, j := fold.next(m.block, i)
		if r == 0 {
			return any
		}
		if at == 0 {
			at = t.first(r)
		} else {
			at = t.child(n, r)
		}
		if at == 0 {
			return any
		}
		i = j
	}
}

// number returns where the number that begins at i ends: digits with grouping
// and decimal signs between them, and a sign of thousands or of more.
func (m *phraseMatcher) number(i int) int {
	fold := m.set.fold
	end := i
	for j := i; j < len(m.block) && j < i+24; {
		r, size := utf8.DecodeRuneInString(m.block[j:])
		f := fold.rune(r)
		j += size
		if f >= '0' && f <= '9' {
			end = j
		} else if end == i || f != '.' && f != ',' {
			break
		}
	}
	if end > i && end < len(m.block) {
		switch m.block[end] {
		case 'K', 'k', 'M', '+':
			if end+1 == len(m.block) || m.block[end+1] == ' ' {
				end++
			}
		}
	}
	return end
}

// accept takes those of the phrases, all with the same text and read to i,
// whose form allows what follows.
func (m *phraseMatcher) accept(ents []phraseEnt, i int) bool {
	any := false
	for k := range ents {
		e := &ents[k]
		if m.want&(1<<e.category) == 0 {
			continue
		}
		mode, end, ok := m.allows(e, i)
		if !ok || m.quoted && mode != Whole {
			continue
		}
		any = true
		if mode == Prefix {
			end = m.leads(end)
		}
		if !m.found || mode < m.mode || mode == m.mode && end-m.start > m.to-m.from {
			m.found, m.best, m.mode, m.from, m.to = true, e, mode, m.start, end
		}
	}
	return any
}

// leads passes the marks that lead on from a prefix to what follows it.
func (m *phraseMatcher) leads(end int) int {
	for i := end; i < len(m.block); {
		r, size := utf8.DecodeRuneInString(m.block[i:])
		i += size
		switch m.set.fold.rune(r) {
		case ' ', 0:
		case ':', '-', '.', '|', '>', '»', '›', '·', '•':
			end = i
		default:
			return end
		}
	}
	return end
}

// allows reports whether the phrase may end at i, as what, and where it ends
// with the colon it asks for.
func (m *phraseMatcher) allows(e *phraseEnt, i int) (Mode, int, bool) {
	if !m.bounded(i, e.form == formPrefix || e.form == formName || e.form == formDate || e.open) {
		return 0, 0, false
	}
	if e.form == formAnywhere {
		return Anywhere, i, true
	}
	if m.onlyMarks(i) {
		return Whole, i, true
	}
	switch e.form {
	case formWhole:
		if e.open && len(m.block)-i <= maxRest {
			return Whole, i, true
		}
	case formLabel:
		if r, j := m.set.fold.next(m.block, i); r == ':' {
			return Prefix, j, true
		}
	case formPrefix:
		return Prefix, i, true
	case formName:
		r, j := m.set.fold.next(m.block, i)
		if r != ':' {
			j = i
		}
		if m.names(j) {
			return Prefix, j, true
		}
	case formDate:
		r, j := m.set.fold.next(m.block, i)
		if r != ':' {
			j = i
		}
		if m.dated(j) {
			return Prefix, j, true
		}
	}
	return 0, 0, false
}

// bounded reports whether a word may end at i. Where more text is to follow it
// must not be joined on by a hyphen or apostrophe.
func (m *phraseMatcher) bounded(i int, open bool) bool {
	fold := m.set.fold
	last, _ := utf8.DecodeLastRuneInString(m.block[:i])
	if c := fold.classOf(last); c == 0 || c&classUnspaced != 0 {
		return true
	}
	for i < len(m.block) {
		r, size := utf8.DecodeRuneInString(m.block[i:])
		i += size
		f := fold.rune(r)
		if f == 0 {
			continue
		}
		if c := fold.classOf(r); c != 0 {
			return c&classUnspaced != 0
		}
		if open && (f == '-' || f == '\'') && i < len(m.block) {
			r, _ = utf8.DecodeRuneInString(m.block[i:])
			return fold.classOf(r) == 0
		}
		break
	}
	return true
}

// scan looks for the phrases that may stand anywhere, wherever a word of the
// block begins.
func (m *phraseMatcher) scan() {
	t, fold, b := &m.set.inside, m.set.fold, m.block
	b = b[:min(len(b), maxInside)]
	inWord := false
	for i := 0; i < len(b); {
		start := i
		if c := b[i]; c < utf8.RuneSelf {
			if fold.class[c] == 0 {
				inWord = false
				i++
				continue
			}
			// The first letters of a word tell most from all phrases.
			hash, n := uint32(0), 0
			for i < len(b) && b[i] < utf8.RuneSelf && fold.class[b[i]] != 0 {
				if n < headLetters {
					hash = headHash(hash, rune(fold.to[b[i]]))
					n++
				}
				i++
			}
			mixed := i < len(b) && b[i] >= utf8.RuneSelf
			first := t.root[fold.to[c]]
			if !inWord && first != 0 && (t.heads.has(hash) || mixed && n < headLetters) {
				m.start = start
				if m.walk(t, first, start+1) {
					return
				}
			}
			inWord = true
			continue
		}
		r, size := utf8.DecodeRuneInString(b[i:])
		i += size
		class := fold.classOf(r)
		if r = fold.rune(r); r == 0 {
			continue // A point within a word.
		}
		if class != 0 && (!inWord || class&classUnspaced != 0) {
			if first := t.first(r); first != 0 {
				m.start = start
				if m.walk(t, first, i) {
					return
				}
			}
		}
		inWord = class != 0 && class&classUnspaced == 0
	}
}
