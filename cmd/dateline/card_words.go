package main

import "strings"

// warnings says in words what a record's warnings mean;
// docs/formats/record.md lists them.
var warnings = map[string]string{
	"no-body":              "no text of an article was found",
	"empty":                "the input had no bytes",
	"paywall":              "the text ends at a paywall; what everybody may see is here",
	"truncated":            "the page ended early or was too long; what came before is here",
	"charset-guessed":      "the page does not say how its characters are written; they were read as the words make most sense",
	"more-pages":           "the article goes on at",
	"body-from-json-ld":    "the page shows no text; this is from its structured data",
	"body-from-page-state": "the page shows no text; this is from the data of its scripts",
	"annotations-cut":      "the text is very long; what is behind the first 2 MiB has no marks",
	"live-page":            "this page is a live report, not one article",
	"video-page":           "this page shows a video",
	"gallery-page":         "this page shows pictures",
	"index-page":           "this page lists articles",
	"challenge-page":       "the server sent a page that tests for robots, not the article",
	"consent-page":         "the server sent a page that asks for consent, not the article",
	"login-page":           "the server sent a page to log in, not the article",
	"error-page":           "the server sent an error, not the article",
	"redirect-page":        "the server sent a page that leads to another, not the article",
	"feed-text":            "the page itself was refused; this is what the feed says of it",
}

// warning is a warning in words, with its name for whoever looks it up.
func warning(w string) string {
	code, rest, _ := strings.Cut(w, ":")
	words := warnings[code]
	if words == "" {
		return w
	}
	if rest != "" {
		words += rest
	}
	return words + " (" + code + ")"
}
