package places

import (
	"dateline"
	"dateline/gazetteer"
	"dateline/lang"
)

// How many tokens a name may have, and how many words a name that no list
// knows.
const (
	maxName    = 8
	maxUnknown = 3

	wellKnown = 7.0 // the prior of a place that is no part of an unknown name
)

// find finds the mentions of a part.
func (f *finder) find(pi int) {
	p := &f.parts[pi]
	for i := 0; i < len(p.Tokens); {
		n := f.at(pi, i)
		i += max(n, 1)
	}
}

// at finds the mention that begins at token i, and tells how many tokens it
// takes.
func (f *finder) at(pi, i int) int {
	p := &f.parts[pi]
	k := &p.tok[i]
	t := &p.Tokens[i]
	if t.Kind != lang.Word || k.block == dateline.KindDate {
		return 0
	}
	capital := k.capital && !f.starter(p, i)
	lone := t.Case == lang.NoCase && letters(t.Fold) // a script without capitals
	// Names that begin with a generic word in lower case ("golfo Pérsico").
	generic := t.Case == lang.Lower && k.starts&roleBeforePart != 0
	if !capital && !lone && !generic {
		return 0
	}
	w := &f.walk
	w.longest(f, p, i, lone)
	if k.starts&roleBefore != 0 && k.starts&roleBeforePart == 0 && (i+1 >= len(p.Tokens) || p.tok[i+1].capital || lone) && !f.belongs(p, i) {
		return 0 // The name begins behind it.
	}
	if k.abbrLen > 0 && w.end <= i+int(k.abbrLen) && (k.starts&rolePostal == 0 || f.behindPlace(pi, i)) {
		m := mention{part: pi, first: i, last: i + int(k.abbrLen), short: true, within: -1}
		m.start, m.end = t.Start, p.Tokens[m.last-1].End
		f.entries = f.g.AppendLookup(f.entries[:0], k.abbr)
		f.add(m, k.abbr, true)
		return int(k.abbrLen)
	}
	u, known := f.unknown(pi, i), w.end > 0
	if generic && w.end == i+1 {
		return 0 // The generic word alone.
	}
	if w.end > 0 && k.ends&roleBefore == 0 && (w.end-i == 1 && k.starts&roleNot != 0 || w.end-i > 1 && int(k.starterLen) == w.end-i && k.starts&roleNot != 0) {
		known = false
	}
	if (!known || f.best(w.entries) < wellKnown) && u.last == 0 {
		if u = f.bare(pi, i); u.last <= w.end {
			u.last = 0
		}
	}
	if !known || u.last > w.end {
		if u.last == 0 {
			return 0
		}
		f.entries = f.entries[:0]
		f.add(u, p.Slice(u.first, u.last), false)
		return u.last - i
	}
	m := mention{part: pi, first: i, last: w.end, within: -1}
	m.start, m.end, m.inflected = w.start, w.stop, w.inflected && w.form != p.Text[w.start:w.stop]
	f.entries = append(f.entries[:0], w.entries...)
	if generic {
		if f.keepKind(); len(f.entries) == 0 {
			m.generic, m.unknown = true, true
			for j := i + 1; j <= i+int(k.starterLen); j++ {
				if p.tok[j].ends&roleBeforePart != 0 && int(p.tok[j].partStart) == i {
					m.hint = p.tok[j].before
				}
			}
		}
	}
	form := w.form
	f.trimAfter(&m, &form)
	f.direction(&m, &form)
	f.add(m, form, false)
	return m.last - i
}

// belongs tells whether the generic word that begins the name found at token i
// is a part of it: without it the name is nobody's or not as good ("Kota
// Bharu", "Bandar Abbas").
func (f *finder) belongs(p *part, i int) bool {
	w := &f.walk
	if w.end < i+2 {
		return false
	}
	id, rank := top(w.entries)
	if k := f.g.Place(id).Kind; k != gazetteer.City && (k != gazetteer.Country || rank != gazetteer.Official) {
		return false
	}
	list := f.g.Lookup(p.Slice(i+1, w.end))
	if other, _ := top(list); len(list) > 0 && other != id && f.g.Place(id).Kind == gazetteer.Country {
		return true // "Republik Kongo" is not just any Kongo.
	}
	for _, e := range list {
		if e.ID == id {
			return rank < e.Rank || rank == e.Rank && gazetteer.Fold(f.g.Place(id).Name) == gazetteer.Fold(w.form)
		}
	}
	return true
}

// top is the best known of entries: the first of the strongest rank.
func top(entries []gazetteer.Entry) (id uint32, r gazetteer.Rank) {
	r = gazetteer.Weak + 1
	for _, e := range entries {
		if e.Rank < r {
			id, r = e.ID, e.Rank
		}
	}
	return id, r
}

// keepKind drops the cities and regions called as what begins with a generic
// word in lower case: "rio Negro" is the river. What the tables written by hand
// call so stays: the Gaza Strip is a region.
func (f *finder) keepKind() {
	kept := f.entries[:0]
	for _, e := range f.entries {
		if k := f.g.Place(e.ID).Kind; k == gazetteer.Area || k <= gazetteer.Region && e.Rank == gazetteer.Official {
			kept = append(kept, e)
		}
	}
	f.entries = kept
}

// trimAfter leaves a generic word that is no part of the name outside it:
// "Kerman Province".
func (f *finder) trimAfter(m *mention, form *string) {
	p := &f.parts[m.part]
	for j := m.last - 1; j > m.first; j-- {
		if p.tok[j].starts&roleAfter == 0 || p.tok[j].after != "region" {
			continue
		}
		short := p.Slice(m.first, j)
		list := f.g.Lookup(short)
		for _, e := range list {
			if f.g.Place(e.ID).Kind == gazetteer.Region {
				m.last, m.end = j, p.Tokens[j-1].End
				*form = short
				f.entries = append(f.entries[:0], list...)
				return
			}
		}
	}
}

// direction takes a direction in capitals behind a name into it, which makes it
// another place's: "Libya Barat". The gazetteer has those that are well known.
func (f *finder) direction(m *mention, form *string) {
	p := &f.parts[m.part]
	if j := m.last; !p.headline && j < len(p.Tokens) && p.tok[j].starts&roleDirection != 0 && p.tok[j].starts&roleFollow != 0 && p.tok[j].capital && f.sameRun(p, j-1, j) {
		m.last, m.end, m.hint = j+1, p.Tokens[j].End, "area"
		*form = p.Slice(m.first, m.last)
		f.entries = f.g.AppendLookup(f.entries[:0], *form)
	}
}

// unknown finds a name that the gazetteer does not have, by the generic word
// in front of it or behind it; the mention ends at token 0 where there is none.
func (f *finder) unknown(pi, i int) (m mention) {
	p := &f.parts[pi]
	n := len(p.Tokens)
	k := &p.tok[i]
	first, kind := i, ""
	switch {
	case k.ends&roleBefore != 0 && k.capital && k.before != "":
		if kind = k.before; p.headline || kind == "country" || kind == "area" {
			return m // "negara Pengekspor Minyak"
		}
		if k.block == dateline.KindPerson && int(k.from) == i && int(k.to) > i+1 {
			return m // "жительница посёлка Ирина Ковальчук": a woman of the village
		}
	case k.starts&roleBeforePart != 0:
		// The phrase itself begins here; the name is behind it.
		for j := i + 1; j <= i+int(k.starterLen) && j < n; j++ {
			if p.tok[j].ends&roleBeforePart != 0 && int(p.tok[j].partStart) == i && p.tok[j].capital && p.tok[j].block != dateline.KindDate {
				first, kind = j, p.tok[j].before
			}
		}
	}
	last := first
	if kind != "" {
		for last < n && last < first+maxUnknown && p.tok[last].capital && p.tok[last].block != dateline.KindDate && (last == first || f.sameRun(p, last-1, last)) {
			if last > first && p.tok[last].starts&(roleOrg|roleStreet|roleTitle|roleAfter|roleBefore|roleNumber) != 0 {
				break
			}
			if last++; last+1 < n && p.hyphen(last) && !p.Tokens[last].Space && p.tok[last+1].capital && !p.Tokens[last+1].Space {
				last++ // "Kabardino-Balkaria"
			}
		}
		if kind == "region" && last > first+1 && (last > first+2 || int(p.tok[first].runEnd) > last || p.tok[first].guess != dateline.KindPlace) {
			return m // Regions are known; the rest is whoever is over one.
		}
		alone := first > i && last == first+1 // "Istana Negara": the generic word is all there is.
		if last == first || p.tok[first].starts&(roleOrg|roleStreet|roleTitle) != 0 || p.tok[first].starts&roleBefore != 0 && !alone || last == first+1 && p.tok[first].starts&roleNot != 0 || last < n && p.tok[last].starts&(roleOrg|roleStreet) != 0 && f.sameRun(p, last-1, last) {
			return m
		}
	} else if k.capital && !f.starter(p, i) {
		// "Foo River": the run ends in a generic word.
		for last = i; last < n && last <= i+maxUnknown && p.tok[last].capital && p.tok[last].block != dateline.KindDate && (last == i || f.sameRun(p, last-1, last)); last++ {
			if last > i && p.tok[last].starts&roleAfter != 0 {
				break
			}
			if last > i && p.tok[last].starts&roleAfterPart != 0 {
				kind = p.tok[last].after
				break
			}
			if p.tok[last].starts&(roleOrg|roleStreet|roleTitle) != 0 {
				return m
			}
		}
		if kind == "" {
			// "Zaravand province", where the generic word stays outside.
			if last == n || last > i+2 || p.tok[last].starts&roleAfter == 0 || p.tok[last].sentence {
				return m
			}
			if kind = p.tok[last].after; kind != "region" && (kind != "city" || k.guess != dateline.KindPlace || k.sure < 0.7) {
				return m
			}
			if last == i+1 && k.starts&roleNot != 0 {
				return m // "the Jewish state"
			}
		} else {
			last++
		}
		if p.tok[i].sentence && last > i+2 {
			return m // Who knows whether the first word is a part of it.
		}
		if last < n && p.tok[last].capital && p.tok[last].starts&roleAfter == 0 && f.sameRun(p, last-1, last) {
			return m
		}
	} else {
		return m
	}
	return mention{
		part: pi, first: i, last: last, start: p.Tokens[i].Start, end: p.Tokens[last-1].End,
		within: -1, hint: kind, generic: true, unknown: true,
	}
}

// bare finds a name that the gazetteer does not have and no generic word stands
// at, behind a preposition that places have, "in Marlow Quay", and again anywhere.
func (f *finder) bare(pi, i int) (m mention) {
	p := &f.parts[pi]
	k := &p.tok[i]
	if f.t.nouns || p.headline || int(k.run) != i || !k.capital || int(k.runEnd) > i+maxUnknown {
		return m
	}
	last := int(k.runEnd)
	for j := i; j < last; j++ {
		t := &p.Tokens[j]
		if t.Case != lang.Capital || t.Kind != lang.Word || t.End-t.Start < 3 || p.tok[j].block != "" || p.tok[j].starts&notInBare != 0 {
			return m
		}
		if _, ok := f.lower[t.Fold]; ok {
			return m // "in Parliament"
		}
	}
	if k.ends&roleUnknown == 0 || p.tok[last].starts&rolePossessive != 0 || k.guess != dateline.KindPlace {
		// Where it was found before, it is the same again.
		f.key = gazetteer.AppendFold(f.key[:0], p.Slice(i, last))
		if id, ok := f.byKey[string(f.key)]; !ok || len(f.names[id].cands) > 0 {
			return m
		}
	}
	return mention{part: pi, first: i, last: last, start: p.Tokens[i].Start, end: p.Tokens[last-1].End, within: -1, unknown: true}
}

// notInBare is what no word of a name that no list knows tells.
const notInBare = roleNot | roleWeak | roleOrg | roleStreet | roleTitle | roleOffice | roleBefore | roleAfter

// behindPlace tells whether a comma and a mention stand right before token i.
func (f *finder) behindPlace(pi, i int) bool {
	if i < 2 || len(f.mentions) == 0 || f.parts[pi].Tokens[i-1].Fold != "," {
		return false
	}
	m := &f.mentions[len(f.mentions)-1]
	return m.part == pi && m.last == i-1
}

// add adds a mention with the places of f.entries.
func (f *finder) add(m mention, form string, short bool) {
	p := &f.parts[m.part]
	if k := &p.tok[m.first]; k.ends&(roleBefore) != 0 && k.before != "" {
		m.hint, m.generic = k.before, true
	}
	if m.last < len(p.Tokens) && p.tok[m.last].starts&roleAfter != 0 && p.tok[m.last].after != "" {
		m.hint, m.generic = p.tok[m.last].after, true
	}
	m.name = f.nameOf(form, short)
	if p.tok[m.first].ends&roleBefore != 0 {
		f.cued(&m)
	}
	p.tok[m.first].starts |= rolePlace
	p.tok[m.last].ends |= rolePlace
	f.mentions = append(f.mentions, m)
	p.tok[m.first].place = int32(len(f.mentions))
	p.tok[m.last].placed = int32(len(f.mentions))
}

// nameOf is the name of that form; a new one means the places of f.entries.
func (f *finder) nameOf(form string, short bool) int32 {
	f.key = gazetteer.AppendFold(f.key[:0], form)
	id, ok := f.byKey[string(f.key)]
	if !ok {
		id = int32(len(f.names))
		f.byKey[string(f.key)] = id
		f.names = append(f.names, f.newName(form, short))
	} else if n := &f.names[id]; initials(n.form) && !initials(form) {
		n.form = form
	}
	if n := &f.names[id]; !short {
		n.full = true
	}
	return id
}
