package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// acronyms finds those that stand in brackets behind an organization's name,
// and takes away marks on them: the mark on the name says what they are.
func (a *article) acronyms() {
	kept := a.mentions[:0]
	var last *mention
	for _, m := range a.mentions {
		if last != nil && last.s == m.s && last.acronym != "" && m.first >= last.last && m.last <= last.last+3 {
			continue
		}
		kept = append(kept, m)
		last = m
		if m.kind != dateline.KindOrganization {
			continue
		}
		s := m.s
		sen := m.sentence()
		i := m.last
		if i+2 >= sen.Last || s.words[i].shape != shapeOpen {
			continue
		}
		end := i + 1
		for end < sen.Last && end < i+5 && s.words[end].shape != shapeClose {
			end++
		}
		if end >= sen.Last || s.words[end].shape != shapeClose {
			continue
		}
		text := s.p.Text[s.p.Tokens[i+1].Start:s.p.Tokens[end-1].End]
		if isAcronym(text) || s.words[i+1].shape != shapeLower && m.words > 2 && s.short(i+1, end, m.first, m.last) {
			m.acronym = text
		}
	}
	a.mentions = kept
}

// isAcronym tells whether a text in brackets is letters for a name: "SNSC",
// "KemenKes", "TNI-AD".
func isAcronym(s string) bool {
	if len(s) > 16 || strings.Contains(s, " ") {
		return false
	}
	upper, letters := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
			letters++
		case unicode.IsLetter(r):
			letters++
		case r != '-' && r != '.' && r != '&' && r != '/' && !unicode.IsDigit(r):
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(s)
	return upper >= 2 && upper*2 >= letters && unicode.IsLetter(first)
}

// maxAlike is how many names that share a word are compared: articles that
// name more people of one name are lists.
const maxAlike = 12

// tie finds whom each mention names.
func (a *article) tie() {
	same := map[string]*referent{} // by kind and name
	byWord := map[string][]*mention{}
	id := func(k dateline.AnnotationKind, key string) string { return string(k[:1]) + key }
	// Longer names first: a part of one is looked for among them.
	full := func(m *mention) {
		k := id(m.kind, m.key)
		r := same[k]
		if r == nil {
			r = &referent{kind: m.kind, name: m.text(), words: m.words}
			same[k] = r
			if m.kind == dateline.KindPerson && m.words > 1 {
				for w := range strings.SplitSeq(m.key, " ") {
					if len(byWord[w]) < maxAlike {
						byWord[w] = append(byWord[w], m)
					}
				}
			}
		}
		m.of = r
		if m.acronym != "" && r.acronym == "" {
			r.acronym = m.acronym
		}
	}
	longest := 1
	for _, m := range a.mentions {
		if m.kind != dateline.KindPlace {
			longest = max(longest, min(m.words, 8))
		}
	}
	for n := longest; n >= 1; n-- {
		for _, m := range a.mentions {
			if m.kind == dateline.KindPlace || min(m.words, 8) != n {
				continue
			}
			if m.kind == dateline.KindPerson {
				if r := a.whole(m, byWord); r != nil {
					m.of = r
					continue
				}
			}
			full(m)
		}
	}
	// Acronyms that are written alone.
	named := map[string]*referent{}
	for _, m := range a.mentions {
		if m.kind == dateline.KindOrganization && m.of.acronym != "" {
			if k := strings.ToLower(m.of.acronym); named[k] == nil {
				named[k] = m.of
			}
		}
	}
	for _, m := range a.mentions {
		if m.kind == dateline.KindPlace || m.acronym != "" {
			continue
		}
		if r := named[strings.ToLower(m.text())]; r != nil && r != m.of {
			m.kind, m.of = dateline.KindOrganization, r
		}
	}
}

func (m *mention) text() string { return m.s.p.Slice(m.first, m.last) }

// whole is whom a mention names by a part of his name: that one of the article
// who has the part, the last one named before it where there are several.
func (a *article) whole(m *mention, byWord map[string][]*mention) *referent {
	word, _, _ := strings.Cut(m.key, " ")
	var found *referent
	for _, full := range byWord[word] {
		if full.words <= m.words || !part(full.key, m.key) {
			continue
		}
		if found == nil || full.s != m.s || full.first < m.first {
			found = full.of
		}
	}
	return found
}

// part tells whether the words of a name stand in another one's in a row, or
// are its first and its last.
func part(full, key string) bool {
	at := strings.Index(full, key)
	for at >= 0 {
		end := at + len(key)
		if (at == 0 || full[at-1] == ' ') && (end == len(full) || full[end] == ' ') {
			return true
		}
		next := strings.Index(full[at+1:], key)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	first, last, ok := strings.Cut(key, " ")
	return ok && strings.HasPrefix(full, first+" ") && strings.HasSuffix(full, " "+last)
}
