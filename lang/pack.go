package lang

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// builtinFiles are the packs that come with the program.
//
//go:embed packs
var builtinFiles embed.FS

// PackFiles returns the files of the built-in packs, a folder per language at
// the root. It is the first layer to give to [LoadPacks].
func PackFiles() fs.FS {
	sub, err := fs.Sub(builtinFiles, "packs")
	if err != nil {
		panic(err) // The name is a constant and valid.
	}
	return sub
}

// Pack is what one language's folder says. The formats of its files are
// described in packs/README.md. A Pack is read-only once loaded.
type Pack struct {
	Tag       string // BCP 47, the folder's name
	Name      string // of the language, in English
	Script    string // ISO 15924
	Direction string // "ltr" or "rtl"
	Parent    string // tag of the pack asked where this one has no file; empty for none

	// Abbreviations end in a full stop that does not end the sentence.
	// Sorted.
	Abbreviations []string

	set      *Packs
	prefixes []string // folded: "l'" and the like, parted from the word
	suffixes []string // folded: "'s"; "'*" is whatever follows an apostrophe
	attached []string // folded: written before words without space: articles, "and"
	endings  []string // folded: written behind words: clitics
	decimal  string   // the sign between units and tenths
	group    string   // the sign between thousands

	stop []string // stop.txt, folded and sorted: words that sentences begin with and names do not

	ordinalStop bool // a full stop after a number makes an ordinal

	numbers numberTable

	joiners  []string // words that may stand in lower case between names
	phrases  []phrase
	bylines  []BylineWord
	dateline *datelineTable // nil where the pack has no such file

	endingTable *stemTable // nil where the pack has no such file
}

// Set is the packs that this one was loaded with.
func (p *Pack) Set() *Packs { return p.set }

// Packs is a set of language packs. It is safe for concurrent use.
type Packs struct {
	layers   []fs.FS
	byTag    map[string]*Pack
	tags     []string
	problems []error
	asked    sync.Map // names of files that Rows was asked for

	phrases  func() *PhraseSet
	dateline func() *datelineIndex
}

// LoadPacks reads packs from layers, each a file system with a folder per
// language. Where two layers have the same file, the later one's replaces the
// earlier one's as a whole, and an empty file turns the feature off. Files of
// other names are left alone: other readers own them. A line that does not
// follow the format is left out and told by [Packs.Problems]; the error is of
// what cannot be read at all.
func LoadPacks(layers ...fs.FS) (*Packs, error) { return loadPacks(packReaders, layers...) }

func loadPacks(readers []packReader, layers ...fs.FS) (*Packs, error) {
	ps := &Packs{layers: layers, byTag: map[string]*Pack{}}
	for _, layer := range layers {
		dirs, err := fs.ReadDir(layer, ".")
		if err != nil {
			return nil, fmt.Errorf("list language packs: %w", err)
		}
		for _, d := range dirs {
			tag := d.Name()
			if !d.IsDir() || strings.HasPrefix(tag, ".") {
				continue
			}
			p := ps.byTag[tag]
			if p == nil {
				p = &Pack{Tag: tag, Direction: "ltr", set: ps}
				ps.byTag[tag] = p
				ps.tags = append(ps.tags, tag)
			}
			for _, f := range readers {
				name := path.Join(tag, f.name)
				text, err := fs.ReadFile(layer, name)
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if err != nil {
					return nil, fmt.Errorf("read language pack: %w", err)
				}
				if err := f.read(p, name, string(text)); err != nil {
					ps.problems = append(ps.problems, err)
				}
			}
		}
	}
	slices.Sort(ps.tags)
	for _, tag := range ps.tags {
		if err := ps.checkParents(tag); err != nil {
			ps.problems = append(ps.problems, err)
			ps.byTag[tag].Parent = "" // A circle is opened where it was found.
		}
	}
	ps.phrases = sync.OnceValue(func() *PhraseSet { return newPhraseSet(ps) })
	ps.dateline = sync.OnceValue(func() *datelineIndex { return newDatelineIndex(ps) })
	return ps, nil
}

// checkParents reports that a pack's parent is not there, or that its parents
// lead back to it.
func (ps *Packs) checkParents(tag string) error {
	file := tag + "/pack.tsv"
	if parent := ps.byTag[tag].Parent; parent != "" && ps.byTag[parent] == nil {
		return &Problem{File: file, Text: fmt.Sprintf("no pack for parent %q", parent)}
	}
	at := ps.byTag[tag]
	for range len(ps.tags) {
		if at = ps.byTag[at.Parent]; at == nil {
			return nil
		}
		if at.Tag == tag {
			return &Problem{File: file, Text: "parents form a circle"}
		}
	}
	return nil
}

// builtin loads the packs of the program once, when first asked for; their
// phrases come packed.
var builtin = sync.OnceValue(func() *Packs {
	ps, err := loadPacks(readersBut(phrasesFile), PackFiles())
	if err == nil {
		err = errors.Join(ps.problems...)
	}
	if err != nil {
		panic(err) // A test loads them: a program with broken packs is never built.
	}
	ps.phrases = sync.OnceValue(func() *PhraseSet { return unpackPhrases(ps, packedPhrases) })
	return ps
})

// Builtin returns the packs that come with the program, loading them on the
// first call.
func Builtin() *Packs { return builtin() }

// Problems tells what was left out of the packs while they were loaded: a
// [Problem] for each line, all of a file's in one [errors.Join].
func (ps *Packs) Problems() []error { return slices.Clone(ps.problems) }

// Files lists the names of the files that are read of a pack, sorted: those
// this package reads and those that [Pack.Rows] has been asked for.
func (ps *Packs) Files() []string {
	var names []string
	for _, f := range packReaders {
		names = append(names, f.name)
	}
	ps.asked.Range(func(name, _ any) bool {
		names = append(names, name.(string))
		return true
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// Tags lists the languages that have a pack, sorted. The caller owns the
// slice.
func (ps *Packs) Tags() []string { return slices.Clone(ps.tags) }

// Pack returns the pack for a BCP 47 tag: its own or that of the longest
// shorter tag ("xx-Yyyy-ZZ", "xx-Yyyy", "xx"), or nil. Case and the choice of
// "-" or "_" do not matter.
func (ps *Packs) Pack(tag string) *Pack {
	if p := ps.byTag[tag]; p != nil {
		return p
	}
	tag = strings.ReplaceAll(tag, "_", "-")
	for tag != "" {
		for _, t := range ps.tags {
			if strings.EqualFold(t, tag) {
				return ps.byTag[t]
			}
		}
		i := strings.LastIndexByte(tag, '-')
		if i < 0 {
			break
		}
		tag = tag[:i]
	}
	return nil
}

// Phrases returns the page phrases of all packs in one matcher, built on the
// first call. A page often carries furniture in another language than its
// text, so they are always matched together.
func (ps *Packs) Phrases() *PhraseSet { return ps.phrases() }

// Phrases returns the page phrases of the built-in packs.
func Phrases() *PhraseSet { return Builtin().Phrases() }
