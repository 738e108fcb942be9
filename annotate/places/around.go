package places

import (
	"unicode/utf8"

	"dateline"
	"dateline/lang"
)

// neighbours weighs the capitals right before and behind a mention: they make
// it a part of a longer name, unless they are words that go with places.
func (f *finder) neighbours(p *part, m *mention, n *name) float64 {
	end := int(p.tok[m.first].runEnd)
	for j := m.last; j < min(end, m.last+maxLook); j++ {
		if p.tok[j].starts&roleOrg != 0 {
			m.inside += insideName
			return -insideName
		}
		if p.tok[j].starts&roleStreet != 0 {
			return -insideName
		}
	}
	if p.tok[m.first].ends&roleOrgOf != 0 {
		m.inside += insideName
		return -insideName
	}
	if f.street(p, m.first) {
		return -5
	}
	score := f.before(p, m, n) + f.behind(p, m, n)
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

// insideName is what being a part of an organization's name takes off.
const insideName = 6.0

// capitals is what a capital beside a name tells of names, to 1.
func (f *finder) capitals() float64 {
	if f.t.nouns {
		return 0.2
	}
	return 1
}

// before weighs what stands right before a mention.
func (f *finder) before(p *part, m *mention, n *name) float64 {
	k := &p.tok[m.first]
	if k.run < 0 || int(k.run) == m.first {
		if k.ends&roleTitle != 0 && n.known < 3 {
			return -4
		}
		return 0
	}
	before, sign := &p.tok[m.first-1], &p.Tokens[m.first-1]
	switch {
	case k.ends&(roleBefore|roleBeforePart|roleDirection|roleAdjective) != 0:
	case k.ends&roleTitle != 0, f.titled(p, m):
		return -5
	case k.ends&roleOffice != 0:
		if n.known < 1 {
			return -2.5
		}
	case k.ends&rolePlace != 0:
	case p.hyphen(m.first - 1):
		switch {
		case before.ends&rolePlace != 0:
			return 1.5 // "Moskow-Teheran"
		case m.first > 1 && p.Tokens[m.first-2].End-p.Tokens[m.first-2].Start > 1:
			return -4
		case m.first > 1 && p.tok[m.first-2].capital:
			return 1.5 // "R-Ohio"
		}
	case before.capital:
		_, lower := f.lower[sign.Fold]
		switch {
		case before.sentence && (lower || m.unknown || k.guess == dateline.KindPlace && k.sure > 0.7 && before.guess == ""):
			return -0.5 // "Penduduk Seremban"
		case before.sentence && n.known > 3 && n.country:
			return -0.8
		case before.sentence && n.known >= 1.8:
			return -2
		}
		return -3.5 * f.capitals()
	case before.run >= 0:
		m.inside += insideName
		return -insideName // "Bank of England"
	}
	return 0
}

// behind weighs what stands right behind a mention.
func (f *finder) behind(p *part, m *mention, n *name) float64 {
	if m.last == len(p.Tokens) {
		return 0
	}
	k, end := &p.tok[m.last], int(p.tok[m.first].runEnd)
	switch {
	case m.last >= end:
		if k.starts&roleSaid != 0 && n.known < 2.5 {
			return -1.5
		}
	case k.starts&roleAfter != 0 && m.last+1 < end:
		return -3.5 // "Lagos State Printers"
	case k.starts&roleTitle != 0:
		return 0.5
	case k.starts&(roleOffice|roleAfter|roleAfterPart|roleFollow|roleAbbr|rolePostal) != 0:
	case p.hyphen(m.last):
		switch next := p.tok[m.last+1].starts; {
		case next&rolePlace != 0 && !(f.t.nouns && n.initials):
			return 1.5
		case f.t.nouns && (n.country || n.initials) && p.tok[m.last+1].capital:
			return -insideName // "US-Bundesstaat", "Ukraine-Krieg"
		case next&roleFollow == 0:
			return -1
		}
	case m.within >= 0 && k.starts&rolePlace != 0:
	case k.capital:
		if n.known >= 3 || m.last-m.first > 1 && p.tok[m.last-1].starts&roleAfterPart != 0 {
			return -1.5 * f.capitals()
		}
		return -3.5 * f.capitals()
	default:
		return -1
	}
	return 0
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
