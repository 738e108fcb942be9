package lang

import (
	"unicode"
	"unicode/utf8"
)

// phraseMatcher is one search of a block.
type phraseMatcher struct {
	set   *PhraseSet
	block string
	want  CategorySet
	all   bool // collect every category: do not stop at the first
	start int  // of the phrase being tried

	seen     CategorySet
	found    bool
	best     *phraseEnt
	mode     Mode
	from, to int
}

func (m *phraseMatcher) run() {
	first := m.skip(0, false)
	m.try(first)
	if bare := m.skip(first, true); bare != first {
		m.try(bare)
	}
	if !m.found || m.all {
		m.scan()
	}
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
		if at == 0 && r < 128 {
			at = t.ascii[r]
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
		if !ok {
			continue
		}
		any = true
		m.seen |= 1 << e.category
		if !m.found || mode < m.mode || mode == m.mode && end-m.start > m.to-m.from {
			m.found, m.best, m.mode, m.from, m.to = true, e, mode, m.start, end
		}
	}
	return any
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

// dated reports whether all that follows i could be a date or time: a few
// words, one of them a number, and no full stop.
func (m *phraseMatcher) dated(i int) bool {
	fold, b := m.set.fold, m.block
	if len(b)-i > maxDate {
		return false
	}
	digits, letters, words, inWord := 0, 0, 0, false
	for i < len(b) {
		r, size := utf8.DecodeRuneInString(b[i:])
		i += size
		switch f := fold.rune(r); {
		case f >= '0' && f <= '9':
			digits++
			inWord = false
		case fold.classOf(r) != 0:
			if !inWord {
				words++
			}
			letters++
			inWord = true
		case f == 0 || f == '\'':
		default:
			inWord = false
			if (f == '.' || f == '!' || f == '?') && i == len(b) && letters > 12 {
				return false
			}
		}
	}
	return digits > 0 && words <= 7
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

// onlyMarks reports whether nothing follows i but white space, marks, icons
// and a number.
func (m *phraseMatcher) onlyMarks(i int) bool {
	fold := m.set.fold
	if len(m.block)-i > maxRest {
		return false
	}
	digits := 0
	for i < len(m.block) {
		r, size := utf8.DecodeRuneInString(m.block[i:])
		i += size
		if fold.classOf(r) == 0 {
			continue
		}
		f := fold.rune(r)
		if f >= '0' && f <= '9' {
			if digits++; digits > 7 {
				return false
			}
		} else if f != 0 {
			return false
		}
	}
	return true
}

// names reports whether all that follows i looks like the names of people or
// desks: a few words with capitals, joined by the packs' joiners or by marks;
// in scripts without capitals, a few words that end in no full stop.
func (m *phraseMatcher) names(i int) bool {
	b := m.block
	if len(b)-i > maxRest {
		return false
	}
	words, capitals := 0, 0
	for i < len(b) {
		r, size := utf8.DecodeRuneInString(b[i:])
		if m.set.fold.classOf(r) == 0 {
			if (r == '.' || r == '?' || r == '!' || r == '。' || r == '؟' || r == '।' || r == '۔') && m.skip(i, true) == len(b) && !m.initial(i) {
				return false
			}
			i += size
			continue
		}
		start := i
		for i < len(b) {
			c, size := utf8.DecodeRuneInString(b[i:])
			if m.set.fold.classOf(c) == 0 && c != '\'' && c != '’' && c != '-' && c != '@' {
				break
			}
			i += size
		}
		words++
		switch {
		case unicode.IsUpper(r), unicode.IsDigit(r):
			capitals++
		case unicode.IsLower(r):
			if _, ok := m.set.joiners[b[start:i]]; !ok {
				return false
			}
		case m.set.fold.classOf(r)&classUnspaced != 0:
			if utf8.RuneCountInString(b[start:i]) > 12 {
				return false
			}
			capitals++
		default:
			if words > 6 {
				return false
			}
			capitals++
		}
		if words > 12 {
			return false
		}
	}
	return capitals > 0 && capitals*2 >= words
}

// initial reports whether the word that ends before the full stop at i is so
// short that it is an initial or "Jr".
func (m *phraseMatcher) initial(i int) bool {
	return i >= 3 && (m.block[i-2] == ' ' || m.block[i-3] == ' ' || m.block[i-2] == '.')
}

// scan looks for the phrases that may stand anywhere, at every word of the
// block's beginning.
func (m *phraseMatcher) scan() {
	t, fold, b := &m.set.inside, m.set.fold, m.block
	b = b[:min(len(b), maxInside)]
	inWord := false
	for i := 0; i < len(b); {
		var class uint8
		var r rune
		size := 1
		if c := b[i]; c < utf8.RuneSelf {
			r, class = rune(fold.to[c]), fold.class[c]
		} else {
			r, size = utf8.DecodeRuneInString(b[i:])
			class = fold.classOf(r)
			r = fold.rune(r)
			if r == 0 { // A point within a word.
				i += size
				continue
			}
		}
		if class != 0 && (!inWord || class&classUnspaced != 0) {
			var at uint32
			if r < 128 {
				at = t.ascii[r]
			} else {
				at = t.child(&t.nodes[0], r)
			}
			if at != 0 {
				m.start = i
				if m.walk(t, at, i+size) && !m.all {
					return
				}
			}
		}
		inWord = class&classWord != 0 && class&classUnspaced == 0
		i += size
	}
}
