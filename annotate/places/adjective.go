package places

import (
	"strings"

	"dateline/lang"
)

// adjective tells whether a country's name at mention i would be an adjective,
// in languages that have none of their own: "warga Palestina", "ekonomi
// Indonesia". That is so right behind a noun, which is a word in lower case, or
// the first of a sentence, that is no preposition, no verb, no generic word of
// places; and it goes on in "warga Israel dan Palestina".
func (f *finder) adjective(i int, m *mention) bool {
	p := &f.parts[m.part]
	if !f.t.adjectives || m.first == 0 || p.tok[m.first].sentence || m.start > p.Tokens[m.first].Start {
		return false
	}
	t, k := &p.Tokens[m.first-1], &p.tok[m.first-1]
	if t.Kind == lang.Sign || k.starts&roleAnd != 0 {
		if i == 0 || t.Kind == lang.Sign && !p.hyphen(m.first-1) {
			return false
		}
		o := &f.mentions[i-1]
		return o.part == m.part && o.last == m.first-1 && o.adjective
	}
	if t.Case != lang.Lower && (t.Case != lang.Capital || !k.sentence || k.block != "" || k.guess != "" || p.headline) {
		return false
	}
	const place = roleIn | roleOf | roleBefore | roleBeforePart | roleDirection | roleWithin | roleOffice | roleTitle | roleApart
	switch {
	case p.tok[m.first].ends&roleAdjective != 0:
		return true
	case m.generic || t.Kind != lang.Word || p.tok[m.first].ends&place != 0 || f.t.starters[t.Fold]:
		return false
	}
	for _, s := range f.t.apartBegin {
		if strings.HasPrefix(t.Fold, s) {
			return false
		}
	}
	for _, s := range f.t.apartEnd {
		if strings.HasSuffix(t.Fold, s) {
			return false
		}
	}
	return true
}
