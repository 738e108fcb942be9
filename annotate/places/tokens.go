package places

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
	"dateline/gazetteer"
	"dateline/lang"
)

// tokens notes what the tables and earlier marks say of a part's tokens.
func (f *finder) tokens(p *part) {
	for _, s := range p.Sentences {
		p.tok[s.First].sentence = true
	}
	words, capitals := 0, 0
	for i := range p.Tokens {
		t, k := &p.Tokens[i], &p.tok[i]
		k.run = -1
		if t.Kind == lang.Word {
			words++
			switch t.Case {
			case lang.Lower:
				f.lower[t.Fold] = struct{}{}
			case lang.NoCase:
				words--
			default:
				k.capital = true
				capitals++
			}
		}
		f.t.cues.All(p.Tokens, i, func(values []cue, n int) bool {
			to := &p.tok[i+n]
			k.starterLen = max(k.starterLen, uint8(n))
			for _, c := range values {
				switch c.role {
				case roleAbbr, rolePostal:
					if n >= int(k.abbrLen) && f.abbreviated(p, i, n, c) {
						k.abbr, k.abbrLen = c.name, uint8(n)
						k.starts |= c.role
					}
					continue
				case roleBefore:
					to.before = c.kind
				case roleBeforePart, roleAfterPart, roleStreet, roleOrgOf:
					if isUpper(c.form) && t.Case == lang.Lower {
						continue // "island of" belongs to no name in a language that writes "Isle of Wight".
					}
				}
				switch c.role {
				case roleBeforePart:
					if to.ends&roleBeforePart == 0 || to.partStart > int32(i) {
						to.partStart = int32(i)
						to.before = c.kind
					}
				case roleAfter, roleAfterPart:
					k.after = c.kind
				case rolePlural:
					k.after = c.name
				case rolePeople | roleNot:
					if !isUpper(c.form) && t.Case != lang.NoCase {
						// In lower case it only speaks for the country: "argentina",
						// but not "Argentina".
						if t.Case == lang.Lower || k.sentence {
							f.people(c.name)
						}
						continue
					}
					f.people(c.name)
				}
				k.starts |= c.role
				to.ends |= c.role
			}
			return true
		})
	}
	p.headline = words >= 4 && capitals*10 >= words*6 && len(p.Tokens) < 40 && !p.stopped()
	for _, m := range f.d.Marks {
		if m.In == p.In {
			switch m.Kind {
			case dateline.KindDate, dateline.KindPerson, dateline.KindOrganization:
				from := p.TokenAt(m.Start)
				to := from
				for to < len(p.Tokens) && p.Tokens[to].Start < m.End {
					to++
				}
				for i := from; i < to; i++ {
					p.tok[i].block, p.tok[i].from, p.tok[i].to = m.Kind, int32(from), int32(to)
				}
			}
		}
	}
	for _, m := range f.d.Mentions {
		if m.Part == p.Part {
			for i := p.TokenAt(m.Start); i < len(p.Tokens) && p.Tokens[i].Start < m.End; i++ {
				if m.Score > p.tok[i].sure {
					p.tok[i].guess, p.tok[i].sure = m.Kind, m.Score
				}
			}
		}
	}
	f.runs(p)
}

// people notes that a people was named, which speaks for its country.
func (f *finder) people(code string) {
	id, ok := f.g.Country(code)
	if !ok {
		return
	}
	f.entries = append(f.entries[:0], gazetteer.Entry{ID: id})
	n := &f.names[f.nameOf(code+" people", false)]
	n.score = max(n.score, 2)
	n.count++
}

// stopped tells whether the text ends with a mark, as headlines do not.
func (p *part) stopped() bool {
	n := len(p.Tokens)
	return n > 0 && p.Tokens[n-1].Kind == lang.Sign && p.In != dateline.InTitle
}

// abbreviated tells whether tokens are written as the abbreviation is.
func (f *finder) abbreviated(p *part, i, n int, c cue) bool {
	s := p.Slice(i, i+n)
	return s == c.form || len(s) > 3 && strings.EqualFold(s, c.form) && p.Tokens[i].Case == lang.Upper
}

// runs finds the runs of words with capitals, which names are in.
func (f *finder) runs(p *part) {
	n := len(p.Tokens)
	for i := 0; i < n; {
		if !p.tok[i].capital || p.tok[i].block == dateline.KindDate || f.starter(p, i) {
			i++
			continue
		}
		end := i + 1
		for end < n {
			j := end
			// Hyphens, and small words between capitals.
			switch t := &p.Tokens[j]; {
			case p.tok[j].sentence:
				j = n
			case t.Kind == lang.Sign && !t.Space && (p.hyphen(j) || t.Fold == "&"):
				j++
			case t.Kind == lang.Word && t.Case == lang.Lower && len(t.Fold) <= 3 && f.particle(p, j):
				j++
			}
			if j >= n || !p.tok[j].capital || p.tok[j].block == dateline.KindDate || p.tok[j].sentence {
				break
			}
			end = j + 1
		}
		for j := i; j < end; j++ {
			p.tok[j].run, p.tok[j].runEnd = int32(i), int32(end)
		}
		i = end
	}
}

// hyphen tells whether a token is a hyphen, or a dash as short, which folding
// does not tell from the long one that parts a dateline from its text.
func (p *part) hyphen(i int) bool {
	t := &p.Tokens[i]
	return t.Fold == "-" && p.Text[t.Start:t.End] != "—"
}

// starter tells whether a capital is that of a sentence's first word, which is
// no name.
func (f *finder) starter(p *part, i int) bool {
	if !p.tok[i].sentence && !(i > 0 && p.Tokens[i-1].Kind == lang.Sign) && !p.headline {
		return false
	}
	return f.t.starters[p.Tokens[i].Fold]
}

// particle tells whether a word in lower case stands inside an organization's
// name: between capitals, behind a word of organizations ("Bank of England").
func (f *finder) particle(p *part, i int) bool {
	return p.tok[i].starts&roleOf != 0 && p.tok[i].starts&roleAnd == 0 && i > 0 && p.tok[i-1].starts&roleOrg != 0
}

// sameRun tells whether two neighbouring tokens stand in one run of capitals
// with nothing but a space or a hyphen between them.
func (f *finder) sameRun(p *part, a, b int) bool {
	return p.tok[b].run >= 0 && p.tok[a].run == p.tok[b].run
}

// isUpper tells whether a form begins with a capital.
func isUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// letters tells whether a word of a script without capitals is more than a
// sign: numbers and signs are none.
func letters(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}
