package names

import (
	"strings"

	"dateline"
	"dateline/lang"
)

// role is an office as written beside a name.
type role struct {
	title string
	of    string // the organization or country it belongs to
}

// Offices are looked for in so many tokens before and behind a name.
const (
	reachBefore = 16
	reachBehind = 16
)

// cover tells what mention a token is in, for the tokens of one part.
type cover struct {
	s  *sight
	of map[int]*mention // by first token
	in map[int]*mention // by last token, which is the one before its end

	places map[string]bool // of one word that the article names
}

// roles finds the offices beside persons' names.
func (a *article) roles() {
	places := a.placeWords()
	for _, s := range a.sights {
		any := false
		for _, m := range a.mentions {
			any = any || m.s == s && m.kind == dateline.KindPerson
		}
		if !any {
			continue
		}
		c := cover{s, make(map[int]*mention, len(a.mentions)), make(map[int]*mention, len(a.mentions)), places}
		for _, m := range a.mentions {
			if m.s == s {
				c.of[m.first] = m
				c.in[m.last-1] = m
			}
		}
		for _, m := range a.mentions {
			if m.s != s || m.kind != dateline.KindPerson {
				continue
			}
			sen := m.sentence()
			m.role = c.before(m, sen)
			if m.role.title != "" && m.role.of == "" {
				m.role.of = c.belongs(m, sen)
			}
			if m.role.title == "" {
				m.role = c.behind(m, sen)
			}
			if m.role.title != "" && m.of.role.title == "" {
				m.of.role = m.role
			}
		}
	}
}

// title is the longest office that begins at token i, and how many tokens it
// has; ranks and offices, not forms of address.
func (s *sight) title(i int) (class, int) {
	if i >= len(s.words) {
		return 0, 0
	}
	s.lookUp(i)
	if s.words[i].class&(isTitle|isRank|isHonorific|isPrefix) == 0 {
		return 0, 0
	}
	values, n := s.t.titles.Longest(s.p.Tokens, i)
	var c class
	for _, v := range values {
		c |= v
	}
	if n == 0 && s.t.office(s.p.Tokens[i].Fold, s.words[i].shape) {
		return isTitle, 1
	}
	return c, n
}

func (s *sight) text(first, last int) string { return strings.TrimSpace(s.p.Slice(first, last)) }

// before finds the office in front of a name: "Menteri Luar Negeri Iran Abbas
// Araghchi", "Iranian Foreign Minister Abbas Araghchi".
func (c *cover) before(m *mention, sen *lang.Sentence) role {
	s := c.s
	end := m.first
	// Forms of address and a comma may stand between.
address:
	for end > sen.First {
		for k := min(3, end-sen.First); k > 0; k-- {
			if cl, n := s.title(end - k); n == k && cl&isHonorific != 0 && cl&(isTitle|isRank) == 0 {
				end -= k
				continue address
			}
		}
		break
	}
	if end > sen.First && s.words[end-1].shape == shapeComma {
		end--
	}
	// An acronym in brackets belongs to the organization before it.
	stop := end
	for k := end - 1; k > sen.First && k >= end-4 && c.in[k] == nil || k > sen.First && k >= end-4 && c.in[k].kind != dateline.KindPerson; k-- {
		if sh := s.words[k].shape; sh == shapeClose {
			stop = k + 1 // Behind it stands where: "(BPBD) Wanasari".
			break
		} else if sh != shapeCapital && (sh != shapeLower || k < end-1) {
			break
		}
	}
	if stop-1 > sen.First && s.words[stop-1].shape == shapeClose {
		k := stop - 2
		for k > sen.First && k > stop-6 && s.words[k].shape != shapeOpen {
			k--
		}
		if s.words[k].shape != shapeOpen {
			return role{}
		}
		stop = k
	}
	first, length, dash := -1, 0, -1
	lower := 0
	for k := stop - 1; k >= max(sen.First, stop-reachBefore); k-- {
		if o := c.in[k]; o != nil && o.kind == dateline.KindPerson {
			break
		}
		w := &s.words[k]
		s.lookUp(k)
		if w.shape == shapeComma || w.shape == shapeStop || w.shape == shapeQuote || w.shape == shapeColon || w.shape == shapeOpen || w.shape == shapeClose {
			break
		}
		cl, n := s.title(k)
		if n > 0 && cl&(isTitle|isRank) != 0 && cl&isPlural == 0 && k+n <= stop {
			if first >= 0 && k+n < first && !(k+n == dash && dash == first-1) {
				break // Another office, of someone else or of no name.
			}
			if first < 0 || k+n >= first || k+n == dash {
				if first >= 0 {
					length += first - k
				} else {
					length = n
				}
				if k+n > first && first >= 0 {
					length = max(length, n)
				}
				first = k
			}
			continue
		}
		if first >= 0 && w.shape == shapeDash && !s.p.Tokens[k].Space && !s.p.Tokens[k+1].Space && k == first-1 {
			dash = k // "ex-ministro", "генерал-майор"
			continue
		}
		if n > 0 && cl&isPrefix != 0 && first >= 0 && (k+n == first || k+n == dash && dash == first-1) {
			length += first - k
			first = k
			continue
		}
		if first >= 0 {
			break
		}
		// Between office and name: names and what joins them.
		if c.strange(k) {
			if lower++; lower > 6 {
				break
			}
		}
	}
	if first < 0 {
		return role{}
	}
	lower = 0
	for k := first + length; k < stop; k++ {
		if c.strange(k) {
			lower++
		}
	}
	if lower > 0 && lower <= 3 && c.apposed(m, first, end, sen) && !c.headed(first+length, stop) {
		// "El vocero presidencial, X,"; "El director de la entidad, X,"
		s.lookUp(first + length)
		if c.loose(first+length) || s.t.ownerFirst {
			stop = first + length
		}
		return role{title: s.text(first, stop)}
	}
	if lower > 2 || lower > 0 && !c.headed(first+length, stop) {
		return role{}
	}
	r := c.split(first, length, stop)
	if cl, n := s.title(first); n == length && cl&isRank != 0 && cl&isTitle == 0 {
		if o := c.office(first, sen); o.title != "" {
			return o
		}
	}
	if r.of == "" {
		r = c.owner(r, first, sen)
	}
	return r
}

// apposed tells whether the name stands between commas behind an office at
// token first that begins its sentence, or has but an article before it, with
// nothing but words in lower case up to the comma at token end.
func (c *cover) apposed(m *mention, first, end int, sen *lang.Sentence) bool {
	s := c.s
	if end == m.first || first > sen.First+1 || first == sen.First+1 && !s.isDetAny(sen.First) || m.last >= sen.Last || s.words[m.last].shape != shapeComma {
		return false
	}
	for k := first + 1; k < end; k++ {
		if sh := s.words[k].shape; sh != shapeLower && sh != shapeCapital || c.of[k] != nil || s.words[k].class&isSay != 0 && s.words[k].class&(isOf|isJoiner) == 0 {
			return false
		}
	}
	return true
}

// belongs is the organization of whom an office in front names, where it
// follows: "Professor Alan Whitcombe of the University of Derby".
func (c *cover) belongs(m *mention, sen *lang.Sentence) string {
	i := m.last
	if i+1 >= sen.Last || c.s.words[i].shape != shapeLower {
		return ""
	}
	if c.s.lookUp(i); c.s.words[i].class&isOf == 0 {
		return ""
	}
	for i++; i < sen.Last && c.s.isDet(i); i++ {
	}
	if o := c.of[i]; o != nil && o.kind == dateline.KindOrganization {
		return o.text()
	}
	return ""
}

// strange tells whether a word in lower case has no business between an office
// and a name.
func (c *cover) strange(i int) bool {
	w := &c.s.words[i]
	if i > 0 && c.s.words[i-1].shape == shapeCapital {
		return false // "Affaires étrangères"
	}
	return w.shape == shapeLower && w.class&(isJoiner|isOf|isParticle|isHead|isDet|isArea|isDemonym) == 0
}

// office finds the office in front of a rank, with nothing between them but
// whose it is: "Kapolres Garut AKBP".
func (c *cover) office(stop int, sen *lang.Sentence) role {
	s := c.s
	for k := stop - 1; k >= max(sen.First, stop-8); k-- {
		w := &s.words[k]
		if w.shape <= shapeLower || w.shape >= shapeNumber || c.in[k] != nil && c.in[k].kind == dateline.KindPerson {
			break
		}
		if cl, n := s.title(k); n > 0 && cl&isTitle != 0 && cl&isPlural == 0 && k+n <= stop {
			return c.split(k, n, stop)
		}
	}
	return role{}
}

// headed tells whether one of the tokens heads an organization's name, in
// which words in lower case may stand.
func (c *cover) headed(first, last int) bool {
	for i := first; i < last; i++ {
		if c.s.words[i].class&(isHead|isTail) != 0 {
			return true
		}
	}
	return false
}

// split parts an office of length tokens and what follows it up to stop into
// the office and whose it is.
func (c *cover) split(first, length, stop int) role {
	s := c.s
	at := first + length
	for ; at < stop; at++ {
		o, w := c.of[at], &s.words[at]
		if o != nil && o.kind != dateline.KindPerson || w.class&(isHead|isKnown) != 0 && w.shape != shapeLower || w.class&isDemonym != 0 || w.shape == shapeCapital && c.places[s.p.Tokens[at].Fold] ||
			w.shape == shapeUpper && !s.roman(at) || w.gaz >= 9 || w.gaz >= 6 && w.shape == shapeCapital || w.class&isArea != 0 && w.shape == shapeCapital && at+1 < stop ||
			w.shape == shapeCapital && len(s.t.endings) > 0 && !s.t.ownerFirst && (s.countryForm(at) || at+1 < stop && s.words[at+1].shape == shapeLower && s.words[at+1].class&isArea != 0 || at+1 == stop && s.placeForm(at, 3)) {
			break
		}
		if w.class&isHead != 0 && at > first+length-1 {
			break
		}
	}
	if at+1 < stop && s.words[at].class&isDemonym != 0 && s.words[at+1].shape == shapeLower && s.words[at].shape == shapeLower {
		return role{s.text(first, stop), s.text(at, at+1)} // "ministre russe de la Défense"
	}
	end := at
	for end > first+length && c.loose(end-1) {
		end--
	}
	r := role{title: s.text(first, end)}
	for at < stop && s.words[at].class&isDet != 0 {
		at++
	}
	if at < stop {
		r.of = s.text(at, stop)
	}
	return r
}

// roman tells whether a word is a Roman numeral of small numbers.
func (s *sight) roman(i int) bool {
	return strings.Trim(s.p.Slice(i, i+1), "IVX") == ""
}

// loose tells whether a word at the end of an office does not belong to it.
func (c *cover) loose(i int) bool {
	return c.s.words[i].shape == shapeLower && c.s.words[i].class&(isOf|isJoiner|isDet|isParticle|isBefore) != 0
}

// owner finds whose an office is in the words before it: "Iran's", "Iranian",
// "Microsoft".
func (c *cover) owner(r role, first int, sen *lang.Sentence) role {
	s := c.s
	i := first - 1
	if i < sen.First {
		return r
	}
	possessive := false
	if f := s.p.Tokens[i].Fold; !s.p.Tokens[i].Space && (f == "'s" || f == "'" || f == "’") && i > sen.First {
		possessive = true
		i--
	}
	if o := c.in[i]; o == nil && s.t.ownerFirst && s.country(i) {
		r.of = s.text(i, i+1)
	} else if o != nil && o.kind != dateline.KindPerson && (possessive || s.t.ownerFirst) {
		r.of = s.text(o.first, o.last)
		i = o.first
	} else if s.words[i].class&isDemonym != 0 && s.t.ownerFirst {
		r.of = s.text(i, i+1)
	} else {
		return r
	}
	if i > sen.First {
		if cl, n := s.title(i - 1); n == 1 && cl&isPrefix != 0 {
			r.title = s.text(i-1, i) + " " + r.title
		}
	}
	return r
}

// behind finds the office behind a name: "Abbas Araghchi, Iran's foreign
// minister", "Budi Santoso (Ketua Umum PSSI)".
func (c *cover) behind(m *mention, sen *lang.Sentence) role {
	s := c.s
	i := m.last
	if i+1 >= sen.Last {
		return role{}
	}
	closing := uint8(0)
	switch s.words[i].shape {
	case shapeComma:
	case shapeOpen:
		closing = shapeClose
	default:
		return role{}
	}
	i++
	// The age, or what else stands between commas, is passed over.
	if s.words[i].shape == shapeNumber && i+2 < sen.Last && s.words[i+1].shape == shapeComma {
		i += 2
	}
	for i < sen.Last && s.isDet(i) {
		i++
	}
	prefix, owner := "", ""
	if cl, n := s.title(i); n == 1 && cl&isPrefix != 0 && cl&isTitle == 0 {
		if _, k := s.title(i + 1); k == 0 || c.of[i+1] != nil {
			prefix = s.text(i, i+1) + " "
			i++
		}
	}
	if o := c.of[i]; o != nil && o.kind != dateline.KindPerson && s.t.ownerFirst {
		owner = s.text(o.first, o.last)
		i = o.last
		if i < sen.Last {
			if f := s.p.Tokens[i].Fold; f == "'s" || f == "'" || f == "’" {
				i++
			}
		}
	} else if i < sen.Last && s.isDemonym(i) && s.t.ownerFirst {
		owner = s.text(i, i+1)
		i++
	}
	first := i
	for i < sen.Last {
		cl, n := s.title(i)
		if n == 0 || cl&(isTitle|isRank|isPrefix) == 0 || cl&isPlural != 0 {
			break
		}
		i += n
	}
	if i == first {
		return role{}
	}
	length := i - first
	end := i
	for end < min(sen.Last, i+reachBehind) {
		w := &s.words[end]
		if w.shape == shapeQuote && end+1 < sen.Last {
			if o := c.of[end+1]; o != nil && o.kind == dateline.KindOrganization && o.last < sen.Last && s.words[o.last].shape == shapeQuote {
				end = o.last + 1 // "директор компании «Северсплав»"
				continue
			}
		}
		if w.shape == shapeComma || w.shape == shapeStop || w.shape == shapeClose || w.shape == shapeQuote || w.shape == shapeColon || w.shape == shapeOpen {
			break
		}
		if o := c.of[end]; o != nil {
			if o.kind == dateline.KindPerson {
				return role{}
			}
			end = o.last
			continue
		}
		s.lookUp(end)
		if w.shape == shapeLower && w.class&(isOf|isJoiner|isDet|isParticle|isHead|isArea|isBefore) == 0 || w.class&isSay != 0 && w.class&(isOf|isJoiner) == 0 {
			if w.shape == shapeLower && w.class&isSay == 0 && end > first+length && c.loose(first+length) && c.ends(end, sen) {
				return role{title: prefix + s.text(first, first+length), of: owner} // "exgerente de la empresa municipal"
			}
			break
		}
		end++
	}
	if end < sen.Last {
		switch sh := s.words[end].shape; {
		case closing != 0 && sh != closing:
			return role{}
		case sh == shapeComma, sh == shapeStop, sh == shapeClose, sh == shapeQuote, sh == shapeOpen:
		case s.words[end].class&isSay != 0:
		default:
			return role{}
		}
	}
	for end > first+length && c.loose(end-1) {
		end--
	}
	r := c.split(first, length, end)
	r.title = prefix + r.title
	if r.of == "" {
		r.of = owner
	}
	return r
}

// ends tells whether an apposition ends a few words behind token i, with no
// name in it.
func (c *cover) ends(i int, sen *lang.Sentence) bool {
	for j := i; j < i+6; j++ {
		if j >= sen.Last {
			return true
		}
		switch c.s.words[j].shape {
		case shapeComma, shapeStop, shapeClose:
			return true
		case shapeLower:
		default:
			return false
		}
	}
	return false
}

func (s *sight) isDet(i int) bool {
	s.lookUp(i)
	return s.words[i].class&isDet != 0 && s.words[i].shape == shapeLower
}

// isDetAny tells whether token i is an article, with a capital too.
func (s *sight) isDetAny(i int) bool {
	s.lookUp(i)
	return s.words[i].class&isDet != 0
}

func (s *sight) isDemonym(i int) bool {
	s.lookUp(i)
	return s.words[i].class&isDemonym != 0
}
