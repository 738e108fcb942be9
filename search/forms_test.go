package search

import _ "embed"

//go:embed testdata/forms.tsv
var formsTable string
