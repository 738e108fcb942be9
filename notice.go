package dateline

import _ "embed"

// Notice is the program's licence notice and the sources of its built-in data.
//
//go:embed NOTICE
var Notice string
