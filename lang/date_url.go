package lang

import "strings"

// URLDate reads the date in the path of an address: "/2024/01/24/",
// "/2024/jan/24/", "/2024-01-24-title", "/20240124/", "/2024/0124/",
// "/202401/24/", or the month alone of "/2024/01/". Digits that are part of a
// longer number or a word are taken for an identifier, and years but those in
// which there have been pages for one too. Of several the one that says most
// is returned, and of those the first.
func URLDate(path string) (Date, bool) {
	if len(path) > 2048 {
		path = path[:2048]
	}
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	var best Date
	for i := 0; i < len(path); i++ {
		if path[i]-'0' > 9 || i > 0 && alnum(path[i-1]) {
			continue
		}
		if d, ok := urlDateAt(path, i); ok && (best.Year == 0 || best.Day == 0 && d.Day > 0) {
			best = d
		}
	}
	return best, best.Year != 0
}

// The years of addresses with dates in them.
const (
	urlFrom        = 1900
	urlTo          = 2099
	urlCompactFrom = 1990
)

// urlDateAt reads a date that begins with the digits at path[i].
func urlDateAt(path string, i int) (Date, bool) {
	v, n, j := digitsAt(path, i)
	if j < len(path) && alnum(path[j]) {
		return Date{}, false
	}
	var d Date
	switch n {
	case 8:
		d = Date{Year: v / 10000, Month: v / 100 % 100, Day: v % 100}
		return d, d.urlValid(urlCompactFrom) && d.Day > 0
	case 6: // 202401/24
		day, k := urlPart(path, j, '/', 2)
		d = Date{Year: v / 100, Month: v % 100, Day: day}
		return d, k > 0 && day > 0 && d.urlValid(urlCompactFrom)
	case 4:
		d.Year = v
	default:
		return Date{}, false
	}
	if j >= len(path) || strings.IndexByte("/-_.", path[j]) < 0 {
		return Date{}, false
	}
	sep := path[j]
	if v, n, k := digitsAt(path, j+1); n == 4 && sep == '/' && urlEnds(path, k, '/') {
		d.Month, d.Day = v/100, v%100 // 2024/0124
		return d, d.Day > 0 && d.urlValid(urlCompactFrom)
	}
	month, k := urlPart(path, j, sep, 2)
	if k == 0 {
		month, k = urlMonth(path, j+1)
	}
	if k == 0 || month == 0 {
		return Date{}, false
	}
	d.Month = month
	if k < len(path) && (path[k] == sep || path[k] == '/') {
		if day, e := urlPart(path, k, path[k], 2); e > 0 && day > 0 && (path[k] != '/' || urlEnds(path, e, '/')) {
			d.Day = day
			if d.urlValid(urlFrom) {
				return d, true
			}
			if sep != '/' {
				return Date{}, false
			}
			d.Day = 0
		} else if sep != '/' {
			return Date{}, false
		}
	} else if sep != '/' {
		return Date{}, false
	}
	// The month alone has to be two whole folders.
	return d, sep == '/' && (i == 0 || path[i-1] == '/') && urlEnds(path, k, '/') && d.urlValid(urlFrom)
}

// urlPart reads a number of at most width digits behind a separator at
// path[i]. Its end is 0 if there is none.
func urlPart(path string, i int, sep byte, width int) (value, end int) {
	if i >= len(path) || path[i] != sep {
		return 0, 0
	}
	v, n, j := digitsAt(path, i+1)
	if n == 0 || n > width || j < len(path) && alnum(path[j]) {
		return 0, 0
	}
	return v, j
}

// urlMonth reads the name of a month that takes up a whole part of the path.
func urlMonth(path string, i int) (month, end int) {
	if i >= len(path) || path[i]-'0' <= 9 {
		return 0, 0
	}
	t := loadedDates()
	f := dateFinder{t: t, text: path}
	end, first := t.lookup(path, i, wordMonth, false)
	best := rankNever
	for m := first; m != 0; m = t.words[m].next {
		if w := &t.words[m]; w.kind == wordMonth && w.calendar == Gregorian && f.rank(w) < best {
			month, best = int(w.value), f.rank(w)
		}
	}
	if month == 0 || end < len(path) && path[end] != '/' && path[end] != '-' && path[end] != '_' {
		return 0, 0
	}
	return month, end
}

// urlEnds reports whether a part of the path ends at i.
func urlEnds(path string, i int, sep byte) bool {
	return i >= len(path) || path[i] == sep
}

func alnum(c byte) bool {
	return c-'0' <= 9 || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}

func (d Date) urlValid(from int) bool {
	return d.Valid() && d.Month > 0 && d.Year >= from && d.Year <= urlTo
}
