package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/lang"
	"dateline/search"
)

// published is an article with its marks: kind, words, value.
type published struct {
	name, host, language, title, text, published string
	marks                                        []string
}

// counted are what articles are counted and their marks listed in. The text of
// a mark's words is found in the article's; a value may refer to another mark.
var counted = []published{
	{"a", "kabar.example", "xx", "Banjir di Lembah", "Banjir menewaskan 41 orang di Lembah. “Kami pilu,” kata Rano.", "2031-05-01T10:00:00Z", []string{
		"place|Lembah|{\"name\":\"Lembah\",\"kind\":\"city\",\"country\":\"ID\",\"lat\":-6.5,\"lon\":107,\"geonames\":77}",
		"figure|41 orang|{\"what\":\"killed\",\"min\":41,\"max\":41,\"place\":0,\"speaker\":3}",
		"quote|“Kami pilu,” kata Rano|{\"type\":\"direct\",\"content\":[39,49],\"speaker\":{\"start\":56,\"end\":60,\"text\":\"Rano\",\"annotation\":3}}",
		"person|Rano|{\"name\":\"Rano Wirya\",\"role\":\"bupati\",\"organization\":\"Pemda\"}",
	}},
	{"b", "kabar.example", "xx", "Badai", "Sari Dewi dan RANO WIRYA melihat 5 tewas di Lembah.", "2031-05-02T10:00:00Z", []string{
		"person|Sari Dewi|{\"name\":\"Sari Dewi\"}",
		"person|RANO WIRYA|{\"name\":\"RANO WIRYA\",\"role\":\"Bupati\"}",
		"figure|5 tewas|{\"what\":\"killed\",\"max\":5}",
		"place|Lembah|{\"name\":\"LEMBAH\",\"kind\":\"city\",\"country\":\"ID\",\"lat\":-6.5,\"lon\":107,\"geonames\":77}",
	}},
	{"c", "aneka.example", "zz", "洪水", "北京有9人受伤，称瓦兹。瓦兹说。", "2031-04-30T10:00:00Z", []string{
		"place|北京|{\"name\":\"北京\",\"kind\":\"city\"}",
		"figure|9人受伤|{\"what\":\"injured\",\"min\":9,\"date\":2}",
		"date|有|{\"type\":\"DATE\",\"value\":\"2031-04-29\"}",
		"person|瓦兹|{\"name\":\"瓦兹\"}",
		"person|瓦兹|{\"name\":\"瓦兹\",\"same_as\":3}",
	}},
}

// publishCounted publishes counted and gives the pages by name, and their
// versions' names.
func (e *env) publishCounted() (map[string]store.Page, map[int64]string) {
	e.Helper()
	return e.publishAll(counted)
}

func (e *env) publishAll(list []published) (map[string]store.Page, map[int64]string) {
	e.Helper()
	a := search.NewAnalyzer(lang.Builtin())
	pages, names := map[string]store.Page{}, map[int64]string{}
	for _, host := range []string{"kabar.example", "aneka.example"} {
		e.ok(e.s.Finish(e.ctx, e.unit(work.Follow, e.outlet(host).N)))
	}
	for _, c := range list {
		p, err := e.s.AddPage(e.ctx, e.found("https://"+c.host+"/"+c.name), dateline.OutletID(c.host))
		e.ok(err)
		k := e.fetch(p, c.text)
		r := text(k, "read/1", c.title, c.text)
		r.Article.Language, r.Article.Published = c.language, c.published
		r.Terms = store.Terms{}
		for _, t := range a.AppendTerms(nil, c.title, "") {
			r.Terms.Title = append(r.Terms.Title, t.Text)
		}
		for _, t := range a.AppendTerms(nil, c.text, "") {
			r.Terms.Text = append(r.Terms.Text, t.Text)
		}
		saved, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
		e.ok(err)
		e.ok(e.s.SaveMarks(e.ctx, e.unit(work.Annotate, saved.Version), saved.Version, "standard/1", marksOf(c.text, c.marks)))
		pages[c.name], names[saved.Version] = saved.Page, c.name
	}
	return pages, names
}

// marksOf makes marks of kind, words and value, each word once more behind the
// one before; a sentence ends with its full stop.
func marksOf(text string, list []string) (out []dateline.Mark) {
	used := map[string]int{}
	for _, line := range list {
		f := strings.SplitN(line, "|", 3)
		from := used[f[1]]
		at := from + strings.Index(text[from:], f[1])
		used[f[1]] = at + len(f[1])
		begin := 0
		stops := func(r rune) bool { return r == '.' || r == '。' }
		if i := strings.LastIndexFunc(text[:at], stops); i >= 0 {
			begin = i + 1
			for begin < len(text) && (text[begin] == '.' || text[begin] == ' ' || text[begin]&0xc0 == 0x80) {
				begin++
			}
		}
		end := len(text)
		if i := strings.IndexFunc(text[at+len(f[1]):], stops); i >= 0 {
			end = at + len(f[1]) + i
		}
		n := func(i int) int { return len([]rune(text[:i])) }
		out = append(out, dateline.Mark{Kind: dateline.AnnotationKind(f[0]), Start: n(at), End: n(at + len(f[1])), Sentence: [2]int{n(begin), n(end)}, By: "x/1", Value: json.RawMessage(f[2])})
	}
	return out
}

func (e *env) parse(query string) *search.Query {
	e.Helper()
	q, err := search.Parse(query)
	e.ok(err)
	return q
}

func tallies(list []store.Tally) string {
	var out []string
	for _, t := range list {
		out = append(out, fmt.Sprintf("%s %d", t.Value, t.N))
	}
	return strings.Join(out, ", ")
}

func facets(e *env) {
	pages, _ := e.publishCounted()
	a := search.NewAnalyzer(lang.Builtin())
	kabar, aneka := dateline.OutletID("kabar.example"), dateline.OutletID("aneka.example")
	show := func(query string, o store.FacetOptions) string {
		e.Helper()
		f, err := e.s.Facets(e.ctx, e.parse(query), a, o)
		e.ok(err)
		return fmt.Sprintf("%d %t; %s; %s; %s; %s; %s", f.Total, f.More, tallies(f.Outlets), tallies(f.Languages), tallies(f.Places), tallies(f.Persons), tallies(f.Days))
	}
	e.same(fmt.Sprintf("3 false; %s 2, %s 1; xx 2, zz 1; LEMBAH 2, 北京 1; RANO WIRYA 2, Sari Dewi 1, 瓦兹 1; 2031-04-30 1, 2031-05-01 1, 2031-05-02 1", kabar, aneka), show("", store.FacetOptions{}))
	e.same(fmt.Sprintf("1 true; %s 1; xx 1; LEMBAH 1; RANO WIRYA 1; 2031-05-02 1", kabar), show("", store.FacetOptions{Among: 1, Each: 1}))
	e.same(fmt.Sprintf("1 false; %s 1; xx 1; Lembah 1; Rano Wirya 1; 2031-05-01 1", kabar), show("banjir", store.FacetOptions{}))
	e.same("0 false; ; ; ; ; ", show("gempa", store.FacetOptions{}))
	f, err := e.s.Facets(e.ctx, nil, a, store.FacetOptions{})
	e.ok(err)
	e.same("The kabar.example", f.Outlets[0].Label)

	_, err = e.s.Erase(e.ctx, []int64{pages["b"].N}, "", e.time)
	e.ok(err)
	e.same(fmt.Sprintf("2 false; %s 1, %s 1; xx 1, zz 1; Lembah 1, 北京 1; Rano Wirya 1, 瓦兹 1; 2031-04-30 1, 2031-05-01 1", min(aneka, kabar), max(aneka, kabar)), show("", store.FacetOptions{}))
}

func statements(e *env) {
	pages, names := e.publishCounted()
	a := search.NewAnalyzer(lang.Builtin())
	list := func(query string, o store.StatementOptions) (out []store.Statement) {
		e.Helper()
		for st, err := range e.s.Statements(e.ctx, e.parse(query), a, o) {
			if err != nil {
				e.Fatalf("%s %+v: %v", query, o, err)
			}
			out = append(out, st)
		}
		return out
	}
	show := func(list []store.Statement) string {
		var out []string
		for _, st := range list {
			out = append(out, names[st.Hit.Version]+fmt.Sprint(st.N))
		}
		return strings.Join(out, " ")
	}
	for _, tt := range []struct {
		query string
		o     store.StatementOptions
		want  string
	}{
		{"", store.StatementOptions{}, "b0 b1 b2 b3 a0 a1 a2 a3 c0 c1 c2 c3 c4"},
		{"", store.StatementOptions{Order: store.Oldest}, "c0 c1 c2 c3 c4 a0 a1 a2 a3 b0 b1 b2 b3"},
		{"", store.StatementOptions{Limit: 3}, "b0 b1 b2"},
		{"", store.StatementOptions{Kind: "figure"}, "b2 a1 c1"},
		{"", store.StatementOptions{Kind: "figure", Order: store.Oldest}, "c1 a1 b2"},
		{"", store.StatementOptions{What: "killed"}, "b2 a1"},
		{"", store.StatementOptions{Kind: "quote", What: "killed"}, ""},
		{"", store.StatementOptions{Order: store.Greatest}, "a1 c1 b2"},
		{"", store.StatementOptions{Order: store.Least}, "b2 c1 a1"},
		{"", store.StatementOptions{Order: store.Greatest, What: "killed"}, "a1 b2"},
		{"lang:xx", store.StatementOptions{Order: store.Least}, "b2 a1"},
		{"banjir", store.StatementOptions{Kind: "figure"}, "a1"},
		{"", store.StatementOptions{Kind: "person", Name: "rano  wirya "}, "b1 a3"},
		{"", store.StatementOptions{Name: "Lembah"}, "b3 a0"},
		{"", store.StatementOptions{Name: "瓦兹"}, "c3 c4"},
		{"", store.StatementOptions{Kind: "person", Name: "Rano"}, ""},
		{"", store.StatementOptions{Kind: "figure", Name: "Rano"}, ""},
		{"", store.StatementOptions{Speaker: "RANO WIRYA"}, "a2"},
		{"", store.StatementOptions{Kind: "quote", Speaker: "Sari Dewi"}, ""},
		{"gempa", store.StatementOptions{}, ""},
	} {
		all := list(tt.query, tt.o)
		if got := show(all); got != tt.want {
			e.Errorf("%s %+v: %s, want %s", tt.query, tt.o, got, tt.want)
		}
		// One after the other.
		o := tt.o
		o.Limit = 1
		var one []store.Statement
		for i := 0; i < 20 && (tt.o.Limit == 0 || i < tt.o.Limit); i++ {
			next := list(tt.query, o)
			if len(next) == 0 {
				break
			}
			one = append(one, next[0])
			o.Cursor = next[0].Cursor
		}
		if got := show(one); got != tt.want {
			e.Errorf("%s %+v, one after the other: %s, want %s", tt.query, tt.o, got, tt.want)
		}
	}
	for _, tt := range []struct{ query, articles, marks string }{
		{"banjir scope:sentence", "a", "a0 a1"},
		{"banjir pilu scope:sentence", "", ""},
		{"pilu -orang scope:sentence", "a", "a2 a3"},
		{"pilu person:rano scope:sentence", "a", "a2 a3"},
		{"orang person:rano scope:sentence", "", ""},
		{"orang figure:killed>=41 lang:xx scope:sentence", "a", "a0 a1"},
		{"(figure:injured OR kata) scope:sentence", "a c", "a2 a3 c0 c1 c2 c3"},
		{"(pilu OR lang:zz) scope:sentence", "a c", "a2 a3 c0 c1 c2 c3 c4"},
		{"lang:xx -has:figure scope:sentence", "b a", "a2 a3"},
		{"title:badai scope:sentence", "b", ""},
		{"北京 瓦兹 scope:sentence", "c", "c0 c1 c2 c3"},
	} {
		var got []string
		for h, err := range e.s.Search(e.ctx, e.parse(tt.query), a, store.Options{}) {
			e.ok(err)
			got = append(got, names[h.Version])
		}
		if s := strings.Join(got, " "); s != tt.articles {
			e.Errorf("%s: %s, want %s", tt.query, s, tt.articles)
		}
		if s := show(list(tt.query, store.StatementOptions{})); s != tt.marks {
			e.Errorf("%s: %s, want %s", tt.query, s, tt.marks)
		}
		f, err := e.s.Facets(e.ctx, e.parse(tt.query), a, store.FacetOptions{})
		e.ok(err)
		e.same(len(got), f.Total)
	}
	brief := func(st store.Statement) string {
		return strings.Join([]string{st.Mark.Text, st.Sentence, st.Place, st.Date, st.Speaker, st.Hit.Title}, "|")
	}
	all := list("", store.StatementOptions{})
	e.same("41 orang|Banjir menewaskan 41 orang di Lembah|Lembah||Rano Wirya|Banjir di Lembah", brief(all[5]))
	e.same("“Kami pilu,” kata Rano|“Kami pilu,” kata Rano|||Rano Wirya|Banjir di Lembah", brief(all[6]))
	e.same("9人受伤|北京有9人受伤，称瓦兹||2031-04-29||洪水", brief(all[9]))
	e.same("瓦兹|瓦兹说||||洪水", brief(all[12]))
	hits := e.list(store.Options{})
	e.same(hits[0], all[0].Hit)
	e.same(hits[2], all[9].Hit)

	bare := list("", store.StatementOptions{Bare: true})
	for i := range all {
		want := all[i]
		want.Sentence, want.Place, want.Date, want.Speaker, want.Mark.Text = "", "", "", "", ""
		e.same(want, bare[i])
	}

	r, err := e.s.PutReview(e.ctx, store.Review{Version: all[5].Hit.Version, Kind: all[5].Mark.Kind, Start: all[5].Mark.Start, End: all[5].Mark.End, Verdict: store.Rejected, Reason: "no"})
	e.ok(err)
	e.same([]store.Review{r}, list("banjir", store.StatementOptions{Kind: "figure"})[0].Reviews)

	for _, o := range []store.StatementOptions{{Cursor: "x"}, {Cursor: "t1.2"}, {Cursor: all[0].Cursor, Order: store.Greatest}, {Order: "best"}} {
		for _, err := range e.s.Statements(e.ctx, nil, a, o) {
			e.is(err, dateline.ErrInvalid)
		}
	}
	_, err = e.s.Erase(e.ctx, []int64{pages["a"].N}, "", e.time)
	e.ok(err)
	e.same("b2 c1", show(list("", store.StatementOptions{Kind: "figure"})))
	e.same("b1", show(list("", store.StatementOptions{Name: "Rano Wirya"})))
}

// findMerged finds once what was in two pages that become one.
func findMerged(e *env) {
	const body = "Sama 41 orang."
	mark := marksOf(body, []string{`figure|41 orang|{"what":"killed","min":41,"max":41}`, `person|Sama|{"name":"Sama"}`})
	one, two := e.page(each(1)), e.page("https://lain.example/2")
	v := e.publish(one, body).Version
	e.ok(e.s.SaveMarks(e.ctx, e.unit(work.Annotate, v), v, "standard/1", mark))
	w := e.publish(two, body).Version
	e.ok(e.s.SaveMarks(e.ctx, e.unit(work.Annotate, w), w, "standard/1", mark))
	count := func() (figures, persons int) {
		for _, err := range e.s.Statements(e.ctx, nil, nil, store.StatementOptions{Order: store.Greatest}) {
			e.ok(err)
			figures++
		}
		n, err := e.s.Name(e.ctx, dateline.KindPerson, "sama")
		e.ok(err)
		return figures, n.Articles
	}
	if f, p := count(); f != 2 || p != 2 {
		e.Fatalf("%d figures, %d articles before", f, p)
	}
	e.pass(2 * time.Hour)
	k := e.fetch(e.current(two.N), "<p>again")
	r := text(k, "read/1", "Flood in Lembah", body)
	r.Keys = []string{keyOf(e, each(1))}
	_, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
	e.ok(err)
	if f, p := count(); f != 1 || p != 1 {
		e.Errorf("%d figures, %d articles after", f, p)
	}
}

func keyOf(e *env, address string) string {
	k, err := dateline.PageKey(address)
	e.ok(err)
	return k
}

func pagesAndVolume(e *env) {
	pages, _ := e.publishCounted()
	kabar := dateline.OutletID("kabar.example")
	e.pass(24 * time.Hour)
	e.fetch(pages["a"], "again")
	_, err := e.s.AddPage(e.ctx, e.found("https://kabar.example/unread"), kabar)
	e.ok(err)
	var got []string
	for cursor := int64(0); ; {
		list, err := e.s.ListPages(e.ctx, kabar, cursor, 2)
		e.ok(err)
		if len(list) == 0 {
			break
		}
		for _, p := range list {
			got = append(got, p.URL[len("https://kabar.example/"):])
			cursor = p.N
		}
	}
	e.same([]string{"unread", "b", "a"}, got)
	v, err := e.s.Volume(e.ctx, kabar, 3)
	e.ok(err)
	e.same("2031-05-03 0, 2031-05-04 2, 2031-05-05 1", tallies(v))
	_, err = e.s.ListPages(e.ctx, "none", 0, 2)
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.Volume(e.ctx, "none", 2)
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.Erase(e.ctx, []int64{pages["a"].N}, "", e.time)
	e.ok(err)
	v, err = e.s.Volume(e.ctx, kabar, 2)
	e.ok(err)
	e.same("2031-05-04 1, 2031-05-05 0", tallies(v))
}

// best orders by how well words fit.
func best(e *env) {
	a := search.NewAnalyzer(lang.Builtin())
	names := map[int64]string{}
	for i, c := range []struct{ title, body string }{
		{"Flood", "Water everywhere and more of it than before."},
		{"Markets", "A flood of orders came in."},
		{"Weather", "Flood after flood, a flood of floods."},
		{"Harvest", "Nothing of it."},
	} {
		k := e.fetch(e.page(each(i)), c.body)
		r := text(k, "read/1", c.title, c.body)
		r.Article.Published = fmt.Sprintf("2031-05-04T0%d:00:00Z", i)
		r.Terms = store.Terms{}
		for _, t := range a.AppendTerms(nil, c.title, "") {
			r.Terms.Title = append(r.Terms.Title, t.Text)
		}
		for _, t := range a.AppendTerms(nil, c.body, "") {
			r.Terms.Text = append(r.Terms.Text, t.Text)
		}
		saved, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
		e.ok(err)
		names[saved.Version] = c.title
	}
	find := func(query string, o store.Options) (out []string, last string) {
		for h, err := range e.s.Search(e.ctx, e.parse(query), a, o) {
			e.ok(err)
			out, last = append(out, names[h.Version]), h.Cursor
		}
		return out, last
	}
	got, _ := find("flood", store.Options{Best: true})
	e.same([]string{"Flood", "Weather", "Markets"}, got)
	got, _ = find("flood -orders", store.Options{Best: true})
	e.same([]string{"Flood", "Weather"}, got)
	got, _ = find("lang:xx", store.Options{Best: true, Limit: 2}) // no words: the newest
	e.same([]string{"Harvest", "Weather"}, got)
	var all []string
	o := store.Options{Best: true, Limit: 1}
	for range 5 {
		got, last := find("flood", o)
		if len(got) == 0 {
			break
		}
		all, o.Cursor = append(all, got...), last
	}
	e.same([]string{"Flood", "Weather", "Markets"}, all)
	for _, cursor := range []string{"x", "b", "bz.z", "b1.1.1"} {
		for _, err := range e.s.Search(e.ctx, e.parse("flood"), a, store.Options{Best: true, Cursor: cursor}) {
			e.is(err, dateline.ErrInvalid)
		}
	}
}

// findEnded ends contexts: what is found then is an error that says so.
func findEnded(e *env) {
	e.publishCounted()
	a := search.NewAnalyzer(lang.Builtin())
	ctx, cancel := context.WithDeadline(e.ctx, time.Unix(1, 0))
	defer cancel()
	q := e.parse("banjir scope:sentence")
	_, err := e.s.Facets(ctx, q, a, store.FacetOptions{})
	e.is(err, context.DeadlineExceeded)
	_, err = e.s.Name(ctx, dateline.KindPerson, "Rano Wirya")
	e.is(err, context.DeadlineExceeded)
	_, err = e.s.Places(ctx, q, a, 1)
	e.is(err, context.DeadlineExceeded)
	for _, err := range e.s.Statements(ctx, q, a, store.StatementOptions{}) {
		e.is(err, context.DeadlineExceeded)
	}
	for _, best := range []bool{false, true} {
		for _, err := range e.s.Search(ctx, q, a, store.Options{Best: best}) {
			e.is(err, context.DeadlineExceeded)
		}
	}
	// Who asks next has an answer.
	_, err = e.s.Name(e.ctx, dateline.KindPerson, "Rano Wirya")
	e.ok(err)
}
