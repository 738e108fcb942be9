package lang

import (
	"dateline"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is what the parts of a chain have been taken for.
type reading struct {
	place, agency, date string
	placeShape          shape
	known               bool // the place is
	sure                bool // the agency is known by name or is a domain
	bracketed           bool // the agency stands in brackets
	acronym             bool // the agency is one
	region              bool // a region follows the place
	unknown             string
}

// judge reports whether the parts are a dateline, the last part's sign being
// its end.
func (f *datelineFinder) judge(parts []part) (dateline.Dateline, bool) {
	last := parts[len(parts)-1]
	rd, ok := f.read(parts)
	if !ok || !f.holds(&rd, parts, last) {
		return dateline.Dateline{}, false
	}
	return dateline.Dateline{Text: f.block[parts[0].from:last.to], Place: rd.place, Agency: rd.agency, Date: rd.date}, true
}

// read takes each part for something.
func (f *datelineFinder) read(parts []part) (reading, bool) {
	var rd reading
	for i, p := range parts {
		text := strings.TrimSpace(f.block[p.start:p.end])
		var sign byte = signNone
		if i > 0 {
			sign = parts[i-1].sign
		}
		if p.bracket != 0 {
			if p.sign == signComma && i == 1 && rd.place != "" && f.region(text) {
				rd.region = true // "Suri (Spain), 4 Nov (Agency) -"
				continue
			}
			if !f.readBracket(&rd, text) {
				return rd, false
			}
			continue
		}
		sh := shapeOf(text)
		_, isDate := f.dateIn(text)
		switch {
		case rd.agency == "" && f.knownAgency(text) && !f.knownOnlyAsPlace(text, &rd):
			rd.agency, rd.sure = text, true
		case rd.date == "" && isDate && (rd.place != "" || rd.agency != ""):
			rd.date = text
		case rd.date == "" && rd.place != "" && rd.agency == "" && sh.digits && f.dateAndAgency(&rd, text):
		case i == 0 && sh.digits && f.placeAndDate(&rd, text):
		case rd.place == "" && sh.place && (i == 0 || rd.agency != ""):
			if f.index.notPlaces[squeeze(f.fold, text)] || f.index.regions[squeeze(f.fold, text)] {
				return rd, false
			}
			rd.place, rd.placeShape, rd.known = text, sh, f.knownPlace(text)
		case rd.place != "" && sign == signSlash && sh.place && rd.agency == "":
			// Two places: "Kyjiw/Berlin".
			rd.place = f.block[parts[i-1].start:p.end]
			rd.known = rd.known && f.knownPlace(text)
			if !sh.capitals {
				rd.placeShape.capitals = false
			}
		case rd.place != "" && sign == signComma && !rd.region && rd.unknown == "" && rd.agency == "" && sh.letters > 0 && !sh.digits && sh.words <= 4:
			key := squeeze(f.fold, text)
			switch {
			case f.index.regions[key] || f.knownPlace(text) || strings.HasSuffix(text, ".") || acronym(text) && len(text) == 2:
				rd.region = true
			case acronym(text) && len(text) >= 3:
				rd.agency, rd.acronym = text, true
			case sh.place:
				rd.unknown = text
			default:
				return rd, false
			}
		default:
			return rd, false
		}
	}
	return rd, true
}

// dateAndAgency reads "Feb 3 AAP".
func (f *datelineFinder) dateAndAgency(rd *reading, text string) bool {
	k := strings.LastIndexByte(text, ' ')
	if k < 0 {
		return false
	}
	date, agency := text[:k], text[k+1:]
	if _, ok := f.dateIn(date); !ok || !f.knownAgency(agency) {
		return false
	}
	rd.date, rd.agency, rd.sure = date, agency, true
	return true
}

// placeAndDate reads "Suri 24 January" where nothing parts a known place from
// the date.
func (f *datelineFinder) placeAndDate(rd *reading, text string) bool {
	k := strings.IndexFunc(text, unicode.IsDigit)
	place := strings.TrimSpace(text[:max(k, 0)])
	if !f.knownPlace(place) {
		return false
	}
	if _, ok := f.dateIn(text[k:]); !ok {
		return false
	}
	rd.place, rd.placeShape, rd.known, rd.date = place, shapeOf(place), true, text[k:]
	return true
}

// region reports whether what stands in brackets behind a place says where it
// is, and is no agency.
func (f *datelineFinder) region(text string) bool {
	sh := shapeOf(text)
	return f.index.regions[squeeze(f.fold, text)] || sh.place && sh.words <= 3 && !acronym(text) && !f.knownAgency(text)
}

// knownOnlyAsPlace reports whether text, though an agency's name too, has to
// be the place because it comes first and is one.
func (f *datelineFinder) knownOnlyAsPlace(text string, rd *reading) bool {
	return rd.place == "" && f.index.places[squeeze(f.fold, text)]
}

// readBracket takes what stands in brackets for an agency or a date, or both.
func (f *datelineFinder) readBracket(rd *reading, text string) bool {
	if rd.agency == "" && f.knownAgency(text) {
		rd.agency, rd.sure, rd.bracketed = text, true, true
		return true
	}
	if _, ok := f.dateIn(text); ok && rd.date == "" && rd.place != "" {
		rd.date = text
		return true
	}
	if name, rest, ok := strings.Cut(text, ","); ok && rd.agency == "" && rd.date == "" {
		name, rest = strings.TrimSpace(name), strings.TrimSpace(rest)
		if _, ok := f.dateIn(rest); ok && (f.knownAgency(name) || acronym(name)) {
			rd.agency, rd.sure, rd.bracketed, rd.date = name, f.knownAgency(name), true, rest
			rd.acronym = acronym(name)
			return true
		}
	}
	if rd.agency == "" && strings.Contains(text, "/") {
		// "(AGENCY/OTHER)": several.
		for name := range strings.SplitSeq(text, "/") {
			name = strings.TrimSpace(name)
			known := f.knownAgency(name)
			if !known && !acronym(name) {
				return false
			}
			rd.sure = rd.sure || known
		}
		rd.agency, rd.bracketed, rd.acronym = text, true, true
		return true
	}
	sh := shapeOf(text)
	if rd.agency != "" || !sh.place || f.index.notPlaces[squeeze(f.fold, text)] {
		return false
	}
	rd.agency, rd.bracketed, rd.acronym = text, true, acronym(text)
	return true
}

// holds decides whether what was read is a dateline.
func (f *datelineFinder) holds(rd *reading, parts []part, last part) bool {
	at := last.after
	if at >= len(f.block) {
		return false
	}
	long := len(f.block)-at >= minLead
	upper := f.begins(at)
	single := len(parts) == 1
	strong := rd.known || rd.placeShape.capitals && rd.placeShape.letters >= 5
	switch last.sign {
	case signDash:
		switch {
		case rd.place == "":
			// An agency alone.
			return rd.sure && (upper || rd.bracketed) ||
				rd.bracketed && upper && long && !shapeOf(rd.agency).caseless
		case rd.sure:
			return upper || rd.bracketed
		case !upper:
			return false
		case rd.placeShape.caseless:
			return rd.known && rd.unknown == ""
		case rd.unknown != "":
			return f.nameAfterPlace(rd, last, long)
		case rd.agency != "":
			return strong || rd.placeShape.words == 1 && (rd.bracketed || rd.acronym)
		case rd.date != "":
			return true
		case rd.known:
			return last.spaced
		default:
			if strings.HasPrefix(f.block[last.to:], ".") && single && f.rules.has("stop-dash") {
				return long && rd.placeShape.letters >= 4 && rd.placeShape.words <= 3 && f.setOff(rd.place, rd.placeShape.capitals)
			}
			if f.hints.Place != nil && !rd.region {
				return false
			}
			return strong && long && last.spaced && rd.placeShape.words <= 3 && (rd.region || f.named(rd.place))
		}
	case signColon:
		if (last.bracket == '(' || rd.known) && rd.sure && rd.place != "" {
			return upper
		}
		if !f.rules.has("colon") || !upper || !long || rd.unknown != "" {
			return false
		}
		return rd.known || rd.place != "" && rd.sure && rd.placeShape.capitals
	case signStop:
		if !upper || !long || rd.unknown != "" {
			return false
		}
		if rd.place != "" && rd.sure && (strong || rd.date != "") {
			return true
		}
		if last.bracket == '/' && rd.date != "" && rd.place != "" {
			return true
		}
		return f.rules.has("period") && rd.known && (single || rd.agency != "")
	case signSlash:
		return upper && long && rd.sure && rd.known
	case signNone:
		// Nothing after the bracket: only what is certain.
		return upper && long && rd.sure && rd.bracketed
	}
	return false
}

// named reports whether the article's text has what stands in capitals as a
// place's name: with a capital for each word, behind a word that stands before
// places, and never in small letters, nor again in capitals as titles, labels
// and acronyms are.
//
//	NORRICK - The ferry sailed again. ... in Norrick ...
func (f *datelineFinder) named(capitals string) bool {
	rest := f.after(capitals)
	return f.placed(rest, inSmall(capitals)) && !strings.Contains(rest, capitals) && !strings.Contains(rest, strings.ToLower(capitals))
}

// setOff reports whether what a full stop and a dash set off is a place, where
// the language's outlets set off places so: in capitals it is but for what the
// text writes in small letters, else where the text names it again.
//
//	NORRICK.- The ferry sailed again.
func (f *datelineFinder) setOff(place string, capitals bool) bool {
	rest := f.after(place)
	if strings.Contains(rest, strings.ToLower(place)) {
		return false
	}
	return capitals || strings.Contains(rest, place)
}

// after is the article's text behind the dateline's place.
func (f *datelineFinder) after(place string) string {
	if _, rest, ok := strings.Cut(f.hints.Text, place); ok {
		return rest
	}
	return f.hints.Text
}

// inSmall writes a name in capitals as names are.
func inSmall(capitals string) string {
	var name []rune
	up := true
	for _, r := range capitals {
		if up {
			name = append(name, r)
		} else {
			name = append(name, unicode.ToLower(r))
		}
		up = !unicode.IsLetter(r) && r != '\'' && r != '’'
	}
	return string(name)
}

// placed reports whether a text has a name as a whole word, or whole words,
// behind a word that stands before places.
func (f *datelineFinder) placed(text, name string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(name)
		before, space := strings.CutSuffix(text[:i], " ")
		next, _ := utf8.DecodeRuneInString(text[at:])
		if !space || unicode.IsLetter(next) || next == '-' {
			continue
		}
		word := before[strings.LastIndexAny(before, " \n")+1:]
		if f.rules.before[squeeze(f.fold, word)] {
			return true
		}
	}
}

// nameAfterPlace decides on "Place, Some Name -", where the name is not known.
func (f *datelineFinder) nameAfterPlace(rd *reading, last part, long bool) bool {
	if !last.spaced || !long {
		return false
	}
	if f.rules.has("name") && rd.agency == "" {
		words := strings.Fields(rd.unknown)
		if rd.placeShape.words > 2 || len(words) > 3 {
			return false
		}
		for _, w := range words {
			key := squeeze(f.fold, w)
			if f.index.notPlaces[key] || f.rules.starters[key] {
				return false
			}
		}
		rd.agency = rd.unknown
		return true
	}
	// A region that no list has: "SOME CITY, Some State (AGENCY) -".
	return rd.known || rd.placeShape.capitals && rd.placeShape.letters >= 5
}
