package search

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// said are the English texts of notes and mistakes, by their codes; {1}, {2} are
// their arguments. Codes stay what they are: others have texts for them.
var said = map[string]string{
	// What was put right.
	"bracket-open":  "the bracket is never closed; taken to close at the end",
	"bracket-alone": "the bracket closes nothing; passed over",
	"or-first":      "OR has nothing before it; passed over",
	"or-last":       "OR has nothing behind it; passed over",
	"quote-open":    "the quote is never closed; taken to close at the end",
	"quote-empty":   "there is no word in the quotes; passed over",
	"field-none":    "{1}: is no field; looked for as words",
	"range-turned":  "the greater number came first; taken the other way round",
	// What no article has.
	"outlet-none": "no outlet is called {1}",
	"lang-absent": "no article is in {1}",
	"place-none":  "no article names a place {1}",
	"person-none": "no article names a person {1}",
	"org-none":    "no article names an organization {1}",
	// Mistakes.
	"query-long":     "it is too long: at most {1} bytes",
	"query-encoding": "it is not UTF-8",
	"terms-many":     "a query has at most {1} words and fields",
	"phrase-long":    "a phrase has at most {1} words",
	"bracket-deep":   "brackets stand more than {1} deep in each other",
	"prefix-short":   "{1}* would find too much; a star needs {2} letters before it",
	"field-like":     "there is no field {1}:; did you mean {2}:? To look for it as it stands, put it in quotes: {3}",
	"field-empty":    "{1}: has nothing behind it; write it as {2}",
	"field-wordless": "{1}: has nothing to look for behind it; write it as {2}",
	"value-like":     "there is no {1}; did you mean {2}?",
	"value-unknown":  "{1} is not known; write it as {2}",
	"scope-inner":    "{1} is of the whole query, and stands in no brackets and behind no minus; write it as {2}",
	"lang-none":      "{1} is no language's tag or name; write it as {2}",
	"date-none":      "{1} is no date; write it as {2}",
	"figure-unknown": "there is no {1}; figures are {2}",
	"figure-none":    "{1} is no figure; write it as {2}",
	"range-half":     "{1} has no number behind the dots; write it as {2}",
}

// Codes are all that notes and mistakes can have, sorted.
func Codes() []string { return slices.Sorted(maps.Keys(said)) }

// say makes what is to be said about a part of a query.
func say(start, end int, code string, args ...any) Note {
	n := Note{Start: start, End: end, Code: code}
	fill := make([]string, 0, 2*len(args))
	for i, a := range args {
		n.Args = append(n.Args, fmt.Sprint(a))
		fill = append(fill, fmt.Sprintf("{%d}", i+1), n.Args[i])
	}
	n.Text = strings.NewReplacer(fill...).Replace(said[code])
	return n
}
