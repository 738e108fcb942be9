package lang

import "slices"

// setTags takes what the tags decide: the first that decides it does.
func (f *dateFinder) setTags(tags []string) {
	for _, tag := range tags {
		var buf [32]byte
		if len(tag) == 0 || len(tag) > len(buf) {
			continue
		}
		b := buf[:len(tag)]
		for i := range b {
			b[i] = lowerASCII(tag[i])
			if b[i] == '_' {
				b[i] = '-'
			}
		}
		f.setTag(b)
	}
}

func (f *dateFinder) setTag(tag []byte) {
	first := tag
	var region []byte
	for i, start := 0, 0; i <= len(tag); i++ {
		if i < len(tag) && tag[i] != '-' {
			continue
		}
		switch part := tag[start:i]; {
		case start == 0:
			first = part
		case region == nil && len(part) == 2:
			region = part
		}
		start = i + 1
	}
	order, decisive := f.t.orders[string(tag)], true
	r, ok := f.t.regions[string(region)]
	if ok && order == orderUnknown {
		order = r.order
	}
	if i, known := f.t.langOf[string(first)]; known {
		l := &f.t.langs[i]
		if f.nlangs < len(f.langs) {
			f.langs[f.nlangs] = i
			f.nlangs++
		}
		f.dot = f.dot || l.dot
		f.months |= wordRareMonth
		if order == orderUnknown {
			order, decisive = l.order, l.agree
		}
		if !ok {
			r = f.t.regions[l.region]
		}
	}
	if f.order == orderUnknown {
		f.order, f.decisive = order, decisive
	}
	if f.calendars == nil {
		f.calendars = r.calendars
	}
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// Known tells whether a primary language tag in lower case is one that CLDR has
// calendar words for, or that Detect can tell.
func Known(tag string) bool {
	if _, ok := loadedDates().langOf[tag]; ok {
		return true
	}
	return slices.Contains(theDetectTable().tags, tag)
}
