package main

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

//go:embed peers.tsv
var peersTSV string

//go:embed floors.tsv
var floorsTSV string

// table is lines of tab-separated cells, keyed by their first two.
func table(tsv string) map[[2]string][]string {
	t := map[[2]string][]string{}
	for line := range strings.Lines(tsv) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) >= 3 {
			t[[2]string{f[0], f[1]}] = f[2:]
		}
	}
	return t
}

// printReport writes the measures of each corpus beside the peers' and the goals.
func printReport(w io.Writer, results []result) {
	peers := table(peersTSV)
	fmt.Fprintf(w, "%-16s %-15s %5s %7s   %11s %11s %6s %6s\n", "corpus", "measure", "pages", "reached", "trafilatura", "readability", "asked", "aim")
	for _, r := range results {
		for _, m := range r.all.measures() {
			p := peers[[2]string{r.corpus, m.name}]
			for len(p) < 4 {
				p = append(p, "")
			}
			mark := ""
			if aim, err := strconv.ParseFloat(p[3], 64); err == nil && m.value >= aim {
				mark = "  aim reached"
			} else if asked, err := strconv.ParseFloat(p[2], 64); err == nil && m.value < asked {
				mark = "  below what is asked"
			}
			fmt.Fprintf(w, "%-16s %-15s %5d %7.4f   %11s %11s %6s %6s%s\n", r.corpus, m.name, m.n, m.value, p[0], p[1], p[2], p[3], mark)
		}
		for _, l := range slices.Sorted(maps.Keys(r.byLang)) {
			t := r.byLang[l]
			if t.pages < 5 || len(r.byLang) < 2 {
				continue
			}
			fmt.Fprintf(w, "    %-12s", l)
			for _, m := range t.measures() {
				if m.name != "body-precision" && m.name != "body-recall" {
					fmt.Fprintf(w, " %s %.3f (%d)", m.name, m.value, m.n)
				}
			}
			fmt.Fprintln(w)
		}
	}
	if slices.ContainsFunc(results, func(r result) bool { return r.learnt }) {
		fmt.Fprintln(w, "fundus, trafilatura and wcxb: cross-validated; no page is read by a block model that has seen its host.")
	}
}

// slack is how far below its floor a figure may lie: rounding, not loss.
const slack = 0.0005

// checkFloors returns what lies below eval/floors.tsv.
func checkFloors(rows []row) (below []string) {
	floors := table(floorsTSV)
	for _, r := range rows {
		f, ok := floors[[2]string{r.corpus, r.measure}]
		if !ok {
			continue
		}
		floor, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			below = append(below, fmt.Sprintf("%s %s: floors.tsv has %q", r.corpus, r.measure, f[0]))
		} else if r.value < floor-slack {
			below = append(below, fmt.Sprintf("%s %s: %.4f is below the floor %.4f", r.corpus, r.measure, r.value, floor))
		}
	}
	return below
}

// writeFloors writes what is reached as the new floors.
func writeFloors(w io.Writer, rows []row) {
	fmt.Fprintln(w, "# What reading and annotating have reached; CI refuses less. `go run ./eval -floors`\n# rewrites it, and lowering a line needs its reason in the commit.\n# corpus\tmeasure\tfloor")
	for _, r := range rows {
		if r.measure != "body-precision" && r.measure != "body-recall" {
			fmt.Fprintf(w, "%s\t%s\t%.4f\n", r.corpus, r.measure, r.value)
		}
	}
}
