// Package standard puts the annotators together, in the order in which each
// has the marks it needs before it.
package standard

import (
	"dateline/annotate"
	"dateline/annotate/dates"
	"dateline/annotate/figures"
	"dateline/annotate/names"
	"dateline/annotate/places"
	"dateline/annotate/quotes"
	"dateline/lang"
)

// New returns a runner of all annotators with the packs' languages.
func New(packs *lang.Packs) *annotate.Runner {
	return annotate.New(packs, dates.New(), names.New(), places.New(), figures.New(), quotes.New())
}
