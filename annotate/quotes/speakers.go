package quotes

import (
	"strings"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// speakers knows who spoke so far in an article, which is who a pronoun means.
type speakers struct {
	t      *tables
	d      *annotate.Document
	last   *dateline.Annotation // the person who spoke or was spoken of last
	group  *dateline.Annotation // the organization
	gender map[*dateline.Annotation]frame
	roles  []role
	people []*dateline.Annotation // first mentions
}

// role is an office that a person in the article has.
type role struct {
	words []string
	mark  *dateline.Annotation
}

// maxPeople is how many people of an article are looked through for an office.
const maxPeople = 100

func newSpeakers(d *annotate.Document, t *tables) *speakers {
	s := &speakers{d: d, t: t}
	for _, m := range d.Marks {
		if m.Kind == dateline.KindPerson && first(m) == m && len(s.people) < maxPeople {
			s.people = append(s.people, m)
		}
		if len(s.roles) == maxPeople {
			continue
		}
		if v, ok := m.Value.(*dateline.Person); ok && v.Role != "" {
			s.roles = append(s.roles, role{strings.Fields(lang.Fold(v.Role + " " + v.Organization)), m})
		}
	}
	return s
}

// first is the first mark of who m means.
func first(m *dateline.Annotation) *dateline.Annotation {
	switch v := m.Value.(type) {
	case *dateline.Person:
		if v.SameAs != nil {
			return v.SameAs
		}
	case *dateline.Organization:
		if v.SameAs != nil {
			return v.SameAs
		}
	}
	return m
}

// learnGender takes what a title before a name tells: "Mrs. X".
func (w *speakers) learnGender(r *reader) {
	for i := range r.names {
		if n := r.names[i]; n > 0 && (i == 0 || r.names[i-1] != n) {
			k := i - 1
			if r.is(i, title) {
				k = i
			}
			if r.is(k, title) && r.words[k].frame&(female|male) != 0 {
				if w.gender == nil {
					w.gender = map[*dateline.Annotation]frame{}
				}
				w.gender[first(r.d.Marks[n-1])] = r.words[k].frame & (female | male)
			}
		}
	}
}

// about notes whom a sentence is about: the name it begins with.
func (w *speakers) about(r *reader, seg span) {
	for i := seg.first; i < seg.last && i < seg.first+12; i++ {
		if r.is(i, verb) && i > seg.first && r.in[i] == 0 {
			// "So it was told by X."
			for k := i + 1; k < seg.last && k < i+8 && r.in[k] == 0 && r.tokens[k].Kind == lang.Word; k++ {
				if r.person(k) {
					w.note(r.d.Marks[r.names[k]-1])
					return
				}
			}
			return
		}
		if r.in[i] > 0 || r.comma(i) || r.is(i, of|prep) && i > seg.first {
			return
		}
		if n := r.names[i]; n > 0 {
			e := r.nameAt(i).last
			if e < seg.last && (r.tokens[e].Fold == "'s" || r.tokens[e].Fold == "'") {
				return
			}
			w.note(r.d.Marks[n-1])
			return
		}
	}
}

func (w *speakers) note(m *dateline.Annotation) {
	if m.Kind == dateline.KindPerson {
		w.last = m
	} else {
		w.group = m
	}
}

// resolve makes the speaker of a saying, and tells who that is where it can.
func (w *speakers) resolve(r *reader, s *saying) {
	if s.clitic[1] > 0 && s.speaker.empty() {
		s.named = &dateline.Speaker{Start: s.clitic[0], End: s.clitic[1], Annotation: w.last}
		return
	}
	if s.speaker.empty() {
		if m := w.last; m != nil && m.In == r.p.In && r.t.proDrop && s.backward && r.in[s.content.first] > 0 && s.verb.last > s.verb.first && r.words[s.verb.first].class&several == 0 {
			s.named = &dateline.Speaker{Start: m.Start, End: m.End, Annotation: m} // `"...", aseguró`
		}
		return
	}
	sp := s.speaker
	n := &dateline.Speaker{Start: r.tokens[sp.first].Start, End: r.tokens[sp.last-1].End}
	s.named = n
	if m := r.names[sp.first]; m > 0 && r.nameAt(sp.first) == sp {
		n.Annotation = r.d.Marks[m-1]
		w.note(n.Annotation)
		if k := sp.first - 1; (r.t.nameLast || r.t.headFirst) && sp.last-sp.first == 1 && n.Annotation.Kind == dateline.KindPerson && k >= s.seg.first &&
			r.in[k] == 0 && r.names[k] == 0 && !r.dates[k] && r.words[k].class == 0 && r.tokens[k].Case == lang.Capital && r.tokens[sp.first].Space && (k > s.seg.first || first(n.Annotation) == n.Annotation) {
			n.Start = r.tokens[k].Start // a given name that has no mark
		}
		if k := sp.first + int(r.words[sp.first].n); r.is(sp.first, calling) && sp.last-k > 1 {
			n.Start = r.tokens[k].Start // what he is, marked as a piece of his name
		}
		return
	}
	if sp.last-sp.first == 1 && r.words[sp.first].class&(pronoun|owner) != 0 {
		f := r.words[sp.first].frame
		if f&(person|female|male) != 0 && w.last != nil {
			if g := w.gender[first(w.last)]; g == 0 || f&(female|male) == 0 || f&g != 0 {
				n.Annotation = w.last
			}
		}
		return
	}
	w.byRole(r, sp, n)
}

// byRole ties a speaker who is named by his office to the one person of the
// article who holds it.
func (w *speakers) byRole(r *reader, sp span, n *dateline.Speaker) {
	best, score, tie := (*dateline.Annotation)(nil), 0, false
	total := 0
	for k := sp.first; k < sp.last; k++ {
		if r.tokens[k].Kind == lang.Word && r.words[k].class&(det|prep|of|and|owner) == 0 {
			total++
		}
	}
	if total == 0 || total > 12 {
		w.last = nil
		return
	}
	for _, o := range w.roles {
		m := 0
		for k := sp.first; k < sp.last; k++ {
			if r.tokens[k].Kind != lang.Word || r.words[k].class&(det|prep|of|and|owner) != 0 {
				continue
			}
			for _, x := range o.words {
				if x == r.tokens[k].Fold {
					m++
					break
				}
			}
		}
		if m < total {
			continue
		}
		switch {
		case m > score:
			best, score, tie = o.mark, m, false
		case best != nil && first(o.mark) != first(best):
			tie = true
		}
	}
	if best == nil && r.words[sp.first].class&office != 0 {
		best, tie = w.byPlace(r, sp)
	}
	if best != nil && !tie {
		n.Annotation = best
		w.note(best)
		return
	}
	w.last = nil // "He" may mean this one, who has no mark.
}

// byPlace is the one person whose first mention stands beside the names that
// an office has in it: "the security chief of X" is the one who was "his
// counterpart from X".
func (w *speakers) byPlace(r *reader, sp span) (best *dateline.Annotation, tie bool) {
	for k := sp.first + 1; k < sp.last; k++ {
		if !r.capital(k) || r.words[k].class&office != 0 {
			continue
		}
		for _, m := range w.people {
			if m.In != r.p.In || m.Start > r.tokens[sp.first].Start {
				continue
			}
			i := r.p.TokenAt(m.Start)
			for j := i - 1; j >= 0 && j >= i-5 && r.names[j] == 0 && !r.terminal(j); j-- {
				if r.tokens[j].Fold == r.tokens[k].Fold {
					tie = tie || best != nil && best != m
					best = m
				}
			}
		}
	}
	return best, tie
}
