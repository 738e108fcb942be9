package dates

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"dateline/lang"
)

// The files of a pack that dates are made of. Their formats are described in
// lang/packs/README.md.
const (
	monthsFile   = "months.tsv"
	weekdaysFile = "weekdays.tsv"
	relativeFile = "relative.tsv"
	datesFile    = "dates.tsv"
)

// class is a set of words that do the same in a date: months, units, the words
// for "ago". Literals of the patterns are classes of one word.
type class uint16

// The classes that Go code knows. A pack may have others, which mean nothing
// but that one of their words stands there.
const (
	noClass class = iota
	classMonth
	classWeekday
	classUnit
	classPlural // units in the plural
	classSeason
	classPart     // of the day: MO, NI
	classNth      // ordinals
	classN        // numbers, and words that stand for them
	classYear     // four digits
	classShort    // '98: the apostrophe is part of it
	classDay      // 1 to 31 in digits, with what makes it an ordinal
	classClock    // 9:30
	classDotClock // 9.30
	classClock4   // 0930
	classHour     // 0 to 24
	classAmPm     // AM, PM
	classZone     // words for time zones
	classHoliday
	classYMD // 2024-01-24
	classDMY // 24/1/2024
	classMDY // 1/24/2024
	classDM  // 24/1
	classMD  // 1/24
	classMod // words before a date that change it: "early"
	classModAfter
	classPast     // words that tell tense
	classFuture   // "
	classUntil    // words that a time ahead stands behind: "until"
	classDeadline // words that a weekday ahead stands behind: "by"
	classSince    // words that a time past stands behind: "since"
	classSaid     // words of telling, that tell no tense
	classClause   // words that part clauses: "and"
	classThat     // words that open clauses: "that", "which"
	classNoun     // words before nouns, whose endings tell no tense: "the"
	classHeadline // words that tell the future in headlines: "to"
	classOf       // words between the parts of a date: "of", "on"
	classDecade   // 1990s, in digits
	classBC
	classDecadeName // "the nineties"
	classNoon       // words for a time of the clock
	classOrdinal    // what makes an ordinal of the digits before it: "th"
	firstOwn
)

var classNames = map[string]class{
	"month": classMonth, "weekday": classWeekday, "unit": classUnit, "plural": classPlural, "said": classSaid, "headline": classHeadline, "deadline": classDeadline, "clause": classClause, "that": classThat, "before-noun": classNoun, "until": classUntil, "since": classSince, "season": classSeason, "part": classPart,
	"nth": classNth, "n": classN, "year": classYear, "yy": classShort, "day": classDay, "clock": classClock,
	"dotclock": classDotClock, "clock4": classClock4, "hour": classHour, "ampm": classAmPm, "zone": classZone, "holiday": classHoliday,
	"ymd": classYMD, "dmy": classDMY, "mdy": classMDY, "dm": classDM, "md": classMD, "mod": classMod,
	"mod-after": classModAfter, "past": classPast, "future": classFuture, "of": classOf, "decade": classDecade,
	"bc": classBC, "decade-name": classDecadeName, "noon": classNoon, "ordinal": classOrdinal,
}

// numeric are the classes that numbers in digits are looked at for.
func (c class) numeric() bool {
	switch c {
	case classYear, classShort, classDay, classClock, classClock4, classDotClock, classHour, classYMD, classDMY, classMDY, classDM, classMD, classDecade:
		return true
	}
	return false
}

// entry is what a word of the tables means.
type entry struct {
	class class
	value int32
	flags entryFlags
}

type entryFlags uint8

const (
	weak    entryFlags = 1 << iota // the word has other meanings: "may"
	capital                        // it counts only with a capital
	solar                          // a month of the Persian calendar
	lunar                          // a month of the Islamic calendar
)

// partShift is where a weekday's value has the part of the day, plus 1, that
// the word names too.
const partShift = 4

func weekdayOf(v int32) int { return int(v & (1<<partShift - 1)) }

// unknown stands for a number that is not told: X.
const unknown = -1

// The units, as values of classUnit.
const (
	unitSecond = iota
	unitMinute
	unitHour
	unitDay
	unitWeekend
	unitWeek
	unitFortnight
	unitMonth
	unitQuarter
	unitHalf
	unitSeason
	unitYear
	unitDecade
	unitCentury
	unitMillennium
)

var units = map[string]int32{
	"s": unitSecond, "min": unitMinute, "h": unitHour, "D": unitDay, "WE": unitWeekend, "W": unitWeek, "2W": unitFortnight,
	"M": unitMonth, "Q": unitQuarter, "H": unitHalf, "S": unitSeason, "Y": unitYear, "DE": unitDecade, "CE": unitCentury, "ML": unitMillennium,
}

var (
	seasons = []string{"SP", "SU", "FA", "WI"}
	parts   = []string{"MO", "MI", "AF", "EV", "NI", "DT"}
	mods    = []string{"", "START", "MID", "END", "BEFORE", "AFTER", "APPROX", "LESS_THAN", "MORE_THAN", "EQUAL_OR_LESS", "EQUAL_OR_MORE"}
	refs    = []string{"PRESENT_REF", "PAST_REF", "FUTURE_REF"}
)

// modApprox is the first modifier of mods that goes with amounts.
const modApprox = 6

// tables is what the annotator takes from a pack.
type tables struct {
	pack     *lang.Pack
	lex      *lang.Lexicon[entry]
	classes  map[string]class
	literals map[string]class
	uses     []bool       // by class: a pattern has it
	words    []bool       // by class: it is a word of the patterns
	pasts    []inflection // endings and beginnings that tell tense
	futures  []inflection
	trie     trie
	rules    []rule
	holidays []holiday
	zones    []string
	verbLast bool // verbs stand behind all else
	solar    bool // months of the Persian calendar are known
}

// load reads the tables of a pack; nil where it has no rules.
func load(p *lang.Pack) (*tables, error) {
	if p == nil {
		return nil, nil
	}
	rules, err := p.Rows(datesFile)
	bad := []error{err}
	if len(rules) == 0 {
		return nil, err
	}
	t := &tables{pack: p, lex: lang.NewLexicon[entry](p), classes: map[string]class{}, literals: map[string]class{}}
	for name, c := range classNames {
		t.classes[name] = c
	}
	t.uses = make([]bool, firstOwn)
	each := func(file string, f func(lang.Row) error) {
		rows, err := p.Rows(file)
		bad = append(bad, err)
		for _, r := range rows {
			bad = append(bad, f(r))
		}
	}
	each(monthsFile, t.month)
	each(weekdaysFile, func(r lang.Row) error {
		d, err := strconv.Atoi(r.Field(0))
		if err != nil || d < 1 || d > 7 {
			return r.Errorf("weekday %q; Monday is 1, Sunday 7", r.Field(0))
		}
		e := entry{class: classWeekday, value: int32(d)}
		if p := r.Field(2); p != "" {
			// "Mittwochabend"
			i := slices.Index(parts, p)
			if i < 0 {
				return r.Errorf("unknown part of the day %q", p)
			}
			e.value |= int32(i+1) << partShift
		}
		return t.forms(r, 1, e)
	})
	each(relativeFile, t.word)
	for _, r := range rules {
		bad = append(bad, t.rule(r))
	}
	if c, ok := t.classes["the"]; ok {
		t.uses[c] = true // See article.
	}
	t.trie.finish()
	return t, errors.Join(bad...)
}

// forms adds the forms in a column. Those with a capital count only where the
// text has one too, but a text in capitals has; a question mark at the end
// makes a form weak.
func (t *tables) forms(r lang.Row, column int, e entry) error {
	list := r.Forms(column)
	if len(list) == 0 {
		return r.Errorf("there are no forms")
	}
	for _, f := range list {
		e := e
		if w, ok := strings.CutSuffix(f, "?"); ok {
			f = strings.TrimSpace(w)
			e.flags |= weak
		}
		if f != strings.ToLower(f) {
			e.flags |= capital
		}
		t.lex.Add(f, e)
	}
	return nil
}

func (t *tables) month(r lang.Row) error {
	e := entry{class: classMonth}
	name, number, ok := strings.Cut(r.Field(0), " ")
	switch {
	case !ok:
		number = name
	case name == "persian":
		e.flags |= solar
		t.solar = true
	case name == "islamic":
		e.flags |= lunar
	default:
		return r.Errorf("unknown calendar %q", name)
	}
	m, err := strconv.Atoi(number)
	if err != nil || m < 1 || m > 12 {
		return r.Errorf("month %q; January is 1, those of other calendars are \"persian 1\" and \"islamic 1\"", r.Field(0))
	}
	e.value = int32(m)
	return t.forms(r, 1, e)
}

// word reads a line of relative.tsv: class, value, forms.
func (t *tables) word(r lang.Row) error {
	name, value := r.Field(0), r.Field(1)
	if name == "verb-last" {
		t.verbLast = true
		return nil
	}
	c, known := t.classes[name]
	if !known {
		if name == "" || strings.ContainsAny(name, " {}") {
			return r.Errorf("class %q: want one word", name)
		}
		c = t.own(name)
	}
	e := entry{class: c}
	index := func(list []string, what string) error {
		i := slices.Index(list, value)
		if i < 0 {
			return r.Errorf("unknown %s %q; there are %s", what, value, strings.TrimSpace(strings.Join(list, " ")))
		}
		e.value = int32(i)
		return nil
	}
	var err error
	switch {
	case c == classUnit, c == classPlural:
		u, ok := units[value]
		if !ok {
			return r.Errorf("unknown unit %q", value)
		}
		e.value = u
	case c == classSeason:
		err = index(seasons, "season")
	case c == classPart:
		err = index(parts, "part of the day")
	case c == classMod, c == classModAfter:
		err = index(mods, "modifier")
	case c == classAmPm:
		err = index([]string{"AM", "PM", "EV"}, "half of the day")
	case c == classNoon:
		h, m, ok := strings.Cut(value, ":")
		hour, e1 := strconv.Atoi(h)
		minute, e2 := strconv.Atoi(m)
		if !ok || e1 != nil || e2 != nil || hour > 24 || minute > 59 {
			return r.Errorf("time %q: want hours and minutes: 12:00", value)
		}
		e.value = int32(hour*60 + minute)
	case c == classZone:
		e.value = int32(len(t.zones))
		t.zones = append(t.zones, value)
	case c == classN, c == classNth, c == classShort, c == classDecadeName:
		if value == "X" {
			e.value = unknown
			break
		}
		n, convErr := strconv.Atoi(value)
		if convErr != nil || n < 0 || n > 9999 {
			return r.Errorf("value %q: want a number, or X", value)
		}
		if e.value = int32(n); c == classN {
			e.value *= 100
		}
	case c == classHoliday:
		h, ok := parseHoliday(value)
		if !ok {
			return r.Errorf("day %q: want month-day (12-25), easter and a number of days (easter -2), or month, weekday and which (11 thursday 4)", value)
		}
		e.value = int32(len(t.holidays))
		t.holidays = append(t.holidays, h)
	case c == classPast, c == classFuture:
		for _, f := range r.Forms(2) {
			switch x, ok := newInflection(f); {
			case !ok:
				t.lex.Add(f, e)
			case c == classPast:
				t.pasts = append(t.pasts, x)
			default:
				t.futures = append(t.futures, x)
			}
		}
		return nil
	case c.numeric():
		return r.Errorf("%q are numbers in digits; they have no forms", name)
	}
	if err != nil {
		return err
	}
	return t.forms(r, 2, e)
}

// own is the class of that name that the pack made up.
func (t *tables) own(name string) class {
	c := class(len(t.uses))
	t.uses = append(t.uses, false)
	t.classes[name] = c
	return c
}

// literal is the class of a word that stands in patterns.
func (t *tables) literal(word string) class {
	if c, ok := t.literals[word]; ok {
		return c
	}
	c := class(len(t.uses))
	t.uses = append(t.uses, true)
	for len(t.words) < len(t.uses) {
		t.words = append(t.words, false)
	}
	t.words[c] = true
	t.literals[word] = c
	e := entry{class: c}
	if word != strings.ToLower(word) {
		e.flags = capital
	}
	t.lex.Add(word, e)
	return c
}
