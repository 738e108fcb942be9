package lang

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The words of dates, of all languages at once.
//
// They are kept in one tree of runes, so that a word is looked up while it is
// read, in the text itself and without a copy; a step down the tree is a
// probe of a hash table whose keys are (node, rune). A place in the tree has a
// chain of meanings: "mar" is a month in Spanish and a weekday in French.
//
// calendar_names.tsv.gz is generated from CLDR by cmd/gendata, where its lines
// are described; calendar_extra.tsv and date_zones.tsv are written by hand.

//go:embed calendar_names.tsv.gz
var calendarNamesData []byte

//go:embed calendar_extra.tsv
var calendarExtraData string

//go:embed date_zones.tsv
var dateZonesData string

// wordKind is what a word does in a date. Kinds are bits, so that a lookup can
// ask for several.
type wordKind uint32

const (
	wordMonth     wordKind = 1 << iota // value: month
	wordRareMonth                      // the same, where it counts only if the language is asked for
	wordWeekday                        // value: 0 for Sunday
	wordRareWeekday
	wordAM
	wordPM
	wordFill        // stands between the parts of a date: "de"
	wordOrdinal     // follows a day: "th"
	wordAt          // precedes a time: "at"
	wordClock       // follows hours and minutes: "hrs"
	wordOClock      // follows hours too: "Uhr"
	wordDuration    // follows a number of hours that is no time
	wordMonthPrefix // precedes a month's number: Vietnamese
	wordYear        // follow their numbers: Chinese, Korean
	wordMonthUnit
	wordDay
	wordHour
	wordMinute
	wordSecond
	wordEraBefore // value: index in eras
	wordEraAfter
	wordZone    // value: index in zones
	wordNumeral // value: a digit
)

// word is a meaning of a word.
type word struct {
	kind     wordKind
	kinds    wordKind // its own and those of the meanings behind it
	next     int32    // the next meaning of the same word, an index in words; 0 is none
	lang     uint16   // index in langs
	value    uint8
	calendar Calendar
	wide     bool // not an abbreviation
	capital  bool // the name begins with a capital
}

type langInfo struct {
	tag    string
	order  dateOrder
	agree  bool // all regions have the same order of day and month
	rare   bool // CLDR has little of it: its names count only where it is asked for
	always bool // its names count as if it were asked for
	dot    bool // writes 9.30 for 9:30
	region string
}

// dateOrder is the order of the parts of a date in figures.
type dateOrder uint8

const (
	orderUnknown dateOrder = iota
	orderDMY
	orderMDY
	orderYMD
)

type regionInfo struct {
	order     dateOrder
	calendars []Calendar
}

type eraInfo struct {
	calendar Calendar
	offset   int // added to the year
}

type zoneInfo struct {
	zone   Zone
	offset int // minutes
}

const treeBits = 16

// dateTables is everything that is loaded. It does not change afterwards.
type dateTables struct {
	keys  [1 << treeBits]uint64 // node<<21 | rune; 0 is free
	words []word                // the first is unused
	term  [1 << treeBits]int32  // of a node: its first meaning
	nodes int

	fold      [0x2100]uint16 // what a letter is compared as; foldDrop leaves it out
	digitPage [0x1100]uint8  // of the 16 runes from i<<4: where the digits begin, plus 1
	digitLead [256]bool      // bytes that digits and numerals begin with

	langs    []langInfo
	langOf   map[string]uint16
	orders   map[string]dateOrder // by tag in lower case
	regions  map[string]regionInfo
	eras     []eraInfo
	zones    []zoneInfo
	numerals []numeralScript
}

// numeralScript says which calendar a year in these digits is likely of.
type numeralScript struct {
	zero     rune
	calendar Calendar
}

const foldDrop = 0xffff

// loadedDates loads the tables at first use.
var loadedDates = sync.OnceValue(loadDates)

// loadDates reads the tables. They are compiled in, so what is wrong with them
// is wrong in the program: it panics.
func loadDates() *dateTables {
	t := &dateTables{
		words:   make([]word, 1, 1<<14),
		langOf:  make(map[string]uint16, 512),
		orders:  make(map[string]dateOrder, 512),
		regions: make(map[string]regionInfo, 512),
	}
	t.keys[0] = ^uint64(0) // The root's number is no other node's.
	zr, err := gzip.NewReader(bytes.NewReader(calendarNamesData))
	if err != nil {
		panic(fmt.Sprintf("lang: calendar_names.tsv.gz: %v", err))
	}
	var names strings.Builder
	names.Grow(1 << 18)
	if _, err := io.Copy(&names, zr); err != nil {
		panic(fmt.Sprintf("lang: calendar_names.tsv.gz: %v", err))
	}
	text := names.String()
	t.setFold(text)
	t.setDigits()
	for _, f := range []struct{ name, text string }{
		{"calendar_names.tsv.gz", text},
		{"calendar_extra.tsv", calendarExtraData},
		{"date_zones.tsv", dateZonesData},
	} {
		if err := t.load(f.text); err != nil {
			panic(fmt.Sprintf("lang: %s: %v", f.name, err))
		}
	}
	return t
}

// load reads a table's lines.
func (t *dateTables) load(text string) error {
	lang := uint16(0)
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		var f [6]string
		for i := range f {
			f[i], line, _ = strings.Cut(line, "\t")
		}
		if err := t.loadLine(&f, &lang); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}

func (t *dateTables) loadLine(f *[6]string, lang *uint16) error {
	info := &langInfo{}
	if int(*lang) < len(t.langs) {
		info = &t.langs[*lang]
	}
	switch f[0] {
	case "lang":
		// Of the generated file's columns the hand-written have the first.
		i, ok := t.langOf[f[1]]
		if !ok {
			i = uint16(len(t.langs))
			t.langOf[f[1]] = i
			t.langs = append(t.langs, langInfo{tag: f[1], order: orderByName(f[2]), agree: f[3] == "agree",
				region: strings.ToLower(f[4]), rare: f[5] == "rare"})
		}
		*lang = i
	case "dot":
		info.dot = true
	case "always":
		info.always = true
	case "month":
		c, ok := calendarByName(f[1])
		m, err := strconv.Atoi(f[2])
		if !ok || err != nil || m < 1 || m > 12 {
			return fmt.Errorf("month %q of calendar %q", f[2], f[1])
		}
		t.add(f[3], word{kind: wordMonth, lang: *lang, value: uint8(m), calendar: c, wide: true})
		t.add(f[4], word{kind: wordMonth, lang: *lang, value: uint8(m), calendar: c})
	case "weekday":
		d, err := strconv.Atoi(f[1])
		if err != nil || d < 0 || d > 6 {
			return fmt.Errorf("weekday %q", f[1])
		}
		t.add(f[2], word{kind: wordWeekday, lang: *lang, value: uint8(d)})
	case "order":
		t.orders[strings.ToLower(f[1])] = orderByName(f[2])
	case "region":
		r := regionInfo{order: orderByName(f[2])}
		for name := range strings.SplitSeq(f[3], ",") {
			if c, ok := calendarByName(name); ok {
				r.calendars = append(r.calendars, c)
			}
		}
		t.regions[strings.ToLower(f[1])] = r
	case "alias":
		if i, ok := t.langOf[f[2]]; ok {
			t.langOf[f[1]] = i
		}
	case "fold":
	case "era":
		c, ok := calendarByName(f[2])
		offset, err := strconv.Atoi(f[3])
		if !ok || err != nil {
			return fmt.Errorf("era of calendar %q, %q", f[2], f[3])
		}
		kind := wordEraAfter
		if f[1] == "before" {
			kind = wordEraBefore
		}
		t.add(f[4], word{kind: kind, value: uint8(len(t.eras))})
		t.eras = append(t.eras, eraInfo{c, offset})
	case "zone":
		z, err := parseZoneInfo(f[1])
		if err != nil {
			return err
		}
		t.add(f[2], word{kind: wordZone, value: uint8(len(t.zones))})
		t.zones = append(t.zones, z)
	case "digits":
		c, ok := calendarByName(f[2])
		zero, _ := utf8.DecodeRuneInString(f[1])
		if !ok {
			return fmt.Errorf("digits of calendar %q", f[2])
		}
		t.numerals = append(t.numerals, numeralScript{zero, c})
	case "numeral":
		v, err := strconv.Atoi(f[1])
		if err != nil || v < 0 || v > 10 {
			return fmt.Errorf("numeral %q", f[1])
		}
		t.add(f[2], word{kind: wordNumeral, value: uint8(v)})
		for name := range strings.SplitSeq(f[2], "|") {
			t.digitLead[name[0]] = true
		}
	default:
		kind, ok := plainWords[f[0]]
		if !ok {
			return fmt.Errorf("unknown kind %q", f[0])
		}
		t.add(f[1], word{kind: kind, lang: *lang})
	}
	return nil
}

// plainWords are the kinds of line that have only names.
var plainWords = map[string]wordKind{
	"forenoon": wordAM, "afternoon": wordPM, "fill": wordFill, "ordinal": wordOrdinal,
	"at": wordAt, "clock": wordClock, "oclock": wordOClock, "duration": wordDuration,
	"month-prefix": wordMonthPrefix, "year": wordYear, "month-unit": wordMonthUnit, "day": wordDay,
	"hour": wordHour, "minute": wordMinute, "second": wordSecond,
}

func orderByName(name string) dateOrder {
	switch name {
	case "dmy":
		return orderDMY
	case "mdy":
		return orderMDY
	case "ymd":
		return orderYMD
	}
	return orderUnknown
}

// parseZoneInfo reads "Z", "+07:00", or "-" for a zone whose offset is not
// known.
func parseZoneInfo(s string) (zoneInfo, error) {
	switch s {
	case "Z":
		return zoneInfo{zone: ZoneUTC}, nil
	case "-":
		return zoneInfo{}, nil
	}
	minutes, end, ok := parseOffset(s, 0)
	if !ok || end != len(s) {
		return zoneInfo{}, fmt.Errorf("zone %q", s)
	}
	return zoneInfo{zone: ZoneOffset, offset: minutes}, nil
}

// setFold fills the table of letters that are compared as others: lower case,
// without marks, without the signs that writers leave out.
func (t *dateTables) setFold(text string) {
	for r := range rune(len(t.fold)) {
		switch to := unicode.ToLower(r); {
		case r >= 0x300 && r <= 0x36f, // accents
			r >= 0x591 && r <= 0x5c7 && r != 0x5be,           // Hebrew points
			r >= 0x64b && r <= 0x65f, r == 0x670, r == 0x640, // Arabic vowels, tatweel
			r == 0x93c, r == 0x9bc, r == 0xa3c, r == 0xb3c, // nukta
			r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r == 0x61c, r == 0xad, r >= 0x2066 && r <= 0x2069,
			r == '\'', r == '`', r == 0xb4, r >= 0x2018 && r <= 0x201b, r >= 0x2b0 && r <= 0x2ff:
			t.fold[r] = foldDrop
		case r == '-', r == 0xa0, r == 0x5be, r >= 0x2000 && r <= 0x2014, r == 0x202f, r == '\t', r == '\n':
			t.fold[r] = ' '
		default:
			t.fold[r] = uint16(to)
		}
	}
	for line := range strings.SplitSeq(text[max(0, strings.Index(text, "\nfold\t")):], "\n") {
		if rest, ok := strings.CutPrefix(line, "fold\t"); ok {
			to, from, _ := strings.Cut(rest, "\t")
			base, _ := utf8.DecodeRuneInString(to)
			for _, r := range from {
				t.fold[r] = uint16(base)
			}
		}
	}
	for line := range strings.SplitSeq(calendarExtraData, "\n") {
		if rest, ok := strings.CutPrefix(line, "fold\t"); ok {
			to, from, _ := strings.Cut(rest, "\t")
			base, _ := utf8.DecodeRuneInString(to)
			for _, r := range from {
				// What the generated table folded further goes along.
				for i := range t.fold {
					if t.fold[i] == uint16(r) {
						t.fold[i] = uint16(base)
					}
				}
				t.fold[r] = uint16(base)
			}
		}
	}
}

// setDigits records where the decimal digits of every script are.
func (t *dateTables) setDigits() {
	note := func(lo, hi rune) {
		for zero := lo; zero+9 <= hi; zero += 10 {
			if int(zero>>4) < len(t.digitPage) && zero&15 <= 6 {
				t.digitPage[zero>>4] = uint8(zero&15) + 1
				var buf [4]byte
				for v := range rune(10) {
					utf8.EncodeRune(buf[:], zero+v)
					t.digitLead[buf[0]] = true
				}
			}
		}
	}
	for _, r := range unicode.Nd.R16 {
		note(rune(r.Lo), rune(r.Hi))
	}
	for _, r := range unicode.Nd.R32 {
		note(rune(r.Lo), rune(r.Hi))
	}
}
