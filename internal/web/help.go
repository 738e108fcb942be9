package web

import (
	"net/http"
	"strings"
)

func (s *Server) helpRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/help/query", Need: anyone, Handle: (*call).helpQuery},
	}
}

// helpTopic is one thing that a query can ask for: its texts are those of
// "help.NAME", and its examples are queries that can be run.
type helpTopic struct {
	Name     string
	Write    string // how it is written, where that is no example
	Examples []string
}

// helpTopics are all, by their parts. A test holds them to docs/formats/query.md.
var helpTopics = []struct {
	Part   string
	Topics []helpTopic
}{
	{"words", []helpTopic{
		{"all", "", []string{"flood warning", "banjir"}},
		{"phrase", `"…"`, []string{`"prime minister"`, `"Rano Wirya"`}},
		{"prefix", "*", []string{"flood*"}},
		{"either", "OR |", []string{"flood OR storm", "rain flood OR banjir"}},
		{"not", "- NOT", []string{"flood -storm", "flood NOT storm"}},
		{"group", "( )", []string{"(heavy rain) OR flood", "flood -(storm wind)"}},
		{"unspaced", "", []string{"北京"}},
	}},
	{"fields", []helpTopic{
		{"title", "title:", []string{"title:flood", `title:"prime minister"`, "title:flood*"}},
		{"outlet", "outlet:", []string{"outlet:ledger", `outlet:"Northgate Ledger"`}},
		{"lang", "lang:", []string{"lang:id", "lang:Indonesian", "lang:(id OR ms)", "-lang:en"}},
		{"place", "place:", []string{"place:Jakarta", `place:"New York"`}},
		{"person", "person:", []string{`person:"Rano Wirya"`}},
		{"org", "org:", []string{`org:"Red Cross"`}},
		{"date", "after: before:", []string{"after:2026", "after:2026-01 before:2026-04", "after:2026-03-01"}},
		{"kind", "kind:", []string{"kind:article", "kind:live", "kind:opinion", "kind:interview", "kind:review", "kind:video", "kind:gallery", "kind:index", "kind:notice", "kind:other"}},
		{"has", "has:", []string{"has:change", "has:date", "has:figure", "has:org", "has:person", "has:place", "has:quote"}},
		{"scope", "scope:", []string{"flood figure:killed scope:sentence", "flood figure:killed scope:article"}},
	}},
	{"figures", []helpTopic{
		{"figure", "figure:", []string{"figure:killed", "figure:injured", "figure:missing", "figure:displaced", "figure:detained", "figure:abducted", "figure:rescued", "figure:infected",
			"figure:affected", "figure:other", "figure:money", "figure:percent", "figure:distance", "figure:area", "figure:weight", "figure:duration", "figure:count"}},
		{"bounds", "> >= = <= < ..", []string{"figure:killed>=10", "figure:killed<5", "figure:killed=10", "figure:killed=10..20", "figure:>1000000"}},
		{"numbers", "", []string{"figure:money>=1,200,000", "figure:percent>2.5"}},
	}},
}

// helpQuery says how queries are written.
func (c *call) helpQuery() error {
	return c.page(http.StatusOK, "help", view{Title: c.T("help.query")}, helpTopics)
}

// QueryHelp is the address of what is said of queries, at what a note is of.
func (c *call) QueryHelp(code string) string {
	at := ""
	switch kind, _, _ := strings.Cut(code, "-"); kind {
	case "field", "value":
		at = "#fields"
	case "scope", "lang", "date", "outlet", "place", "person", "org":
		at = "#" + kind
	case "figure", "range":
		at = "#figures"
	case "prefix":
		at = "#prefix"
	case "or":
		at = "#either"
	case "bracket":
		at = "#group"
	case "quote", "phrase":
		at = "#phrase"
	case "terms", "query":
		at = "#limits"
	}
	return c.URL("/help/query") + at
}
