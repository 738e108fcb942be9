package config

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// text is a value from where there is nothing but text.
type text string

// set sets a setting to a value as TOML has it, or to a [text].
func (f field) set(v any) error {
	wrong := func(want string) error { return fmt.Errorf("want %s, not %s", want, written(v)) }
	raw, isText := v.(text)
	quoted, isQuoted := v.(string)
	word := strings.TrimSpace(cmp.Or(string(raw), quoted))
	switch at := f.value.(type) {
	case *string:
		if !isQuoted && !isText {
			return wrong("text in quotes")
		}
		*at = word
	case *bool:
		b, ok := v.(bool)
		if isText {
			ok = word == "true" || word == "false"
			b = word == "true"
		}
		if !ok {
			return wrong("true or false")
		}
		*at = b
	case *int:
		n, ok := v.(int64)
		if isText {
			var err error
			n, err = strconv.ParseInt(word, 10, 32)
			ok = err == nil
		}
		if !ok || n < 0 || n > math.MaxInt32 || n == 0 && !f.zero {
			return wrong("a number without unit, such as 4")
		}
		*at = int(n)
	case *float64:
		x, ok := v.(float64)
		if n, whole := v.(int64); whole {
			x, ok = float64(n), true
		}
		if isText {
			var err error
			x, err = strconv.ParseFloat(word, 64)
			ok = err == nil
		}
		if !ok || x < 0 || math.IsNaN(x) || math.IsInf(x, 0) {
			return wrong("a number such as 0.2")
		}
		*at = x
	case *time.Duration:
		d, ok := duration(word)
		if !ok || d == 0 && !f.zero {
			return wrong(aDuration)
		}
		*at = d
	case *[]string:
		list, ok := wordsOf(v, word)
		if !ok {
			return wrong(`a list of words in quotes, such as ["a", "b"]`)
		}
		*at = list
	case *[]time.Duration:
		list, ok := durations(v, word)
		if !ok {
			return wrong(`a list of times, such as ["1h", "7d"]`)
		}
		*at = list
	case *int64:
		n, ok := size(word)
		if !ok || n == 0 && !f.zero {
			return wrong(`a size with its unit, such as "500 kB" or "10 MiB"`)
		}
		*at = n
	case **url.URL:
		if word == "" && (isQuoted || isText) {
			*at = nil
			return nil
		}
		u, err := url.Parse(word)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
			return wrong("an address such as http://proxy.example:3128 or socks5://127.0.0.1:1080")
		}
		*at = u
	default:
		panic(fmt.Sprintf("setting %s: values of type %T cannot be read", f.name, f.value))
	}
	return nil
}

const aDuration = `a time such as "20s", "15m", "1h30m" or "7d"`

// written is a value as its user wrote it, or nearly so.
func written(v any) string {
	switch v := v.(type) {
	case string, text:
		return fmt.Sprintf("%q", v)
	case map[string]any:
		return "a section"
	case []any:
		return fmt.Sprintf("the list %v", v)
	}
	return fmt.Sprint(v)
}

// duration reads "1h30m", "7d" and "0".
func duration(s string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err == nil
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d >= 0
}

// durations reads a list, or its text with commas between. All must be
// positive.
func durations(v any, word string) ([]time.Duration, bool) {
	words, ok := wordsOf(v, word)
	list := make([]time.Duration, len(words))
	for i, w := range words {
		if list[i], ok = duration(w); !ok || list[i] == 0 {
			return nil, false
		}
	}
	return list, ok
}

// wordsOf reads a list of words, or its text with commas between.
func wordsOf(v any, word string) ([]string, bool) {
	var words []string
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			s, ok := x.(string)
			if !ok {
				return nil, false
			}
			words = append(words, s)
		}
	case text:
		if word != "" {
			words = strings.Split(word, ",")
		}
	default:
		return nil, false
	}
	for i, w := range words {
		words[i] = strings.TrimSpace(w)
	}
	return words, true
}

// units are those of sizes; the larger before the smaller, and of two that
// make the same number the one that people use.
var units = []struct {
	name string
	size int64
}{
	{"TiB", 1 << 40}, {"TB", 1e12}, {"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"kB", 1e3}, {"B", 1},
}

// size reads "10 MiB". A number alone could be anything, so it is none.
func size(s string) (int64, bool) {
	for _, u := range units {
		n, ok := cutFold(s, u.name)
		if !ok {
			continue
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
		if b := f * float64(u.size); err == nil && b >= 0 && b < 1<<62 {
			return int64(math.Round(b)), true
		}
		return 0, false
	}
	return 0, false
}

func cutFold(s, suffix string) (string, bool) {
	n := len(s) - len(suffix)
	if n < 0 || !strings.EqualFold(s[n:], suffix) {
		return s, false
	}
	return s[:n], true
}

// show writes the value at a place as default.toml would have it.
func show(at any) string {
	switch at := at.(type) {
	case *string:
		return strconv.Quote(*at)
	case **url.URL:
		if *at == nil {
			return `""`
		}
		return strconv.Quote((*at).Redacted())
	case *time.Duration:
		return strconv.Quote(showDuration(*at))
	case *[]string:
		words := make([]string, len(*at))
		for i, w := range *at {
			words[i] = strconv.Quote(w)
		}
		return "[" + strings.Join(words, ", ") + "]"
	case *[]time.Duration:
		words := make([]string, len(*at))
		for i, d := range *at {
			words[i] = strconv.Quote(showDuration(d))
		}
		return "[" + strings.Join(words, ", ") + "]"
	case *int64:
		for _, u := range units {
			if *at%u.size == 0 {
				return fmt.Sprintf(`"%d %s"`, *at/u.size, u.name)
			}
		}
	case *int:
		return strconv.Itoa(*at)
	case *float64:
		return strconv.FormatFloat(*at, 'g', -1, 64)
	case *bool:
		return strconv.FormatBool(*at)
	}
	return ""
}

func showDuration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == 0:
		return "0"
	case d%day == 0 && d > day:
		return fmt.Sprintf("%dd", d/day)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
