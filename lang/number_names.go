package lang

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// The number words and signs of languages whose pack says nothing of them.
//
// number_names.tsv.gz is generated from CLDR by cmd/gendata, where its lines
// are described.

//go:embed number_names.tsv.gz
var numberNamesData []byte

// numberNames is what CLDR says of a language's numbers.
type numberNames struct {
	decimal, group string
	rows           string // as numbers.tsv has them
}

// allNumberNames is by tag; read when the first pack without numbers.tsv is
// asked for a number.
var allNumberNames = sync.OnceValue(func() map[string]numberNames {
	zr, err := gzip.NewReader(bytes.NewReader(numberNamesData))
	if err != nil {
		panic(fmt.Errorf("number_names.tsv.gz: %w", err)) // Embedded; a test reads it.
	}
	data, err := io.ReadAll(zr)
	if err != nil {
		panic(fmt.Errorf("number_names.tsv.gz: %w", err))
	}
	all := make(map[string]numberNames)
	for section := range strings.SplitSeq(string(data), "lang\t") {
		head, rows, _ := strings.Cut(section, "\n")
		if f := strings.Split(head, "\t"); len(f) == 3 {
			all[f[0]] = numberNames{f[1], f[2], rows}
		}
	}
	return all
})

// namesOfNumbers returns what CLDR says of a language, or of the longest
// shorter tag.
func namesOfNumbers(tag string) numberNames {
	for {
		if n, ok := allNumberNames()[tag]; ok {
			return n
		}
		i := strings.LastIndexByte(tag, '-')
		if i < 0 {
			return numberNames{}
		}
		tag = tag[:i]
	}
}

// numberRows returns the lines of the pack's numbers.tsv; where neither it nor
// a parent has one, CLDR's.
func (p *Pack) numberRows() ([]Row, error) {
	rows, err := p.Rows(numbersFile)
	if len(rows) > 0 || err != nil || p.Has(numbersFile) {
		return rows, err
	}
	return rowsOf("number_names.tsv/"+p.Tag, namesOfNumbers(p.Tag).rows)
}

// Has tells whether the pack or a parent of it has a file. An empty one turns
// its feature off, which is not the same as none.
func (p *Pack) Has(file string) bool {
	for at := p; at != nil; at = at.set.byTag[at.Parent] {
		for _, layer := range at.set.layers {
			if _, err := fs.Stat(layer, path.Join(at.Tag, file)); !errors.Is(err, fs.ErrNotExist) {
				return true
			}
		}
	}
	return false
}
