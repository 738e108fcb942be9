package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/lang"
	"dateline/search"
)

// corpus is what searches are made in: each article by a letter.
var corpus = []struct {
	name, host, language, title, text, published string
	kind                                         dateline.Kind
	marks                                        string
}{
	{"a", "kabar.example", "xx", "Flood in Lembah", "Water rose and the prime minister came.", "2031-05-01", "article",
		`[{"kind":"figure","value":{"what":"killed","min":41,"max":41}},{"kind":"person","value":{"name":"Rano Wirya"}}]`},
	{"b", "kabar.example", "xx-YY", "Storm", "The minister was prime in the flood.", "2031-05-02", "opinion",
		`[{"kind":"figure","value":{"what":"killed","min":5}},{"kind":"person","value":{"name":"Sari Rano"}},{"kind":"place","value":{"name":"Lembah","kind":"area"}}]`},
	{"c", "aneka.example", "zz", "Quiet", "Nothing happened, floods none.", "2031-04-30", "article",
		`[{"kind":"figure","value":{"what":"injured","max":9}},{"kind":"organization","value":{"name":"Red Cross"}}]`},
	{"d", "aneka.example", "zz", `A "quoted" AND OR NOT * title`, "北京市发生洪水", "2030-12-31", "live", `[]`},
}

func searching(e *env) {
	a := search.NewAnalyzer(lang.Builtin())
	analyzed := func(s string) (words, stems []string) {
		for _, t := range a.AppendTerms(nil, s, "") {
			words = append(words, t.Text)
			if t.Stem != "" {
				stems = append(stems, t.Stem)
			}
		}
		return words, stems
	}
	names := map[int64]string{}
	for _, host := range []string{"kabar.example", "aneka.example"} {
		src := e.outlet(host)
		it := e.unit(work.Follow, src.N)
		e.ok(e.s.Finish(e.ctx, it))
	}
	for _, c := range corpus {
		p, err := e.s.AddPage(e.ctx, e.found("https://"+c.host+"/"+c.name), dateline.OutletID(c.host))
		e.ok(err)
		save := func(body string) {
			e.Helper()
			k := e.fetch(p, body)
			r := text(k, "read/1", c.title, body)
			r.Article.Kind, r.Article.Language, r.Article.Published = c.kind, c.language, c.published
			r.Terms.Title, r.Terms.TitleStems = analyzed(c.title)
			r.Terms.Text, r.Terms.TextStems = analyzed(body)
			saved, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
			e.ok(err)
			names[saved.Version] = c.name
			var marks []dateline.Mark
			e.ok(json.Unmarshal([]byte(c.marks), &marks))
			for i := range marks {
				marks[i].By = "x/1"
			}
			e.ok(e.s.SaveMarks(e.ctx, e.unit(work.Annotate, saved.Version), saved.Version, "standard/1", marks))
		}
		if c.name == "c" {
			save("Outdated volcano.")
			e.pass(time.Hour)
		}
		save(c.text)
	}
	find := func(query string, o store.Options) []store.Hit {
		e.Helper()
		q, err := search.Parse(query)
		e.ok(err)
		var out []store.Hit
		for h, err := range e.s.Search(e.ctx, q, a, o) {
			if err != nil {
				e.Fatalf("%s: %v", query, err)
			}
			out = append(out, h)
		}
		return out
	}
	for _, tt := range []struct{ query, want string }{
		{"", "b a c d"},
		{"flood", "b a"},
		{"FLOOD minister", "b a"},
		{`"prime minister"`, "a"},
		{"flo*", "b a c"},
		{"flood OR quiet", "b a c"},
		{"flood -storm", "a"},
		{"-flood", "c d"},
		{"-(flood minister) lang:zz", "c d"},
		{"title:flood", "a"},
		{"title:flo*", "a"},
		{"-title:flood flood", "b"},
		{`"quoted AND"`, "d"},
		{"volcano", ""}, // what is not said any more
		{"北京", "d"},
		{"outlet:kabar.example", "b a"},
		{`outlet:"The ANEKA.example"`, "c d"},
		{"outlet:" + dateline.OutletID("aneka.example"), "c d"},
		{"-outlet:kabar.example", "c d"},
		{"outlet:Aneka", "c d"}, // a word of its name
		{`outlet:"aneka example"`, "c d"},
		{"outlet:the", "b a c d"},
		{"-outlet:kabar", "c d"},
		{"outlet:kab", ""},
		{"lang:xx", "b a"},
		{"lang:xx-yy", "b"},
		{"kind:opinion", "b"},
		{"has:change", "c"},
		{"has:person", "b a"},
		{"-has:figure", "d"},
		{"person:rano", "b a"},
		{`person:"RANO Wirya"`, "a"},
		{"person:ran", ""},
		{"place:lembah", "b"},
		{"org:cross", "c"},
		{"-org:cross", "b a d"},
		{"after:2031", "b a c"},
		{"before:2031-05", "c d"},
		{"after:2031-05-01 before:2031-05-02", "a"},
		{"figure:killed", "b a"},
		{"figure:killed>=10", "a"},
		{"figure:killed<10", "b"},
		{"figure:killed=41", "a"},
		{"figure:killed>41", ""},
		{"figure:injured>9", ""},
		{"figure:injured>=9", "c"},
		{"figure:>40", "a"},
		{"-figure:killed flood OR quiet", "c"},
		{"(flood lang:xx-yy) OR kind:live", "b d"},
	} {
		var got []string
		for _, h := range find(tt.query, store.Options{}) {
			got = append(got, names[h.Version])
		}
		if d := cmp.Diff(tt.want, strings.Join(got, " ")); d != "" {
			e.Errorf("%s: %s", tt.query, d)
		}
	}
	// In pages.
	var got []string
	o := store.Options{Limit: 1}
	for hits := find("flo*", o); len(hits) > 0; hits = find("flo*", o) {
		got = append(got, names[hits[0].Version])
		o.Cursor = hits[0].Cursor
	}
	if !slices.Equal(got, []string{"b", "a", "c"}) {
		e.Errorf("in pages: %v", got)
	}
	// As many words as a query may have, none of them there.
	var many []string
	for i := range 32 {
		many = append(many, fmt.Sprintf("kata%c%c*", 'a'+i%26, 'a'+i/26))
	}
	if hits := find(strings.Join(many, " OR "), store.Options{}); len(hits) != 0 {
		e.Errorf("found %v", hits)
	}
}
