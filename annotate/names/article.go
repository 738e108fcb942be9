package names

import (
	"cmp"
	"slices"
	"strings"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// article is the names of an article while they are brought together.
type article struct {
	t        *tables
	sights   []*sight
	mentions []*mention
	sums     map[string]*[3]float64 // of a name: how sure it is of each kind, over its mentions
}

// mention is a name in a place of the article.
type mention struct {
	s *sight
	entity
	key     string // the folded name: words with a space between them
	words   int
	acronym string    // written behind it in brackets
	of      *referent // whom it names
	mark    *dateline.Annotation
	role    role
	weak    bool // no table knows it: other evidence must speak for it
}

// sentence is the one that the mention begins in.
func (m *mention) sentence() *lang.Sentence {
	p := m.s.p
	return &p.Sentences[max(p.SentenceAt(p.Tokens[m.first].Start), 0)]
}

// referent is a person or an organization that an article names.
type referent struct {
	kind    dateline.AnnotationKind
	name    string // the fullest form
	words   int
	acronym string
	first   *dateline.Annotation
	role    role
}

func kindIndex(k dateline.AnnotationKind) int {
	switch k {
	case dateline.KindPerson:
		return 0
	case dateline.KindOrganization:
		return 1
	}
	return 2
}

var kindsByIndex = [3]dateline.AnnotationKind{dateline.KindPerson, dateline.KindOrganization, dateline.KindPlace}

// key is the folded words of tokens.
func (s *sight) key(first, last int) (string, int) {
	tokens := s.p.Tokens
	if last == first+1 {
		return s.t.stem(tokens[first].Fold), 1
	}
	var b strings.Builder
	n := 0
	for i := first; i < last; i++ {
		if s.words[i].shape >= shapeDash {
			continue // "Al-Amin" and "Al Amin" are the same.
		}
		if n > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.t.stem(tokens[i].Fold))
		n++
	}
	return b.String(), n
}

// stem is a word of a name without its case ending.
func (t *tables) stem(w string) string {
	best := w
	for _, e := range t.endings {
		if b, ok := strings.CutSuffix(w, e); ok && len(b) >= 6 && len(b) < len(best) {
			best = b
		}
	}
	return best
}

// add takes a name that the model found.
func (a *article) add(s *sight, e entity) {
	if e.kind != dateline.KindPlace && e.last-e.first >= 3 && a.splitPlaces(s, entity{e.last - 3, e.last, dateline.KindPlace, e.score}) {
		return
	}
	if w := &s.words[e.first]; e.kind == dateline.KindOrganization && e.last == e.first+1 &&
		(w.gaz >= 8 && w.class&isKnown == 0 || a.t.least > 0 && w.gaz >= 4 && w.class&isTeam != 0) {
		e.kind = dateline.KindPlace // A country, or its government; a city whose club has its name.
	}
	if w := &s.words[e.first]; e.kind == dateline.KindOrganization && e.last == e.first+2 && s.words[e.last-1].gaz >= 9 && w.class&isKnown != 0 && w.class&isHead == 0 && s.words[e.last-1].class&isKnown == 0 {
		e.last-- // "Hamas Palestina"
	}
	if e.kind == dateline.KindPerson {
		e.first = s.behindTitles(e.first, e.last)
	}
	if e.kind == dateline.KindOrganization && !a.t.ownerFirst {
		for i := e.first; i+1 < e.last; i++ {
			if c := s.words[i].class; c&isTitle != 0 && c&(isHead|isGiven) == 0 && s.words[i+1].class&isHead != 0 && s.words[e.first].class&isKnown == 0 {
				e.first = i + 1 // "Harian Ketua Dewan Pertimbangan"
			}
		}
	}
	if e.kind == dateline.KindOrganization && a.holder(s, &e) {
		return
	}
	least := a.t.least
	if e.first > 0 && least > .5 && e.kind == dateline.KindPerson && s.words[e.first-1].class&(isTitle|isRank|isHonorific) != 0 {
		least = .5
	}
	if least > .5 && e.kind == dateline.KindPerson && s.words[e.first].class&isGiven != 0 && !a.t.nouns {
		least = .5
	}
	if e.kind == dateline.KindOrganization && s.only(e.first, e.last, isKnown|isJoiner|isParticle) {
		least = .4
	}
	if e.kind == dateline.KindPerson && e.last < len(s.words) && s.words[e.last].cand && s.words[e.last].class&isSuffix != 0 && s.words[e.last].shape != shapeLower {
		e.last++ // "Jr."
	}
	if e.kind != dateline.KindPlace && e.score < least {
		if e = s.rescue(e); e.first == e.last {
			return
		}
	}
	if w := &s.words[e.first]; a.t.least > 0 && e.kind == dateline.KindOrganization && e.last == e.first+1 && w.class&isHead != 0 && w.class&isKnown == 0 {
		return // "the Union"
	}
	if w := &s.words[e.first]; e.kind == dateline.KindOrganization && e.last == e.first+1 && w.class&isHead != 0 && w.class&isKnown == 0 && w.first && w.shape == shapeCapital && e.score < .9 {
		return // "Party leader Susan Hartwell"
	}
	if e.kind == dateline.KindOrganization && e.last == e.first+1 && s.words[e.first].shape == shapeMixed && strings.ContainsAny(s.p.Slice(e.first, e.last), ".,") && strings.ContainsAny(s.p.Slice(e.first, e.last), "0123456789") {
		return // "RM1.3"
	}
	if n := len(a.mentions); n > 0 && a.mentions[n-1].s == s && a.mentions[n-1].last > e.first {
		return // It was taken in.
	}
	if e.kind == dateline.KindOrganization && !a.t.ownerFirst && !a.t.nouns && a.t.least == 0 {
		if e.first = s.behindDuties(e.first, e.last); e.last == e.first+1 {
			w := &s.words[e.first]
			if w.shape == shapeCapital && w.class&isHead != 0 && w.class&isKnown == 0 {
				if e.last = s.described(e.last); e.last == e.first+1 {
					return // "Kementerian membantah"
				}
			}
		}
	}
	if w := &s.words[e.first]; e.kind == dateline.KindOrganization && e.last == e.first+1 && w.class&isNoName != 0 && w.class&(isKnown|isHead) == 0 {
		return // "BBM"
	}
	if e.kind == dateline.KindOrganization && e.last == e.first+1 && s.words[e.first].class&isKnown == 0 && typed(s.p.Slice(e.first, e.last)) {
		return // "H5N1"
	}
	if w := &s.words[e.first]; e.kind == dateline.KindPlace && e.last == e.first+1 && w.gaz == 0 && w.class&isHead != 0 && w.class&isArea == 0 {
		return // "di Kejaksaan"
	}
	weak := false
	if a.t.nouns && e.kind != dateline.KindPlace && !s.listed(e) {
		if e.kind != dateline.KindPerson || e.last-e.first < 2 || e.score < least {
			return
		}
		weak = true
	}
	for e.last > e.first && s.words[e.last-1].shape >= shapeDash && s.words[e.last-1].shape != shapeClose {
		e.last--
	}
	for e.first < e.last && s.words[e.first].shape >= shapeDash {
		e.first++
	}
	if e.first == e.last {
		return
	}
	if e.kind == dateline.KindPlace && a.splitPlaces(s, e) {
		return
	}
	m := &mention{s: s, entity: e, weak: weak}
	m.key, m.words = s.key(e.first, e.last)
	a.mentions = append(a.mentions, m)
}

// agree gives mentions of the same name the kind that is surest over all of
// them. A single word that is part of a person's name elsewhere is the person.
func (a *article) agree() {
	a.sums = make(map[string]*[3]float64, len(a.mentions))
	parts := map[string]float64{}
	for _, m := range a.mentions {
		s := a.sums[m.key]
		if s == nil {
			s = new([3]float64)
			a.sums[m.key] = s
		}
		s[kindIndex(m.kind)] += m.score
		if m.kind == dateline.KindPerson && m.words > 1 && m.score >= .5 {
			for i := m.first; i < m.last; i++ {
				if m.s.words[i].class&isParticle != 0 || m.s.words[i].shape == shapeCapital || m.s.words[i].shape == shapeUpper || m.s.words[i].shape == shapeMixed {
					parts[m.s.t.stem(m.s.p.Tokens[i].Fold)] += m.score
				}
			}
		}
	}
	for _, m := range a.mentions {
		s := a.sums[m.key]
		best := 0
		for k := range s {
			if s[k] > s[best] {
				best = k
			}
		}
		if s[best] > m.score {
			m.kind = kindsByIndex[best]
		}
		if m.words == 2 && m.kind == dateline.KindOrganization && m.score < .9 && allIn(m.key, parts) {
			m.kind = dateline.KindPerson // "Al-Hadidi"
		}
		if m.words == 1 && m.kind != dateline.KindPerson && parts[m.key] > s[kindIndex(m.kind)]*.5 {
			if w := &m.s.words[m.first]; w.gaz < 6 || m.score < .8 && w.gaz < 9 {
				m.kind = dateline.KindPerson
			}
		}
	}
}

func allIn(key string, parts map[string]float64) bool {
	for w := range strings.SplitSeq(key, " ") {
		if parts[w] == 0 {
			return false
		}
	}
	return true
}

// lists makes places of names that stand in a list with places and are in the
// gazetteer: "Padang, Solok and Dumai".
func (a *article) lists() {
	place := func(i int) bool { return i >= 0 && i < len(a.mentions) && a.mentions[i].kind == dateline.KindPlace }
	for i, m := range a.mentions {
		if w := &m.s.words[m.first]; m.kind == dateline.KindPlace || m.words > 2 || w.gaz == 0 || w.gazAt != 1 || w.class&(isGiven|isSurname|isKnown) != 0 || m.score > .9 {
			continue
		}
		if place(i-1) && a.mentions[i-1].s == m.s && m.s.inList(a.mentions[i-1].last, m.first) ||
			place(i+1) && a.mentions[i+1].s == m.s && m.s.inList(m.last, a.mentions[i+1].first) {
			m.kind = dateline.KindPlace
		}
	}
}

// inList tells whether only what parts a list stands in tokens [i, j).
func (s *sight) inList(i, j int) bool {
	if j-i < 1 || j-i > 2 {
		return false
	}
	for ; i < j; i++ {
		if w := &s.words[i]; w.shape != shapeComma && !(w.shape == shapeLower && w.class&isJoiner != 0 && w.class&(isOf|isBefore) == 0) {
			return false
		}
	}
	return true
}

// sure is how certain a name must be to be marked where the model does not see
// it.
const sure = .7

// repeat marks names that are sure elsewhere in the article in the runs where
// the model found none.
func (a *article) repeat() {
	known := map[string]dateline.AnnotationKind{}
	for _, m := range a.mentions {
		if m.score < sure || m.kind == dateline.KindPlace {
			continue
		}
		known[m.key] = m.kind
		if m.kind == dateline.KindPerson && m.words > 1 {
			if w := &m.s.words[m.first]; w.class&isGiven != 0 && w.class&(isStop|isTitle|isHead) == 0 && w.gaz < 6 && w.shape == shapeCapital && m.words < 4 {
				given := m.s.t.stem(m.s.p.Tokens[m.first].Fold)
				if _, ok := known[given]; !ok && len(given) > 3 {
					known[given] = m.kind
				}
			}
			w := &m.s.words[m.last-1]
			if fold := m.s.p.Tokens[m.last-1].Fold; len(fold) > 3 && w.class&(isStop|isSuffix|isHead|isTitle) == 0 && w.shape != shapeInitial {
				fold = m.s.t.stem(fold)
				if i := m.last - 3; i >= m.first && m.s.words[i].class&isParticle != 0 && m.s.words[i+1].shape == shapeDash {
					key, _ := m.s.key(i, m.last)
					known[key] = m.kind
				}
				if _, ok := known[fold]; !ok {
					known[fold] = m.kind
				}
			}
		}
	}
	if len(known) == 0 {
		return
	}
	at, n := 0, len(a.mentions)
	for _, s := range a.sights {
		for _, r := range s.runs {
			for i := r.first; i < r.last; {
				for at < n && a.mentions[at].s == s && a.mentions[at].last <= i {
					at++
				}
				end := r.last
				if at < n && a.mentions[at].s == s {
					if a.mentions[at].first <= i {
						i = a.mentions[at].last
						continue
					}
					end = min(end, a.mentions[at].first)
				}
				i = a.again(s, i, end, known)
			}
		}
		for at < n && a.mentions[at].s == s {
			at++
		}
	}
	a.order(n)
}

// longestName is how many tokens a name may have that is looked for again.
const longestName = 6

// again marks the known name that begins at token i and ends by the token end,
// and returns the token to go on from.
func (a *article) again(s *sight, i, end int, known map[string]dateline.AnnotationKind) int {
	if w := &s.words[i]; w.shape == shapeLower || w.shape >= shapeDash {
		return i + 1
	}
	for j := min(end, i+longestName); j > i; j-- {
		if s.words[j-1].shape >= shapeDash {
			continue
		}
		key, words := s.key(i, j)
		kind, ok := known[key]
		if !ok || words == 1 && s.words[i].class&(isStop|isNoName|isTitle) != 0 {
			continue
		}
		a.mentions = append(a.mentions, &mention{s: s, entity: entity{i, j, kind, sure}, key: key, words: words})
		return j
	}
	return i + 1
}

// order sorts the mentions after some were added behind the first n.
func (a *article) order(n int) {
	if len(a.mentions) == n {
		return
	}
	order := make(map[*sight]int, len(a.sights))
	for i, s := range a.sights {
		order[s] = i
	}
	slices.SortFunc(a.mentions, func(x, y *mention) int {
		return cmp.Or(cmp.Compare(order[x.s], order[y.s]), cmp.Compare(x.first, y.first))
	})
}

// endsSentence tells whether a sentence ends before token i.
func (s *sight) endsSentence(i int) bool {
	k := s.p.SentenceAt(s.p.Tokens[i-1].Start)
	return k >= 0 && s.p.Sentences[k].Last == i
}

// finish ties the mentions, finds roles and adds marks. Places are handed on.
func (a *article) finish(d *annotate.Document) {
	a.acronyms()
	a.tie()
	a.roles()
	for _, m := range a.mentions {
		p := m.s.p
		start, end := p.Tokens[m.first].Start, p.Tokens[m.last-1].End
		if m.kind == dateline.KindOrganization && m.s.endsSentence(m.last) && end-start > 2 && p.Text[end-1] == '.' {
			end-- // "Tarn Shipping Ltd.": the full stop is the sentence's.
			if r := m.of; r.first == nil && r.name == p.Text[start:end+1] {
				r.name = p.Text[start:end]
			}
		}
		if m.kind == dateline.KindPlace {
			d.Mentions = append(d.Mentions, annotate.Mention{Part: p, Start: start, End: end, Kind: m.kind, Score: m.score})
			continue
		}
		r := m.of
		var v dateline.Value
		if m.kind == dateline.KindPerson {
			role := m.role
			if r.first == nil && role.title == "" {
				role = r.role
			}
			v = &dateline.Person{Name: r.name, Role: role.title, Organization: role.of, SameAs: r.first}
		} else {
			v = &dateline.Organization{Name: r.name, Acronym: r.acronym, SameAs: r.first}
		}
		m.mark = d.Add(p, m.kind, start, end, v)
		if r.first == nil {
			r.first = m.mark
		}
	}
}
