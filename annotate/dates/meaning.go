package dates

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// rule is what a match of a pattern means: the second column of dates.tsv.
//
//	date               the parts that were matched, the rest from the context
//	time               a time of the day that the context tells
//	shift N UNIT [AS]  N units from the day of reference, as precise as the unit (or AS);
//	                   N may be n or -n, the number matched, and UNIT unit, the unit matched
//	last|this|next X   the X before, at or after the day of reference; X is month, weekday, season or holiday
//	quarter|half [N]   the quarter or half that {nth} or nth=3 counts, or N from the one of reference
//	decade, century    of {decade}, {n} or {nth}
//	fiscal [N]         the fiscal year matched, or N from the year of reference
//	duration [N UNIT]  a length of time
//	set [VALUE]        a set of times
//	ref REF            PRESENT_REF, PAST_REF, FUTURE_REF
//	range              {day} - {day}: two marks
//	value TYPE VALUE   just that
//	none               nothing, and nothing shorter either
//
// Options stand behind: mod=START, part=NI, quant=EVERY, freq=2X, type=DATE;
// times makes the number that of a set; half adds a half to the number; ahead means nothing in the past; near takes a weekend by the tense; period goes by the last quarter named; current keeps a quarter in this year;
// anchor reckons from the date before it in the text; firm wants words that
// have no other meaning; past and future tell where a bare month or weekday lies.
type rule struct {
	op               op
	n                int32
	count            int8 // 0: n as it is; 1: the number matched; -1: its negative
	unit, as         int32
	what             class
	mod, quant, freq string
	part             string
	typ, value       string
	anchor, firm     bool
	near, period     bool
	ahead, half      bool
	times, current   bool
	nth              int
	tense            tense
	order            int32
}

type op uint8

const (
	opDate op = iota
	opTime
	opShift
	opNear
	opQuarter
	opHalf
	opDecade
	opCentury
	opFiscal
	opDuration
	opSet
	opRef
	opRange
	opValue
	opNone
)

// fromMatch is a unit that the match tells.
const fromMatch = -2

func parseMeaning(s string) (rule, error) {
	r := rule{unit: fromMatch, as: fromMatch}
	f := strings.Fields(s)
	if len(f) == 0 {
		return r, errors.New("it is empty")
	}
	var args []string
	for _, a := range f[1:] {
		key, value, ok := strings.Cut(a, "=")
		switch {
		case ok && key == "mod" && slices.Contains(mods, value):
			r.mod = value
		case ok && key == "part" && slices.Contains(parts, value):
			r.part = value
		case ok && key == "nth":
			n, err := strconv.Atoi(value)
			if err != nil {
				return r, fmt.Errorf("nth=%s is no number", value)
			}
			r.nth = n
		case ok && key == "quant":
			r.quant = value
		case ok && key == "freq":
			r.freq = value
		case ok && key == "type":
			r.typ = value
		case ok:
			return r, fmt.Errorf("unknown option %q", a)
		case a == "anchor":
			r.anchor = true
		case a == "firm":
			r.firm = true
		case a == "times":
			r.times = true
		case a == "half":
			r.half = true
		case a == "ahead":
			r.ahead = true
		case a == "near":
			r.near = true
		case a == "period":
			r.period = true
		case a == "current":
			r.current = true
		case a == "past":
			r.tense = past
		case a == "future":
			r.tense = future
		default:
			args = append(args, a)
		}
	}
	return r, r.arguments(f[0], args)
}

func (r *rule) arguments(name string, args []string) error {
	want := func(least, most int) error {
		if len(args) < least || len(args) > most {
			return fmt.Errorf("%s has %d arguments, want %d to %d", name, len(args), least, most)
		}
		return nil
	}
	number := func(i int) (err error) {
		switch args[i] {
		case "n", "+n":
			r.count = 1
			return nil
		case "-n":
			r.count = -1
			return nil
		}
		n, err := strconv.Atoi(args[i])
		r.n = int32(n)
		return err
	}
	unit := func(i int) (int32, error) {
		if args[i] == "unit" {
			return fromMatch, nil
		}
		u, ok := units[args[i]]
		if !ok {
			return 0, fmt.Errorf("unknown unit %q", args[i])
		}
		return u, nil
	}
	var err error
	switch name {
	case "date", "time", "range", "none", "decade", "century":
		r.op = map[string]op{"date": opDate, "time": opTime, "range": opRange, "none": opNone, "decade": opDecade, "century": opCentury}[name]
		return want(0, 0)
	case "shift":
		r.op = opShift
		if err = want(2, 3); err != nil {
			return err
		}
		if err = number(0); err != nil {
			return err
		}
		if r.unit, err = unit(1); err == nil && len(args) > 2 {
			r.as, err = unit(2)
		}
	case "last", "this", "next":
		r.op, r.n = opNear, map[string]int32{"last": -1, "this": 0, "next": 1}[name]
		if err = want(1, 1); err != nil {
			return err
		}
		r.what = classNames[args[0]]
		switch r.what {
		case classMonth, classWeekday, classSeason, classHoliday:
		default:
			return fmt.Errorf("%s of what is no month, weekday, season or holiday: %q", name, args[0])
		}
	case "quarter", "half", "fiscal":
		r.op = map[string]op{"quarter": opQuarter, "half": opHalf, "fiscal": opFiscal}[name]
		r.n = unknown - 100
		if err = want(0, 1); err == nil && len(args) > 0 {
			err = number(0)
		}
	case "duration":
		r.op = opDuration
		r.count = 1
		if len(args) == 0 {
			return nil
		}
		if err = want(2, 2); err != nil {
			return err
		}
		r.count = 0
		if args[0] == "X" {
			r.n = unknown
		} else if err = number(0); err != nil {
			return err
		}
		r.unit, err = unit(1)
	case "set":
		r.op = opSet
		if err = want(0, 1); err == nil && len(args) > 0 {
			r.value = args[0]
		}
	case "ref":
		r.op = opRef
		if err = want(1, 1); err == nil {
			if r.value = args[0]; !slices.Contains(refs, r.value) {
				err = fmt.Errorf("unknown reference %q", r.value)
			}
		}
	case "value":
		r.op = opValue
		if err = want(2, 2); err == nil {
			r.typ, r.value = args[0], args[1]
			if !slices.Contains([]string{"DATE", "TIME", "DURATION", "SET"}, r.typ) {
				err = fmt.Errorf("unknown type %q", r.typ)
			}
		}
	default:
		return fmt.Errorf("there is no %q", name)
	}
	return err
}
