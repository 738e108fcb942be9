package places

import (
	"strings"
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
)

// relate links mentions that tell of each other: "Paris, Texas" and "Kerman di
// Iran" name what the first lies in.
func (f *finder) relate() {
	f.plurals()
	for i := 0; i+1 < len(f.mentions); i++ {
		a, b := i, i+1
		m, o := &f.mentions[a], &f.mentions[b]
		if m.part != o.part {
			continue
		}
		p := &f.parts[m.part]
		gap := o.first - m.last
		if gap < 0 || gap > 4 || o.first > m.last && p.tok[o.first].sentence {
			continue
		}
		kind := f.between(p, m.last, o.first)
		if kind == joinNone || kind == joinNext && f.names[o.name].known < 2 {
			continue
		}
		if kind == joinPossessive {
			a, b = b, a // "Iran's Kerman"
			m, o = o, m
		}
		key := [2]int32{m.name, o.name}
		l, ok := f.pairs[key]
		if !ok {
			l = -1
			if f.contains(m.name, o.name) {
				l = int32(len(f.links))
				f.links = append(f.links, link{inner: m.name, outer: o.name})
			}
			f.pairs[key] = l
		}
		if l >= 0 {
			m.within = b
			f.mentions[b].outer = true
			f.links[l].stated = f.links[l].stated || kind == joinComma || kind == joinWithin
		}
	}
}

// plurals lets the names of a list take the generic word behind it: "Harper
// and Kingman counties" are Harper County and Kingman County.
func (f *finder) plurals() {
	for i := 1; i < len(f.mentions); i++ {
		m := &f.mentions[i]
		p := &f.parts[m.part]
		if p.tok[m.last].starts&rolePlural == 0 {
			continue
		}
		word := p.tok[m.last].after
		for j := i; j >= 0 && j > i-20; j-- {
			o := &f.mentions[j]
			if o.part != m.part || j < i && !f.listed(p, o.last, f.mentions[j+1].first) {
				break
			}
			if form := p.Slice(o.first, o.last); !strings.HasSuffix(form, word) {
				form += " " + word
				f.entries = f.g.AppendLookup(f.entries[:0], form)
				if len(f.entries) > 0 {
					o.name = f.nameOf(form, false)
					o.generic = true
				}
			}
		}
	}
}

// listed tells whether the tokens [i, j) are what parts the names of a list.
func (f *finder) listed(p *part, i, j int) bool {
	if i >= j || j-i > 2 {
		return false
	}
	for ; i < j; i++ {
		if p.tok[i].starts&roleAnd == 0 {
			return false
		}
	}
	return true
}

type join uint8

const (
	joinNone join = iota
	joinComma
	joinWithin
	joinNext
	joinPossessive
)

// between tells how what stands in tokens [i, j) joins two names.
func (f *finder) between(p *part, i, j int) join {
	if i == j {
		return joinNext
	}
	comma, within := false, false
	for ; i < j; i++ {
		t, k := &p.Tokens[i], &p.tok[i]
		switch {
		case t.Fold == "," || t.Fold == "(":
			comma = true
		case k.starts&roleWithin != 0:
			within = true
		case k.starts&rolePossessive != 0 && i+1 == j:
			return joinPossessive
		case k.starts&(roleDirection|roleBefore|roleAfter|roleIn) != 0 || k.ends&roleBefore != 0:
			// "Springfield, in southern Ohio"
		default:
			return joinNone
		}
	}
	if comma {
		return joinComma
	}
	if within {
		return joinWithin
	}
	return joinNone
}

// judge gives every mention its score by its own context.
func (f *finder) judge() {
	f.notePersons()
	for i := range f.mentions {
		m := &f.mentions[i]
		m.score = f.context(i, m)
		f.marked(i, m)
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

// marked weighs the mark of the names annotator that a mention stands in. A
// part of a longer name is no place. A mark on just this name may be a mistake,
// if much speaks for a place.
func (f *finder) marked(i int, m *mention) {
	p := &f.parts[m.part]
	var block dateline.AnnotationKind
	longer := false
	for j := m.first; j < m.last; j++ {
		k := &p.tok[j]
		if k.block == "" {
			continue
		}
		from := int(k.from)
		if p.tok[m.first].ends&roleBefore != 0 && from == m.first-1 {
			from = m.first // "Desa Sukamaju"
		}
		if f.pair(i, from, int(k.to)) {
			continue
		}
		if block == "" || from < m.first || int(k.to) > m.last {
			block = k.block
			longer = longer || from < m.first || int(k.to) > m.last
		}
	}
	n := &f.names[m.name]
	switch {
	case block == "":
	case longer && block == dateline.KindOrganization:
		m.inside, m.score = m.inside+10, m.score-10
	case longer:
		m.score -= 10
	case p.tok[m.first].ends&roleIn != 0:
		m.score -= markedIn
	case p.tok[m.last].starts&roleFollow != 0 || m.strong || m.generic || m.within >= 0 || m.outer || n.known > 3 || m.last-m.first > 1 && n.known >= 0 ||
		i > 0 && f.mentions[i-1].part == m.part && f.mentions[i-1].score > 1 && f.listed(p, f.mentions[i-1].last, m.first):
		m.score -= markedStrong
	default:
		m.score -= markedPlain
	}
}

// pair tells whether the tokens [from, to) are two places with a hyphen
// between, of which the mention i is one: "Moskow-Teheran" is no name.
func (f *finder) pair(i, from, to int) bool {
	whole := func(a, b int) bool {
		if a < 0 || b >= len(f.mentions) {
			return false
		}
		m, o := &f.mentions[a], &f.mentions[b]
		return m.part == o.part && m.first == from && o.last == to && o.first == m.last+1 &&
			f.parts[m.part].Tokens[m.last].Fold == "-" && f.names[m.name].known > 1 && f.names[o.name].known > 1
	}
	return whole(i-1, i) || whole(i, i+1)
}

const (
	markedIn     = 0.5 // behind a preposition that persons do not have
	markedStrong = 1.5
	markedPlain  = 4.0
)

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
		if first.sentence {
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
		if first.sentence && words == 1 {
			score -= 0.5
			if len(f.t.starters) == 0 {
				score--
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

// neighbours weighs the capitals right before and behind a mention: they make
// it a part of a longer name, unless they are words that go with places.
func (f *finder) neighbours(p *part, m *mention, n *name) float64 {
	score := 0.0
	words := m.last - m.first
	names := 1.0 // what a capital tells of names
	if f.t.nouns {
		names = 0.2
	}
	run, end := int(p.tok[m.first].run), int(p.tok[m.first].runEnd)
	// An organization that has the name in it.
	for j := m.last; j < min(end, m.last+maxLook); j++ {
		if p.tok[j].starts&(roleOrg|roleStreet) != 0 {
			if p.tok[j].starts&roleOrg != 0 {
				m.inside += 6
			}
			return -6
		}
	}
	if run >= 0 && run < m.first {
		for j := max(run, m.first-maxLook); j < m.first; j++ {
			if p.tok[j].starts&roleStreet != 0 && j+1 == m.first {
				return -5
			}
		}
		k := &p.tok[m.first]
		before := &p.tok[m.first-1]
		switch {
		case k.ends&roleOrgOf != 0:
			m.inside += 6
			return -6
		case k.ends&(roleBefore|roleBeforePart|roleDirection) != 0:
		case k.ends&roleTitle != 0, f.titled(p, m):
			score -= 5
		case k.ends&roleOffice != 0:
			if n.known < 1 {
				score -= 2.5
			}
		case f.coveredBefore(p, m):
		case p.Tokens[m.first-1].Kind == lang.Sign && p.Tokens[m.first-1].Fold == "-":
			switch {
			case before.ends&rolePlace != 0:
				score += 1.5 // "Moskow-Teheran"
			case m.first > 1 && p.Tokens[m.first-2].End-p.Tokens[m.first-2].Start > 1:
				score -= 4
			case m.first > 1 && p.tok[m.first-2].capital:
				score += 1.5 // "R-Ohio"
			}
		case before.capital:
			_, lower := f.lower[p.Tokens[m.first-1].Fold]
			switch {
			case before.sentence && (lower || m.unknown):
				score -= 0.5
			case before.sentence && n.known >= 1.8:
				score -= 2
			default:
				score -= 3.5 * names
			}
		case before.run >= 0:
			m.inside += 6
			return -6 // "Bank of England"
		}
	} else if p.tok[m.first].ends&roleTitle != 0 && n.known < 3 {
		score -= 4
	} else if p.tok[m.first].ends&roleOrgOf != 0 {
		m.inside += 6
		return -6
	}
	if m.last < len(p.Tokens) {
		k := &p.tok[m.last]
		switch {
		case m.last >= end:
			if k.starts&roleSaid != 0 && n.known < 2.5 {
				score -= 1.5
			}
		case k.starts&roleAfter != 0 && m.last+1 < end:
			score -= 3.5 // "Lagos State Printers"
		case k.starts&(roleTitle|roleOffice|roleAfter|roleAfterPart|roleFollow|roleAbbr|rolePostal) != 0:
			if k.starts&roleTitle != 0 {
				score += 0.5
			}
		case p.Tokens[m.last].Kind == lang.Sign && p.Tokens[m.last].Fold == "-":
			switch {
			case m.last+1 < len(p.tok) && f.startsPlace(p, m.last+1):
				score += 1.5
			case p.tok[m.last+1].starts&roleFollow == 0:
				score--
			}
		case m.within >= 0 && f.startsPlace(p, m.last):
		case k.capital:
			if n.known >= 3 || words > 1 && p.tok[m.last-1].starts&roleAfterPart != 0 {
				score -= 1.5 * names
			} else {
				score -= 3.5 * names
			}
		default:
			score--
		}
	}
	if f.street(p, m.first) {
		return -5
	}
	// Single capitals with full stops are a person's: "J. Austin".
	if m.first > 0 && p.Tokens[m.first-1].Kind == lang.Word && utf8.RuneCountInString(p.Tokens[m.first-1].Fold) == 2 && p.Tokens[m.first-1].Fold[1] == '.' && p.tok[m.first-1].capital {
		score -= 3
	}
	if m.last-m.first == 1 {
		if _, ok := f.persons[p.Tokens[m.first].Fold]; ok {
			score -= 3.5
		}
	}
	return score
}

// street tells whether a word of streets stands before token i, with at most
// two small words between: "rue de Rome".
func (f *finder) street(p *part, i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if p.tok[j].starts&roleStreet != 0 {
			return true
		}
		if p.tok[j].starts&roleOf == 0 || p.tok[j].starts&roleIn != 0 {
			return false
		}
	}
	return false
}

// titled tells whether a word that stands before persons' names begins the run
// of capitals that the mention ends or stands before it: "Frau Hanna Bremen".
func (f *finder) titled(p *part, m *mention) bool {
	run := int(p.tok[m.first].run)
	if run < 0 || run == m.first {
		return false
	}
	for j := max(run, m.first-maxLook); j < m.first; j++ {
		if p.tok[j].ends&roleTitle != 0 {
			return true
		}
	}
	return false
}

// coveredBefore tells whether a mention ends right before m.
func (f *finder) coveredBefore(p *part, m *mention) bool { return p.tok[m.first].ends&rolePlace != 0 }

// startsPlace tells whether a mention begins at token j.
func (f *finder) startsPlace(p *part, j int) bool { return p.tok[j].starts&rolePlace != 0 }

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
	}
	return score
}

// dateline tells whether a mention is a dateline inside the text: "BEIRUT: ",
// "CHARLESTON, W.Va. -- ", "Kerman (Agency) - ".
func (f *finder) dateline(p *part, m *mention) bool {
	if p.In == dateline.InTitle || !p.tok[m.first].sentence {
		return false
	}
	upper := p.Tokens[m.first].Case == lang.Upper
	if !upper && !p.Tokens[m.first].Paragraph {
		return false
	}
	for j := m.last; j < len(p.Tokens) && j < m.last+12 && !p.Tokens[j].Paragraph; j++ {
		t := &p.Tokens[j]
		switch t.Fold {
		case "-", "--":
			return t.Space
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
