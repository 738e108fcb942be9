package main

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"dateline"
	"dateline/fetch"
)

// said is an error as its user reads it. Errors carry words that tell programs
// of what class they are: "connection closed without a response: corrupt",
// "not now: the disk is full". Where a sentence stands beside such a word it
// says more than the word does, which is left out then.
func said(err error) string { return plainWords(err.Error()) }

// plainWords is said of a text that was an error once.
func plainWords(s string) string {
	if first, rest, ok := strings.Cut(s, "\n"); ok {
		return plainWords(first) + "\n" + plainWords(rest)
	}
	var kept []string
	parts := strings.Split(s, ": ")
	for i, part := range parts {
		word, advice, _ := strings.Cut(part, "; ")
		switch {
		case !slices.Contains(classes, word):
		case part == word && i < len(parts)-1:
			continue // what follows says why
		case len(kept) > 0 && isSentence(kept[len(kept)-1], word):
			if advice != "" {
				kept[len(kept)-1] += "; " + advice
			}
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, ": ")
}

// classes are the words of the errors that callers decide on and that say
// nothing to people. "refused" and "too large" do.
var classes = []string{dateline.ErrNotFound.Error(), dateline.ErrInvalid.Error(), dateline.ErrCorrupt.Error(), dateline.ErrLater.Error()}

// isSentence tells whether a text says what happened, and not only to what: of
// "article of https://..." one has to read that it was not found.
func isSentence(s, class string) bool {
	if class == dateline.ErrNotFound.Error() {
		return strings.HasPrefix(s, "no ")
	}
	return strings.Count(s, " ") >= 2
}

var refusedAddress = regexp.MustCompile(`address (\S+) is [^:]+: refused`)

// ownNetwork tells whether an error, or the text that is kept of one, is a
// refusal that --allow-private lifts.
func ownNetwork(s string) bool {
	m := refusedAddress.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	a, err := netip.ParseAddr(m[1])
	return err == nil && fetch.Guard{AllowPrivate: true}.Check(netip.AddrPortFrom(a, 80)) == nil
}

// keptReason is the reason that the record keeps of a failure, with what its
// reader can do about it.
func keptReason(s string) string {
	if ownNetwork(s) {
		s += "; dateline follow --allow-private asks addresses of your own network"
	}
	return plainWords(s)
}
