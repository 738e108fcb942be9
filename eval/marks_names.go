package main

import (
	"regexp"
	"slices"
	"strings"

	"dateline"
)

// The Indonesian gold marks other names than docs/formats/record.md has it. To
// tell how much of what is missed is definition, names are scored a second time
// with the gold's spans made as the record defines them:
//
//   - a person "(Ari)" is Ari, and "Bank Dana (BD)" is Bank Dana, with BD neither
//     asked for nor wrong: brackets and acronyms in them are no part of a name
//   - "Kabupaten Lor", "kota Lor" and "wilayah timur Lor" are Lor: words such as
//     "city of" are outside, and so is all in lower case in front of the name
//   - "pengadilan", a court, and bare letters for a kind of building (SPBU, TPS)
//     are no names: neither asked for nor wrong
//   - a country that the gold leaves out is not wrong. The gold has countries
//     where something happens in them, and leaves them out where they act and
//     behind an office, where it leaves out regions too; the record has all
//
// It stands beside the plain figure and takes no place of it.

var (
	areaWord   = regexp.MustCompile(`^(?:(?:Kabupaten|Kota|Provinsi|Kecamatan|Kelurahan|Desa) +|(?:\p{Ll}+ +)+)(\p{Lu}.*)$`)
	bracketed  = regexp.MustCompile(`^\((.*?)\)?$`)
	withLetter = regexp.MustCompile(`^(.*\S) *\([^()]*\)$`)
	noName     = regexp.MustCompile(`^(?:SPBU|TPS|[\p{Ll} ]+)$`)
	officeOver = regexp.MustCompile(`(?:Presiden|Perdana Menteri|Gubernur|Menteri Luar Negeri|Duta Besar|Bupati|Wali Kota) $`)
)

// asRecord is the gold's spans as the record defines them, and those that do
// not count.
func asRecord(spans []goldSpan) (asked, free []goldSpan) {
	for _, s := range spans {
		if s.Type == "LOC" {
			if m := areaWord.FindStringSubmatch(s.Text); m != nil {
				s.Start, s.Text = s.End-len(m[1]), m[1]
			} else if noName.MatchString(s.Text) {
				free = append(free, s)
				continue
			}
		}
		if m := withLetter.FindStringSubmatch(s.Text); m != nil {
			rest := s
			rest.Start = s.Start + len(m[1])
			free = append(free, rest)
			s.End, s.Text = s.Start+len(m[1]), m[1]
		} else if m := bracketed.FindStringSubmatch(s.Text); m != nil {
			if s.Type != "PER" {
				free = append(free, s)
				continue
			}
			s.Start++
			s.End, s.Text = s.Start+len(m[1]), m[1]
		}
		asked = append(asked, s)
	}
	return asked, free
}

// scoreNamesAsRecord is the second figure of the Indonesian gold.
func scoreNamesAsRecord(texts []markedText) row {
	adapted := make([]markedText, len(texts))
	for i, t := range texts {
		asked, free := asRecord(t.Spans)
		gold := *t.markGold
		gold.Spans = asked
		adapted[i] = markedText{markGold: &gold}
		for _, m := range t.marks {
			inside := func(s goldSpan) bool { return common(s.Start, s.End, m.Start, m.End) > 0 }
			if slices.ContainsFunc(asked, inside) || !slices.ContainsFunc(free, inside) && !leftOut(t, m) {
				adapted[i].marks = append(adapted[i].marks, m)
			}
		}
	}
	return row{measure: "as-record-f1", value: scoreNames(adapted)[0].value}
}

// leftOut tells whether a mark is a country, or a place behind an office.
func leftOut(t markedText, m *dateline.Annotation) bool {
	p, ok := m.Value.(*dateline.Place)
	return ok && (p.Kind == "country" || officeOver.MatchString(strings.TrimRight(t.Text[:m.Start], " ")+" "))
}

// scoreBothNames has the plain figures and the one as the record defines names.
func scoreBothNames(texts []markedText) []row {
	return append(scoreNames(texts), scoreNamesAsRecord(texts))
}
