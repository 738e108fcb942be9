package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// makeCalendars makes the names of months, weekdays and halves of the day in
// every language CLDR has them for, the order in which day, month and year are
// written, and the calendars that are in use, out of the CLDR packages.
//
// The file is text, compressed: tab-separated lines that begin with their
// kind. lang/calendar_names.go reads them; the hand-written
// lang/calendar_extra.tsv has the same lines.
//
//	lang    TAG ORDER agree|vary REGION common|rare   what follows is of this language
//	dot                                   clock times are written 9.30
//	month   CALENDAR N WIDE ABBREVIATED   names separated by |
//	weekday N NAMES                       0 is Sunday
//	forenoon, afternoon NAMES             "a.m.", "p.m."
//	order   TAG ORDER                     where neither language nor region tells
//	region  REGION ORDER CALENDARS        the most usual calendar first
//	alias   TAG TAG
//	fold    LETTER LETTERS                written like it in a folded name
//
// Languages stand in the order of how many people use them, because a name
// that two languages give to different months is more likely of the larger.
func makeCalendars(in input) ([]byte, error) {
	g := calendars{
		dates:   make(map[string]gregorian),
		months:  make(map[string]map[string]names),
		people:  make(map[string]float64),
		regions: make(map[string][]string),
	}
	if err := g.read(in); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	text.WriteString("# Made by gendata from CLDR (Unicode-3.0); see NOTICE. Do not edit.\n")
	g.writeLanguages(&text)
	g.writeOrders(&text)
	writeFold(&text)

	return compress(text.Bytes())
}

// writeLanguages writes the names, those of a language's regions and scripts
// together. "und" is what languages have that do not name months themselves.
func (g *calendars) writeLanguages(out *bytes.Buffer) {
	locales := make(map[string][]string) // language: its locales, itself first
	for _, l := range slices.Sorted(maps.Keys(g.dates)) {
		// Scripts that were invented for English and have no newspapers.
		if !strings.HasSuffix(l, "-Dsrt") && !strings.HasSuffix(l, "-Shaw") {
			locales[language(l)] = append(locales[language(l)], l)
		}
	}
	tags := slices.SortedFunc(maps.Keys(locales), func(a, b string) int {
		return cmp.Or(cmp.Compare(g.people[b], g.people[a]), cmp.Compare(a, b))
	})
	for _, tag := range tags {
		var body bytes.Buffer
		monthOf := make(map[string]string) // name: month, of the Gregorian calendar
		for _, c := range []string{"gregorian", "persian", "islamic"} {
			for m := 1; m <= 12; m++ {
				g.writeMonth(&body, c, strconv.Itoa(m), tag, locales[tag], monthOf)
			}
		}
		if body.Len() == 0 {
			continue
		}
		var days [7]list
		var am, pm list
		for _, l := range locales[tag] {
			d := g.dates[l]
			for i, key := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
				for _, name := range d.Days.all("wide", "abbreviated", key) {
					// The root's names are the keys, for machines.
					if !strings.EqualFold(name, key) || tag == "en" {
						days[i].add(affixed(name, 'E', d.DateFormats)...)
					}
				}
			}
			am.add(d.DayPeriods.all("wide", "abbreviated", "am")...)
			pm.add(d.DayPeriods.all("wide", "abbreviated", "pm")...)
		}
		for i, l := range days {
			if len(l) > 0 {
				fmt.Fprintf(&body, "weekday\t%d\t%s\n", i, l)
			}
		}
		if len(am) > 0 && len(pm) > 0 {
			fmt.Fprintf(&body, "forenoon\t%s\nafternoon\t%s\n", am, pm)
		}
		order, agree := g.languageOrder(tag, locales[tag])
		level := "rare"
		if g.coverage[tag] != "" || tag == "und" {
			level = "common"
		}
		fmt.Fprintf(out, "lang\t%s\t%s\t%s\t%s\t%s\n", tag, order, agree, region(g.full(tag)), level)
		if t := string(g.dates[tag].TimeFormats["short"]); strings.Contains(t, "H.mm") || strings.Contains(t, "HH.mm") {
			out.WriteString("dot\n")
		}
		out.Write(body.Bytes())
	}
}

// writeMonth writes a month's names. Names with digits in them are left to the
// rules for numbers; names the root has too are written with the root only.
func (g *calendars) writeMonth(out *bytes.Buffer, calendar, month, tag string, locales []string, monthOf map[string]string) {
	var wide, abbreviated list
	for _, l := range locales {
		months := g.dates[l].Months
		if calendar != "gregorian" {
			months = g.months[calendar][l]
		}
		root := g.months[calendar]["und"]
		for i, width := range []string{"wide", "abbreviated"} {
			if i > 0 && calendar != "gregorian" {
				break // Mostly the root's, and too short to be told apart.
			}
			for _, name := range months.all(width, "", month) {
				if tag != "und" && calendar != "gregorian" && slices.Contains(root.all(width, "", month), name) {
					continue
				}
				if strings.ContainsFunc(name, unicode.IsDigit) || utf8.RuneCountInString(strings.Trim(name, ".")) < 2 {
					continue
				}
				// Two locales of a language that differ: the first has it.
				// Some packages also carry the names of the Gregorian
				// calendar under another's.
				for _, n := range affixed(name, 'M', g.dates[l].DateFormats) {
					if have, ok := monthOf[n]; ok && (have != month || calendar != "gregorian") {
						continue
					}
					if calendar == "gregorian" {
						monthOf[n] = month
					}
					if i == 0 {
						wide.add(n)
					} else if !slices.Contains(wide, n) {
						abbreviated.add(n)
					}
				}
			}
		}
	}
	if len(wide)+len(abbreviated) > 0 {
		fmt.Fprintf(out, "month\t%s\t%s\t%s\t%s\n", calendar, month, wide, abbreviated)
	}
}

// all returns the names for the key in both contexts. A second width may be
// named.
func (n names) all(width, second, key string) list {
	var l list
	for _, w := range []string{width, second} {
		for _, context := range []string{"format", "stand-alone"} {
			l.add(n[context][w][key])
		}
	}
	return l
}

// affixed is a name and its forms in the date formats, where letters are
// written together with it: a prefix (Hebrew "in"), an ending (Basque "of").
func affixed(name string, field rune, formats map[string]pattern) list {
	l := list{name}
	for _, width := range slices.Sorted(maps.Keys(formats)) {
		if width != "short" {
			before, after := affixes(string(formats[width]), field)
			l.add(before + name + after)
		}
	}
	return l
}

// affixes returns the letters that directly precede and follow the field of a
// date pattern.
func affixes(pattern string, field rune) (before, after string) {
	type piece struct {
		r       rune
		literal bool
	}
	var pieces []piece
	quoted := false
	for _, r := range pattern {
		if r == '\'' {
			quoted = !quoted
			continue
		}
		pieces = append(pieces, piece{r, quoted || r > unicode.MaxASCII})
	}
	is := func(p piece) bool {
		return !p.literal && (p.r == field || field == 'M' && p.r == 'L' || field == 'E' && p.r == 'c')
	}
	first := slices.IndexFunc(pieces, is)
	if first < 0 {
		return "", ""
	}
	last := first
	for last+1 < len(pieces) && is(pieces[last+1]) {
		last++
	}
	letter := func(p piece) bool {
		return p.literal && (unicode.IsLetter(p.r) || unicode.IsMark(p.r)) && !unicode.Is(unicode.Han, p.r)
	}
	for i := first - 1; i >= 0 && letter(pieces[i]); i-- {
		before = string(pieces[i].r) + before
	}
	for i := last + 1; i < len(pieces) && letter(pieces[i]); i++ {
		after += string(pieces[i].r)
	}
	return before, after
}

// languageOrder is the order of day, month and year in a language, and
// whether nine in ten of its locales agree on which of day and month is first.
func (g *calendars) languageOrder(tag string, locales []string) (order, agree string) {
	order = dateOrder(g.dates[tag])
	differ := 0
	for _, l := range locales {
		if o := dateOrder(g.dates[l]); (o == "mdy") != (order == "mdy") {
			differ++
		}
	}
	if differ*10 > len(locales) {
		return order, "vary"
	}
	return order, "agree"
}

// dateOrder is the order of the fields in the short format: dmy, mdy or ymd.
func dateOrder(d gregorian) string {
	order := ""
	for _, r := range strings.ToLower(string(d.DateFormats["short"])) {
		if strings.ContainsRune("dmy", r) && !strings.ContainsRune(order, r) {
			order += string(r)
		}
	}
	if order == "" {
		order = "ymd"
	}
	return order
}

// writeOrders writes what is known of regions, the locales that differ from
// both their language and their region, and withdrawn codes.
func (g *calendars) writeOrders(out *bytes.Buffer) {
	orders := make(map[string]string)
	for _, r := range slices.Sorted(maps.Keys(g.regions)) {
		full := g.likely["und-"+r]
		if full == "" {
			full = "en-Latn-" + r
		}
		p := strings.Split(full, "-")
		for _, l := range []string{full, p[0] + "-" + p[2], p[0] + "-" + p[1], p[0]} {
			if d, ok := g.dates[l]; ok {
				orders[r] = dateOrder(d)
				break
			}
		}
		if orders[r] == "" {
			continue
		}
		list := g.regions[r]
		if len(list) == 0 {
			list = []string{"gregorian"}
		}
		fmt.Fprintf(out, "region\t%s\t%s\t%s\n", r, orders[r], strings.Join(list, ","))
	}
	for _, l := range slices.Sorted(maps.Keys(g.dates)) {
		if l == language(l) {
			continue
		}
		guess, ok := orders[region(l)]
		if !ok {
			guess = dateOrder(g.dates[language(l)])
		}
		if o := dateOrder(g.dates[l]); o != guess {
			fmt.Fprintf(out, "order\t%s\t%s\n", l, o)
		}
	}
	for _, from := range slices.Sorted(maps.Keys(g.aliases)) {
		if _, ok := g.dates[g.aliases[from]]; ok && from != g.aliases[from] {
			fmt.Fprintf(out, "alias\t%s\t%s\n", from, g.aliases[from])
		}
	}
}

// full is the locale with its likely script and region.
func (g *calendars) full(tag string) string {
	if f := g.likely[tag]; f != "" {
		return f
	}
	return tag
}

// writeFold writes the letters that stand for the same letter once marks are
// taken off, for the scripts in which writers leave marks off.
func writeFold(out *bytes.Buffer) {
	scripts := []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew,
		unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Oriya}
	same := make(map[rune]list)
	for r := rune(0x80); r < 0x2100; r++ {
		if !unicode.In(r, scripts...) {
			continue
		}
		d := []rune(norm.NFD.String(string(r)))
		if len(d) < 2 || slices.ContainsFunc(d[1:], func(m rune) bool { return !unicode.Is(unicode.Mn, m) }) {
			continue
		}
		base := unicode.ToLower(d[0])
		same[base] = append(same[base], string(r))
	}
	for _, base := range slices.Sorted(maps.Keys(same)) {
		fmt.Fprintf(out, "fold\t%c\t%s\n", base, strings.Join(same[base], ""))
	}
}

// list is a list of different names.
type list []string

func (l *list) add(names ...string) {
	for _, n := range names {
		n = strings.Join(strings.Fields(n), " ")
		n = strings.Trim(n, "\u200e\u200f\u061c")
		if n != "" && !slices.Contains(*l, n) {
			*l = append(*l, n)
		}
	}
}

func (l list) String() string { return strings.Join(l, "|") }

// language is the first subtag.
func language(tag string) string {
	l, _, _ := strings.Cut(tag, "-")
	return l
}

// region is the subtag of a country, or "-".
func region(tag string) string {
	for i, p := range strings.Split(tag, "-") {
		if i > 0 && len(p) == 2 && p == strings.ToUpper(p) {
			return p
		}
	}
	return "-"
}
