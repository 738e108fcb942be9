package places

import (
	"unicode"
	"unicode/utf8"

	"dateline"
	"dateline/gazetteer"
	"dateline/lang"
)

// Whether a mention is a place.
//
// Each mention gets a score out of what speaks for a place and against it.
// The weights were set by hand on English and Indonesian news; they are of
// the size of logarithms of odds. A mention is a place from accept on.
const (
	accept  = 1.0
	maxLook = 10 // tokens of a run of capitals that are looked at

	everyoneKnows = 2.2 // how well a place is known that is named without more
)

// judge gives every mention its score by its own context.
func (f *finder) judge() {
	f.notePersons()
	for i := range f.mentions {
		m := &f.mentions[i]
		m.score = f.context(i, m)
		f.marked(i, m)
		m.adjective = f.adjective(i, m)
	}
	f.lists()
	f.gather()
}

// lists lets the places of a list speak for each other.
func (f *finder) lists() {
	share := func(m, o *mention) {
		if m.score > -2 && o.score > 1 {
			m.score += min(2, 0.5*(o.score-1))
		}
	}
	for i := 1; i < len(f.mentions); i++ {
		m, o := &f.mentions[i], &f.mentions[i-1]
		if m.part == o.part && f.listed(&f.parts[m.part], o.last, m.first) {
			share(m, o)
		}
	}
	for i := len(f.mentions) - 2; i >= 0; i-- {
		m, o := &f.mentions[i], &f.mentions[i+1]
		if m.part == o.part && f.listed(&f.parts[m.part], m.last, o.first) {
			share(m, o)
		}
	}
}

// gather notes at the names what their mentions tell, and the persons that
// runs of capitals name.
func (f *finder) gather() {
	for i := range f.mentions {
		m := &f.mentions[i]
		n := &f.names[m.name]
		n.count++
		n.score = max(n.score, m.score+m.inside)
		if m.hint != "" {
			n.hint = m.hint
		}
	}
}

// context scores a mention by the words around it.
func (f *finder) context(i int, m *mention) float64 {
	p := &f.parts[m.part]
	n := &f.names[m.name]
	first, last := &p.tok[m.first], &p.tok[m.last]
	t := &p.Tokens[m.first]
	words := m.last - m.first
	lone := t.Case == lang.NoCase
	score := n.known
	cue := 0.0 // what speaks for a place here
	opens := p.opens(m.first, m.last)

	if words > 1 {
		score += 0.8
	}
	if p.tok[m.first].starts&roleWeak != 0 && int(p.tok[m.first].starterLen) == words {
		score -= 3
		if last.starts&(roleLocative|rolePossessive) != 0 && last.starts&roleFollow == 0 {
			score++
		}
	}
	if words == 1 && first.starts&(roleStreet|roleOrg) != 0 {
		score -= 3
	}
	if m.inflected && words == 1 {
		if n.known < 0.5 {
			score--
		}
		if opens {
			score--
		}
	}
	if t.Case == lang.Upper && words == 1 && len(t.Fold) <= 4 && !n.initials && !m.short {
		score -= 2 // Letters that are short for something else.
	}
	if m.generic {
		cue += 4
	}
	if m.short {
		score++
		if f.parts[m.part].tok[m.first].starts&rolePostal != 0 {
			cue += 3
		}
	}
	if m.within >= 0 {
		cue += 3.5
	}
	if m.outer {
		cue += 2.5
	}
	switch {
	case first.ends&roleIn != 0:
		cue += 2.3
	case first.ends&roleOf != 0:
		cue += 0.8
	case m.start > t.Start, m.end < p.Tokens[m.last-1].End: // a preposition written together with the name
		cue++
	}
	if last.starts&roleFollow != 0 {
		cue += 1.5
	}
	if last.starts&roleLocative != 0 {
		cue += 2
	}
	if f.dateline(p, m) {
		cue += 4
	}
	if first.ends&roleAnd != 0 && i > 0 && f.mentions[i-1].part == m.part && m.first-f.mentions[i-1].last <= 2 {
		cue += 1.2
	}
	m.strong = cue >= 2

	guess := 0.0
	if k := first; k.guess != "" {
		switch k.guess {
		case dateline.KindPlace:
			if guess = 2 * k.sure; p.tok[m.first].starts&roleWeak != 0 {
				guess = 0
			}
		case dateline.KindPerson:
			score -= 4 * k.sure
		case dateline.KindOrganization:
			score -= 3 * k.sure
			m.inside += 3 * k.sure
		}
	}
	score += cue
	switch {
	case lone:
		score += guess + f.loneContext(p, m)
	case p.headline:
		if words == 1 && cue < 1 {
			score -= 1
		}
		score += guess + 0.5*f.neighbours(p, m, n)
	default:
		around := f.neighbours(p, m, n)
		if score += around; around > -5 {
			score += guess
		}
		if opens && words == 1 {
			score -= 0.5
			if len(f.t.starters) == 0 {
				score--
			}
			if cue < 1 && n.known < everyoneKnows && len(f.t.endings) > 0 && !n.at(f.t.home) {
				score -= 1.5 // Words have so many forms there that some is a place's name far away.
			}
		}
		if words == 1 {
			if _, ok := f.lower[t.Fold]; ok && t.Case == lang.Capital {
				score -= 2
			}
		}
		if f.t.nouns {
			score -= 0.4
			if n.known < 1 && words == 1 && !n.at(f.t.home) {
				score -= 0.8 // It is more likely a word of the language.
			}
		}
	}
	return score
}

// opens tells whether the tokens from first to last begin a sentence, or what
// someone says: they have a capital whatever they are.
func (p *part) opens(first, last int) bool {
	if p.tok[first].sentence {
		return true
	}
	if first == 0 || !quote(p.Tokens[first-1].Fold) || p.Tokens[first].Space {
		return false
	}
	return last >= len(p.Tokens) || !quote(p.Tokens[last].Fold) // else it is a name in quotes
}

// quote tells whether a folded token is a quotation mark.
func quote(fold string) bool { return fold == `"` || fold == "«" || fold == "»" }

// loneContext scores a mention in a script without capitals.
func (f *finder) loneContext(p *part, m *mention) float64 {
	n := utf8.RuneCountInString(p.Text[m.start:m.end])
	score := -0.8
	r, _ := utf8.DecodeRuneInString(p.Text[m.start:])
	wide := gazetteer.Unspaced(r) || unicode.Is(unicode.Hangul, r)
	switch {
	case wide && n < 2, !wide && n < 3:
		score -= 5
	case !wide && n < 4:
		score -= 0.8
	}
	k := &p.tok[m.first]
	if k.ends&roleTitle != 0 && m.start == p.Tokens[m.first].Start {
		score -= 4
	}
	if m.last == m.first+1 && k.starts&(roleOrg|roleOrgOf|roleTitle|roleOffice|roleBefore|roleIn|roleOf) != 0 {
		score -= 5 // It is a word of everyday language.
	}
	if k.ends&roleOrgOf != 0 || p.tok[m.last].starts&roleOrg != 0 {
		score -= 5
	} else if m.first > 1 && !wide {
		// The name of an organization goes on: "the university of the
		// sciences of Isfahan", in scripts that write it so.
		b := &p.tok[m.first-1]
		if b.ends&roleOrgOf != 0 && b.starts == 0 && p.Tokens[m.first-1].Kind == lang.Word && p.Tokens[m.first-1].Space && m.start == p.Tokens[m.first].Start {
			score -= 3
		}
	}
	return score
}

// dateline tells whether a mention is a dateline inside the text: "BEIRUT: ",
// "CHARLESTON, W.Va. -- ", "Kerman (Agency) - ", "Outlet, Suri - ".
func (f *finder) dateline(p *part, m *mention) bool {
	if p.In == dateline.InTitle {
		return false
	}
	begin := m.first
	for begin > 0 && begin > m.first-6 && !p.tok[begin].sentence && p.Tokens[begin-1].Case != lang.Lower {
		begin--
	}
	if !p.tok[begin].sentence {
		return false
	}
	upper := begin == m.first && p.Tokens[begin].Case == lang.Upper
	if !upper && !p.Tokens[begin].Paragraph {
		return false
	}
	for j := m.last; j < len(p.Tokens) && j < m.last+12 && !p.Tokens[j].Paragraph; j++ {
		t := &p.Tokens[j]
		switch t.Fold {
		case "-", "--":
			return (t.Space || !p.hyphen(j)) && (begin == m.first || j == m.last)
		case ":":
			return upper && j == m.last
		case "(", ")", ",", ".", "/":
			continue
		}
		if t.Kind == lang.Word && t.Case == lang.Lower && p.tok[j].block == "" {
			return false
		}
	}
	return false
}

// settle makes the scores final: a name that is a place in one mention is one
// in the others, and a place that lies among the others is likely meant.
func (f *finder) settle() {
	for i := range f.mentions {
		m := &f.mentions[i]
		n := &f.names[m.name]
		p := &f.parts[m.part]
		if n.score > m.score && n.score > 2 && m.score > -3 && m.inside < 5 {
			m.score += min(2, 0.6*(n.score-1))
		}
		if m.adjective && n.best >= 0 && n.cands[n.best].Kind == gazetteer.Country {
			m.score = -insideName
			continue
		}
		lone := p.Tokens[m.first].Case == lang.NoCase
		switch {
		case lone && m.score > -0.5:
			m.score += 1.6 * n.where
		case !lone && m.score > -2.5:
			m.score += 1.6*n.where - 0.3
		}
	}
}
