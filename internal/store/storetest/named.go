package storetest

import (
	"fmt"
	"strings"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

func namesKnown(e *env) {
	pages, _ := e.publishCounted()
	v, err := e.s.Name(e.ctx, dateline.KindPerson, "rano wirya")
	e.ok(err)
	e.same("person RANO WIRYA 2; RANO WIRYA 1, Rano Wirya 1; Bupati 2; Pemda 1; Sari Dewi 1; LEMBAH 2; 2031-05-01 1, 2031-05-02 1",
		fmt.Sprintf("%s %s %d; %s; %s; %s; %s; %s; %s", v.Kind, v.Name, v.Articles, tallies(v.Forms), tallies(v.Roles), tallies(v.Organizations), tallies(v.With), tallies(v.Places), tallies(v.Days)))
	e.same(dateline.OutletID("kabar.example")+" 2", tallies(v.Outlets))
	lembah := store.NamedPlace{Name: "LEMBAH", Kind: "city", Country: "ID", Geonames: 77, Lat: -6.5, Lon: 107, Known: true, Articles: 2}
	v, err = e.s.Name(e.ctx, dateline.KindPlace, "Lembah")
	e.ok(err)
	e.same(&lembah, v.Place)
	e.same("RANO WIRYA 2, Sari Dewi 1", tallies(v.With))
	for _, name := range []string{"Rano", "wirya rano", "=p·rano", `"`} {
		_, err = e.s.Name(e.ctx, dateline.KindPerson, name)
		e.is(err, dateline.ErrNotFound)
	}
	for _, kind := range []dateline.AnnotationKind{dateline.KindQuote, ""} {
		_, err = e.s.Name(e.ctx, kind, "Rano")
		e.is(err, dateline.ErrInvalid)
	}
	_, err = e.s.Name(e.ctx, dateline.KindPerson, " ")
	e.is(err, dateline.ErrInvalid)

	a := search.NewAnalyzer(lang.Builtin())
	places, err := e.s.Places(e.ctx, nil, a, 10)
	e.ok(err)
	e.same([]store.NamedPlace{lembah, {Name: "北京", Kind: "city", Articles: 1}}, places)
	places, err = e.s.Places(e.ctx, e.parse("lang:zz"), a, 1)
	e.ok(err)
	e.same([]store.NamedPlace{{Name: "北京", Kind: "city", Articles: 1}}, places)

	_, err = e.s.Erase(e.ctx, []int64{pages["c"].N}, "", e.time)
	e.ok(err)
	_, err = e.s.Name(e.ctx, dateline.KindPlace, "北京")
	e.is(err, dateline.ErrNotFound)
	places, err = e.s.Places(e.ctx, nil, a, 10)
	e.ok(err)
	e.same([]store.NamedPlace{lembah}, places)
}

// placesCalled: a place is one whatever articles call it.
func placesCalled(e *env) {
	place := func(name, more string) string {
		return fmt.Sprintf(`place|%s|{"name":%q,"kind":"city","country":"ID"%s}`, name, name, more)
	}
	const here, there = `,"lat":-6.5,"lon":107,"geonames":77`, `,"lat":1,"lon":2,"geonames":78`
	_, names := e.publishAll([]published{
		{"a", "kabar.example", "xx", "Satu", "Hujan di Lembah. Lembah basah.", "2031-05-01T10:00:00Z", []string{place("Lembah", here)}},
		{"b", "kabar.example", "xx", "Dua", "Panas di Lembah.", "2031-05-02T10:00:00Z", []string{place("Lembah", here)}},
		{"c", "aneka.example", "zz", "三", "谷地雨，又称山谷。", "2031-05-03T10:00:00Z", []string{place("谷地", here), place("山谷", here)}},
		{"d", "aneka.example", "xx", "Empat", "Lembah lain.", "2031-05-04T10:00:00Z", []string{place("Lembah", there)}},
		{"e", "aneka.example", "xx", "Lima", "Lembah Hijau.", "2031-05-05T10:00:00Z", []string{place("Lembah Hijau", "")}},
	})
	a := search.NewAnalyzer(lang.Builtin())
	e.finds(a, names, []asked{
		{"place:lembah", "e d c b a"},
		{"place:谷地", "c b a"},
		{"-place:谷地", "e d"},
		{`place:"Lembah Hijau"`, "e"},
		{"place:谷地 lang:zz", "c"},
		{"place:谷地 scope:sentence", "c b a"},
	})
	e.placed(a, "Lembah 4, Lembah Hijau 1", "Lembah 77 3, Lembah 78 1, Lembah Hijau 0 1")
	v, err := e.s.Name(e.ctx, dateline.KindPlace, "山谷")
	e.ok(err)
	e.same("Lembah 3; Lembah 2, 山谷 1, 谷地 1; ", fmt.Sprintf("%s %d; %s; %s", v.Name, v.Articles, tallies(v.Forms), tallies(v.Places)))
	for name, want := range map[string]string{"谷地": "c0 c1 b0 a0", "Lembah": "d0 c0 c1 b0 a0"} {
		for _, kind := range []dateline.AnnotationKind{dateline.KindPlace, ""} {
			var got []string
			for st, err := range e.s.Statements(e.ctx, nil, a, store.StatementOptions{Kind: kind, Name: name}) {
				e.ok(err)
				got = append(got, fmt.Sprint(names[st.Hit.Version], st.N))
			}
			e.same(want, strings.Join(got, " "))
		}
	}
}

// countriesCalled: so are a country and a region, which have no number; what is
// not one of them is not at their middle.
func countriesCalled(e *env) {
	place := func(name, kind, more string) string {
		return fmt.Sprintf(`place|%s|{"name":%q,"kind":%q%s}`, name, name, kind, more)
	}
	const suri, hulu, middle = `,"country":"SU","lat":-6.5,"lon":107.25`, `,"country":"SU","lat":-6.4999,"lon":107.25`, `,"lat":-6.5,"lon":107.25`
	_, names := e.publishAll([]published{
		{"a", "kabar.example", "xx", "Satu", "Hujan di Suri. Suri basah.", "2031-05-01T10:00:00Z", []string{place("Suri", "country", suri)}},
		{"b", "aneka.example", "zz", "二", "苏里雨。", "2031-05-02T10:00:00Z", []string{place("苏里", "country", suri)}},
		{"c", "aneka.example", "xx", "Tiga", "Hujan di Surikarta.", "2031-05-03T10:00:00Z", []string{place("Surikarta", "region", suri)}},
		{"d", "aneka.example", "zz", "四", "苏里卡塔雨。", "2031-05-04T10:00:00Z", []string{place("苏里卡塔", "region", suri)}},
		{"e", "aneka.example", "xx", "Lima", "Hulu Suri.", "2031-05-05T10:00:00Z", []string{place("Hulu", "region", hulu)}},
		{"f", "aneka.example", "xx", "Enam", "Teluk.", "2031-05-06T10:00:00Z", []string{place("Teluk", "area", middle)}},
		{"g", "aneka.example", "xx", "Tujuh", "Suri.", "2031-05-07T10:00:00Z", []string{place("Suri", "country", "")}},
	})
	a := search.NewAnalyzer(lang.Builtin())
	e.finds(a, names, []asked{
		{"place:suri", "g b a"},
		{"place:苏里", "b a"},
		{"place:surikarta", "d c"},
		{"place:hulu", "e"},
		{"place:teluk", "f"},
		{"place:suri lang:zz scope:sentence", "b"},
	})
	e.placed(a, "Suri 3, Surikarta 2, Hulu 1, Teluk 1", "Suri 0 2, Surikarta 0 2, Hulu 0 1, Suri 0 1, Teluk 0 1")
	v, err := e.s.Name(e.ctx, dateline.KindPlace, "苏里")
	e.ok(err)
	e.same("Suri 2; Suri 1, 苏里 1; ", fmt.Sprintf("%s %d; %s; %s", v.Name, v.Articles, tallies(v.Forms), tallies(v.Places)))
	var got []string
	for st, err := range e.s.Statements(e.ctx, nil, a, store.StatementOptions{Kind: dateline.KindPlace, Name: "苏里"}) {
		e.ok(err)
		got = append(got, fmt.Sprint(names[st.Hit.Version], st.N))
	}
	e.same("b0 a0", strings.Join(got, " "))
}

// absent: names that nothing has are told from those that something has.
func absent(e *env) {
	e.publishCounted()
	for query, want := range map[string]string{
		"":                                     "",
		"banjir -gempa has:quote kind:opinion": "",
		`outlet:kabar.example outlet:kabar place:lembah person:wirya lang:xx`: "",
		"outlet:kabat":  "no outlet is called kabat",
		"-outlet:kabat": "no outlet is called kabat",
		`(banjir OR person:"Rano Rano") org:pemda`: "no article names a person Rano Rano; no article names an organization pemda",
		"place:gunung lang:yy":                     "no article names a place gunung; no article is in yy",
	} {
		notes, err := e.s.Absent(e.ctx, e.parse(query))
		e.ok(err)
		var got []string
		for _, n := range notes {
			got = append(got, n.Text)
		}
		e.same(want, strings.Join(got, "; "))
	}
}

// asked is a query and the articles that it finds, newest first.
type asked struct{ query, want string }

func (e *env) finds(a *search.Analyzer, names map[int64]string, list []asked) {
	e.Helper()
	for _, q := range list {
		var got []string
		for h, err := range e.s.Search(e.ctx, e.parse(q.query), a, store.Options{}) {
			e.ok(err)
			got = append(got, names[h.Version])
		}
		e.same(q.want, strings.Join(got, " "))
	}
}

// placed compares the places that are counted beside a list, and those of the
// list of places with their numbers and articles.
func (e *env) placed(a *search.Analyzer, counted, listed string) {
	e.Helper()
	f, err := e.s.Facets(e.ctx, nil, a, store.FacetOptions{})
	e.ok(err)
	e.same(counted, tallies(f.Places))
	list, err := e.s.Places(e.ctx, nil, a, 0)
	e.ok(err)
	var got []string
	for _, p := range list {
		got = append(got, fmt.Sprintf("%s %d %d", p.Name, p.Geonames, p.Articles))
	}
	e.same(listed, strings.Join(got, ", "))
}
