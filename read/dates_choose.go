package read

import (
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/lang"
)

// leastWeight is what a date must weigh to be taken for the page's.
const leastWeight = 26

// decide chooses and writes down why.
func (c *stamps) decide(a *dateline.Article) {
	c.readings()
	c.old()
	c.changes()
	pub := c.best(false)
	pub = c.display(pub)
	mod := c.best(true)
	chosen := pub
	if chosen < 0 {
		chosen = mod
	}
	if chosen < 0 {
		if chosen = c.alone(); chosen < 0 {
			c.farther()
			if chosen = c.best(false); chosen < 0 {
				chosen = c.alone()
			}
		}
	}
	if chosen >= 0 {
		c.list[chosen].date = c.local(c.list[chosen].date, c.list[chosen].modified)
		a.Published = c.list[chosen].date.String()
	}
	if mod >= 0 { // where nothing else is stated, the last change is the page's date too
		a.Modified = c.local(c.list[mod].date, true).String()
	}
	for i := range c.list {
		s := &c.list[i]
		e := dateline.DateEvidence{Value: s.date.String(), From: s.from, Chosen: i == chosen, Refused: s.refused}
		if i != chosen && e.Refused == "" {
			e.Refused = c.why(s, chosen)
		}
		a.Dates = append(a.Dates, e)
		if i == chosen && s.swapped.Year != 0 {
			a.Dates = append(a.Dates, dateline.DateEvidence{Value: s.swapped.String(), From: s.from, Refused: "the other reading of day and month"})
		}
	}
	a.Dates = append(a.Dates, c.missing...)
}

// old believes a date from before there were news pages where the page's data
// says it in two places and nothing else says another: an archive has put a
// paper's older reports online.
func (c *stamps) old() {
	for i := range c.list {
		if s := &c.list[i]; s.refused == "" && !s.told {
			return
		}
	}
	data := func(s *stamp) bool { return s.from == "json-ld" || s.from == "meta" || s.from == "url" }
	for i := range c.list {
		s := &c.list[i]
		if s.date.Year >= firstYear || s.date.Year < firstAge || s.aside || !data(s) {
			continue
		}
		for j := range c.list {
			if o := &c.list[j]; o.from != s.from && data(o) && sameDay(o.date, s.date) {
				s.refused = ""
			}
		}
	}
}

// why says why a candidate was not chosen.
func (c *stamps) why(s *stamp, chosen int) string {
	if s.told && s.weight <= toldWeight {
		return "stands in a sentence, which tells of that day"
	}
	if chosen < 0 {
		return "stands too far from the article"
	}
	o := &c.list[chosen]
	switch {
	case s.modified && !o.modified:
		return "of the last change"
	case sameDay(s.date, o.date):
		return "same day, says less or weighs less"
	case s.weight < leastWeight:
		return "stands too far from the article"
	case s.date.Day == 0:
		return "less precise"
	}
	return "another has more behind it"
}

// sameDay tells whether two dates state the same day, or the same moment.
func sameDay(a, b lang.Date) bool {
	if a.Year == b.Year && a.Month == b.Month && a.Day == b.Day {
		return a.Day != 0
	}
	return a.HasTime && b.HasTime && a.Zone != lang.ZoneNone && b.Zone != lang.ZoneNone && a.Time(nil).Equal(b.Time(nil))
}

// readings settles dates whose day and month may be the other way round by the
// candidates that cannot be misread, else by which reading is possible.
func (c *stamps) readings() {
	for i := range c.list {
		s := &c.list[i]
		if s.swapped.Year == 0 {
			continue
		}
		is, other := false, false
		for j := range c.list {
			o := &c.list[j]
			if o.swapped.Year != 0 || o.refused != "" {
				continue
			}
			is = is || sameDay(o.date, s.date)
			other = other || sameDay(o.date, s.swapped)
		}
		if other && !is || s.refused != "" && c.impossible(s.swapped) == "" {
			s.date, s.swapped = s.swapped, s.date
			s.refused = c.impossible(s.date)
		}
	}
}

// changes finds the dates that are called published and are of the last change:
// those in meta and time elements that equal, to the minute, one which is said
// to be that, while the JSON-LD states an older day of publication.
func (c *stamps) changes() {
	var first lang.Date
	for i := range c.list {
		if s := &c.list[i]; s.from == "json-ld" && !s.modified && s.weight >= 92 && s.refused == "" {
			first = s.date
			break
		}
	}
	if first.Day == 0 || c.changed(first) {
		return
	}
	for i := range c.list {
		s := &c.list[i]
		if s.from != "json-ld" && !s.modified && s.date.HasTime && first.Before(s.date) && !sameDay(first, s.date) && c.changed(s.date) {
			s.modified = true
		}
	}
}

// changed tells whether a date is, to the minute, one of the last change.
func (c *stamps) changed(d lang.Date) bool {
	for i := range c.list {
		o := &c.list[i]
		if !o.modified || o.refused != "" || o.date.HasTime != d.HasTime {
			continue
		}
		if o.date.Time(nil).Truncate(time.Minute).Equal(d.Time(nil).Truncate(time.Minute)) {
			return true
		}
		// Clocks that go wrong by whole hours still agree in minute and second.
		if sameDay(o.date, d) && d.Second != 0 && o.date.Minute == d.Minute && o.date.Second == d.Second {
			return true
		}
	}
	return false
}

// display returns the candidate that the page shows at its headline, where it
// shows but one day, and another than that of the chosen one, which stands
// only in its data: what readers take for the page's date. Dates of the last
// change are not preferred so, nor days that are another for their zone only.
func (c *stamps) display(chosen int) int {
	if chosen < 0 || c.list[chosen].head || c.list[chosen].from == "url" {
		return chosen
	}
	data := c.list[chosen].date
	best := -1
	for i := range c.list {
		s := &c.list[i]
		if s.refused != "" || s.date.Day == 0 || s.from == "json-ld" || s.from == "meta" || s.from == "url" || s.weight < 36 {
			continue
		}
		if sameDay(s.date, data) {
			return chosen
		}
		if !s.head || s.modified || !neighbours(s.date, data) && c.changedDay(s.date, s.said == lang.Published) {
			continue
		}
		if best >= 0 && !sameDay(s.date, c.list[best].date) {
			return chosen
		}
		if best < 0 || detail(s.date) > detail(c.list[best].date) {
			best = i
		}
	}
	if best < 0 || c.list[best].weight < 56 {
		return chosen
	}
	if d := c.list[best].date; neighbours(d, data) {
		// Midnight elsewhere is the day shown; so is what the address has too.
		midnight := data.Minute == 0 && data.Second == 0 && data.Hour > 12 && d.Day != data.Day
		if !midnight && !c.inAddress(d) {
			return chosen
		}
	}
	return best
}

// changedDay tells whether data, or words, say that a day is that of the last
// change. Where words say that it is that of publication, the time must tell.
func (c *stamps) changedDay(d lang.Date, published bool) bool {
	for i := range c.list {
		o := &c.list[i]
		switch {
		case !o.modified || o.refused != "" && !o.aside || !sameDay(o.date, d):
		case o.date.HasTime && d.HasTime:
			if o.date.Minute == d.Minute {
				return true
			}
		case !published:
			return true
		}
	}
	return false
}

// neighbours tells whether a moment in UTC may be of the day shown in another zone.
func neighbours(shown, utc lang.Date) bool {
	if !utc.HasTime || utc.Zone == lang.ZoneNone || utc.Offset != 0 {
		return false
	}
	day := lang.Date{Year: shown.Year, Month: shown.Month, Day: shown.Day}.Time(nil)
	diff := utc.Time(nil).Sub(day)
	return diff > -14*time.Hour && diff < 38*time.Hour
}

// inAddress tells whether the page's address has the day.
func (c *stamps) inAddress(d lang.Date) bool {
	for i := range c.list {
		if o := &c.list[i]; o.from == "url" && sameDay(o.date, d) {
			return true
		}
	}
	return false
}

// local writes a moment that is stated in UTC in the zone in which the page
// shows it, if it does: where the page shows 08:30 and data says 13:30Z, the
// zone is -05:00. Zones of half hours are believed where the page states one.
func (c *stamps) local(d lang.Date, modified bool) lang.Date {
	if !d.HasTime || d.Zone == lang.ZoneNone || d.Offset != 0 {
		return d
	}
	utc := d.Time(nil)
	for i := range c.list {
		o := c.list[i].date
		if !o.HasTime || c.list[i].refused != "" || c.list[i].weight < 40 || c.list[i].modified != modified {
			continue
		}
		if o.Zone == lang.ZoneOffset && o.Offset != 0 && o.Time(nil).Truncate(60e9).Equal(utc.Truncate(60e9)) {
			return inZone(d, o.Offset)
		}
		if o.Zone != lang.ZoneNone || !c.list[i].head && c.list[i].from != "meta" {
			continue
		}
		diff := int(o.Time(nil).Truncate(60e9).Sub(utc.Truncate(60e9)).Minutes())
		if diff != 0 && (diff%60 == 0 || c.states(diff)) && diff >= -12*60 && diff <= 14*60 {
			return inZone(d, diff)
		}
	}
	return d
}

// states tells whether the page states a zone of that many minutes.
func (c *stamps) states(offset int) bool {
	for i := range c.list {
		if d := c.list[i].date; d.Zone == lang.ZoneOffset && d.Offset == offset {
			return true
		}
	}
	return false
}

// inZone is the same moment in another zone.
func inZone(d lang.Date, offset int) lang.Date {
	t := d.Time(nil).Add(time.Duration(offset) * time.Minute)
	return lang.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day(), HasTime: true, Hour: t.Hour(), Minute: t.Minute(),
		Second: t.Second(), Nanosecond: t.Nanosecond(), Zone: lang.ZoneOffset, Offset: offset}
}

// best returns the index of the chosen candidate, -1 if there is none.
func (c *stamps) best(modified bool) int {
	best, bestScore := -1, 0
	for i := range c.list {
		s := &c.list[i]
		if s.refused != "" || s.modified != modified {
			continue
		}
		score := c.score(i)
		if score < leastWeight || s.weight < 16 {
			continue
		}
		if best >= 0 {
			o := &c.list[best]
			switch {
			case score < bestScore, score == bestScore && !s.date.Before(o.date):
				continue
			}
		}
		best, bestScore = i, score
	}
	if best < 0 {
		return -1
	}
	// Of that day, the one that says most.
	for i := range c.list {
		s, o := &c.list[i], &c.list[best]
		if s.refused != "" || s.modified != modified || s.weight < leastWeight || !sameDay(s.date, o.date) {
			continue
		}
		if detail(s.date) > detail(o.date) || detail(s.date) == detail(o.date) && s.weight > o.weight {
			best = i
		}
	}
	// The day shown may be that of the moment in the data, elsewhere.
	if day := &c.list[best]; !day.date.HasTime && day.date.Day > 0 {
		for i := range c.list {
			s := &c.list[i]
			if s.refused == "" && s.modified == modified && s.weight >= sureMoment && (s.from == "meta" || s.from == "json-ld") && neighbours(day.date, s.date) {
				return i
			}
		}
	}
	return best
}

// sureMoment is the weight from which data's moment is believed before a day.
const sureMoment = 85

// alone returns the candidate of the only day that the page has, wherever it
// stands; -1 if there are several.
func (c *stamps) alone() int {
	only := -1
	for i := range c.list {
		s := &c.list[i]
		if s.refused != "" || s.date.Day == 0 || s.weight < 6 {
			continue
		}
		if only >= 0 && !sameDay(s.date, c.list[only].date) {
			return -1
		}
		if only < 0 || detail(s.date) > detail(c.list[only].date) {
			only = i
		}
	}
	return only
}

// detail is how much a date says.
func detail(d lang.Date) int {
	switch {
	case d.HasTime && d.Zone != lang.ZoneNone && (d.Hour|d.Minute|d.Second) != 0:
		return 4
	case d.HasTime && (d.Hour|d.Minute|d.Second) != 0:
		return 3
	case d.HasTime && d.Zone != lang.ZoneNone:
		return 2
	case d.Day > 0:
		return 1
	}
	return 0
}

// score is a candidate's weight and what the others of the same day add.
func (c *stamps) score(i int) int {
	s := &c.list[i]
	score := s.weight
	var seen []string
	for j := range c.list {
		o := &c.list[j]
		if j == i || o.refused != "" || s.modified && !o.modified || o.source == s.source || !sameDay(o.date, s.date) || slices.Contains(seen, o.source) || strings.HasPrefix(o.source, "meta") && slices.Contains(seen, "meta") {
			continue
		}
		if strings.HasPrefix(o.source, "meta") {
			seen = append(seen, "meta")
		}
		seen = append(seen, o.source)
		score += o.weight / 4
	}
	return score
}
