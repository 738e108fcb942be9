package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// maxSteps bounds the work on one acronym.
const maxSteps = 300

// short tells whether what stands between brackets, tokens [first, last), is
// made of letters of the name in tokens [from, to): of the beginnings of its
// words ("Komnas HAM" of "Komisi Nasional Hak Asasi Manusia"), or of them and
// letters behind them ("Abert"). It begins as the name does.
func (s *sight) short(first, last, from, to int) bool {
	var letters []rune
	for i := first; i < last; i++ {
		for _, r := range s.p.Tokens[i].Fold {
			if unicode.IsLetter(r) {
				letters = append(letters, r)
			}
		}
	}
	if n := len(letters); n < 2 || n > 16 {
		return false
	}
	var words []string
	for i := from; i < to; i++ {
		if sh := s.words[i].shape; sh >= shapeLower && sh <= shapeMixed {
			words = append(words, s.p.Tokens[i].Fold)
		}
	}
	if len(words) < 2 || !strings.HasPrefix(words[0], string(letters[0])) {
		return false
	}
	steps := 0
	var match func(n, w, at, begun int) bool
	match = func(n, w, at, begun int) bool {
		if n == len(letters) {
			return begun >= 2
		}
		if steps++; steps > maxSteps {
			return false
		}
		for v := w + 1; v < len(words) && v <= w+3; v++ {
			if r, size := utf8.DecodeRuneInString(words[v]); r == letters[n] && match(n+1, v, size, begun+1) {
				return true
			}
			if len(words[v]) > 5 {
				break // Only short words are passed over.
			}
		}
		if k := strings.IndexRune(words[w][at:], letters[n]); k >= 0 {
			return match(n+1, w, at+k+utf8.RuneLen(letters[n]), begun)
		}
		return false
	}
	_, size := utf8.DecodeRuneInString(words[0])
	return match(1, 0, size, 1)
}

// expanded finds the name in front of letters in brackets where each letter
// begins one of its words, in capitals or not: "Всемирная организация
// здравоохранения (ВОЗ)". It is -1 where there is none, or nothing tells
// that it is an organization's.
func (s *sight) expanded(letters string, low, last int) int {
	i := last - 1
	organization := false
	for n := len(letters); n > 0; {
		want, size := utf8.DecodeLastRuneInString(letters[:n])
		if !unicode.IsUpper(want) {
			return -1
		}
		for i >= low && s.words[i].shape == shapeLower {
			s.lookUp(i)
			first, _ := utf8.DecodeRuneInString(s.p.Tokens[i].Fold)
			if s.words[i].class&(isOf|isJoiner|isDet|isParticle) == 0 || first == unicode.ToLower(want) {
				break
			}
			i--
		}
		if i < low || s.words[i].shape >= shapeNumber || s.words[i].shape == shapeOther {
			return -1
		}
		s.lookUp(i)
		if first, _ := utf8.DecodeRuneInString(s.p.Tokens[i].Fold); first != unicode.ToLower(want) {
			return -1
		}
		organization = organization || s.words[i].class&(isHead|isKnown|isTail|isFirm) != 0
		i--
		n -= size
	}
	if !organization || s.words[i+1].shape == shapeLower {
		return -1
	}
	return i + 1
}

// spelled finds names with words in lower case from the letters in brackets
// behind them: "Agence nationale de l'énergie (ANE)".
func (a *article) spelled() {
	n, at := len(a.mentions), 0
	for _, s := range a.sights {
		tokens := s.p.Tokens
		for i := 2; i+2 < len(tokens); i++ {
			for at < n && a.mentions[at].s == s && a.mentions[at].last <= i {
				at++
			}
			if s.words[i].shape != shapeOpen || s.words[i+2].shape != shapeClose || s.words[i-1].shape != shapeLower && !(a.t.nouns && s.words[i-1].shape == shapeCapital) || !isAcronym(s.p.Text[tokens[i+1].Start:tokens[i+1].End]) {
				continue
			}
			low := i - reach
			if at > 0 && a.mentions[at-1].s == s {
				low = max(low, a.mentions[at-1].last)
			}
			if first := s.expanded(s.p.Text[tokens[i+1].Start:tokens[i+1].End], max(low, s.p.Sentences[max(s.p.SentenceAt(tokens[i].Start), 0)].First), i); first >= 0 {
				a.take(s, first, i, dateline.KindOrganization)
				continue
			}
			want, _ := utf8.DecodeRuneInString(s.p.Text[tokens[i+1].Start:])
			for j := i - 1; j >= max(low, 0) && !tokens[j+1].Paragraph; j-- {
				w := &s.words[j]
				if w.shape >= shapeDash && w.shape != shapeDash {
					break
				}
				if w.shape == shapeCapital && w.class&isHead != 0 {
					if first, _ := utf8.DecodeRuneInString(s.p.Text[tokens[j].Start:]); first == want {
						a.take(s, j, i, dateline.KindOrganization)
					}
					break
				}
			}
		}
		for at < n && a.mentions[at].s == s {
			at++
		}
	}
	a.order(n)
	// The letters may have been marked, and the name's first word.
	kept := a.mentions[:0]
	for i, m := range a.mentions {
		if i+1 < len(a.mentions) {
			if next := a.mentions[i+1]; next.s == m.s && next.first <= m.first && next.last >= m.last && next != m {
				continue
			}
		}
		if k := len(kept); k > 0 && kept[k-1].s == m.s && kept[k-1].last > m.first {
			continue
		}
		kept = append(kept, m)
	}
	a.mentions = kept
}

// lettered finds the name that letters in brackets behind a run stand for. The
// run's mentions are out[from:].
func (a *article) lettered(s *sight, r *run, out []*mention, from int) []*mention {
	tokens := s.p.Tokens
	open := r.last
	sen := &s.p.Sentences[r.sentence]
	if open+2 >= sen.Last || s.words[open].shape != shapeOpen || s.words[open+2].shape != shapeClose || !isAcronym(s.p.Text[tokens[open+1].Start:tokens[open+1].End]) {
		return out
	}
	n := len(out)
	if n > from && out[n-1].last == open && out[n-1].kind == dateline.KindPlace && n-1 > from && out[n-2].kind == dateline.KindOrganization && out[n-2].last == out[n-1].first {
		m := out[n-2]
		m.last = open
		m.key, m.words = s.key(m.first, m.last)
		return out[:n-1]
	}
	first := s.initials(s.p.Text[tokens[open+1].Start:tokens[open+1].End], r.first, open)
	if first < 0 {
		return out
	}
	organization := s.words[first].class&(isHead|isKnown) != 0
	for _, m := range out[from:] {
		organization = organization || m.kind == dateline.KindOrganization && m.last > first
	}
	if !organization || s.words[open+1].class&isNoName != 0 {
		return out // Letters stand for other things too.
	}
	keep := from
	for keep < n && out[keep].last <= first {
		keep++
	}
	if keep == n-1 && out[keep].kind == dateline.KindOrganization && out[keep].first <= first && out[keep].last == open {
		return out // It has the name, or more.
	}
	if keep < n && out[keep].first < first {
		return out
	}
	m := &mention{s: s, entity: entity{first, open, dateline.KindOrganization, .95}}
	m.key, m.words = s.key(first, open)
	return append(slices.Clip(out[:keep]), m)
}

// initials finds where the words before token last begin whose first letters
// are those given; -1 where there are none. Words in lower case may be passed
// over.
func (s *sight) initials(letters string, low, last int) int {
	i := last - 1
	for n := len(letters); n > 0; {
		want, size := utf8.DecodeLastRuneInString(letters[:n])
		if !unicode.IsUpper(want) {
			return -1
		}
		for i >= low && s.words[i].shape == shapeLower {
			i--
		}
		if i < low || s.words[i].shape >= shapeDash {
			return -1
		}
		if first, _ := utf8.DecodeRuneInString(s.p.Text[s.p.Tokens[i].Start:]); first != want {
			return -1
		}
		i--
		n -= size
	}
	return i + 1
}

// lettersBehind gives organizations what letters in brackets tell that they
// have: "Badan Pengatur Hilir Minyak dan Gas Bumi (BPH Migas)", of which the
// model saw the beginning. Names between are parts of it.
func (a *article) lettersBehind() {
	kept := a.mentions[:0]
	var whole *mention
	for _, m := range a.mentions {
		if whole != nil && whole.s == m.s && m.first < whole.last {
			continue
		}
		kept = append(kept, m)
		whole = m
		if m.kind != dateline.KindOrganization {
			continue
		}
		s := m.s
		sen := m.sentence()
		open := m.last
		for open < sen.Last && open < m.last+8 && (s.words[open].shape <= shapeDash && s.words[open].shape != shapeOther) {
			open++
		}
		if open == m.last || open+2 >= sen.Last || s.words[open].shape != shapeOpen || s.words[open-1].shape < shapeLower || s.words[open-1].shape > shapeMixed {
			continue
		}
		end := open + 1
		for end < sen.Last && end < open+4 && s.words[end].shape != shapeClose {
			end++
		}
		if end < sen.Last && s.words[end].shape == shapeClose && s.words[open+1].shape >= shapeCapital && s.words[open+1].shape <= shapeMixed &&
			!s.short(open+1, end, m.first, m.last) && s.short(open+1, end, m.first, open) {
			m.last = open
			m.key, m.words = s.key(m.first, m.last)
		}
	}
	a.mentions = kept
}
