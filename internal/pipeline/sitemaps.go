package pipeline

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/store"
	"dateline/lang"
)

// maxSitemaps is how many sitemaps of an index are followed. A sitemap has up
// to 50,000 addresses, so this is more than a year of any outlet.
const maxSitemaps = 24

// children follows the sitemaps of an index that may have new pages, and no
// others. own are the outlet's domains.
func (p *Pipeline) children(ctx context.Context, src store.SourceState, list []feed.Sitemap, own map[string]bool) error {
	if len(list) == 0 {
		return nil
	}
	if src.Of != 0 {
		switch parent, err := p.Store.Source(ctx, src.Of); {
		case err != nil:
			return err
		case parent.Of != 0:
			return nil // indexes of indexes may go on without end
		}
	}
	list = slices.DeleteFunc(list, func(s feed.Sitemap) bool {
		t := modified(s)
		old := !t.IsZero() && t.Before(src.Since.Truncate(24*time.Hour))
		return old || s.URL == src.URL || !own[fetch.Domain(s.URL)]
	})
	var sources []dateline.Source
	for _, s := range window(list, maxSitemaps) {
		sources = append(sources, dateline.Source{URL: s.URL, Kind: dateline.SourceSitemap})
	}
	return p.Store.SetChildren(ctx, src.N, sources, fetch.Domain)
}

// modified is when a sitemap last changed by its index, zero where that does
// not say.
func modified(s feed.Sitemap) time.Time {
	if d, ok := lang.ParseDate(s.Modified); ok {
		return d.Time(time.UTC)
	}
	return time.Time{}
}

// window is those of the sitemaps that are likeliest to have new pages, most of
// them. They are the newest, where the index says which; else the numbers and
// dates in their names tell. A number does not tell whether one counts up or
// down, so where it is no date some from the other end are among them, and
// where there is neither, both ends of the list.
func window(list []feed.Sitemap, most int) []feed.Sitemap {
	type sitemap struct {
		feed.Sitemap
		at      time.Time
		numbers []string
	}
	var dated []sitemap
	series := map[string][]sitemap{} // names that differ in numbers only
	var names []string
	for _, s := range list {
		if at := modified(s); !at.IsZero() {
			dated = append(dated, sitemap{Sitemap: s, at: at})
			continue
		}
		name := strings.Join(strings.FieldsFunc(s.URL, digit), "#")
		if series[name] == nil {
			names = append(names, name)
		}
		series[name] = append(series[name], sitemap{Sitemap: s, numbers: numbers(s.URL)})
	}
	slices.SortStableFunc(dated, func(a, b sitemap) int { return b.at.Compare(a.at) })
	for name, s := range series {
		slices.SortStableFunc(s, func(a, b sitemap) int { return compareNumbers(b.numbers, a.numbers) })
		if !inYears(s[0].numbers) {
			series[name] = ends(s, 2)
		}
	}
	first := min(len(dated), most)
	if len(names) > 0 { // room for what has no date: a third
		first = min(first, most-most/3)
	}
	var out []feed.Sitemap
	take := func(s sitemap) {
		if len(out) < most {
			out = append(out, s.Sitemap)
		}
	}
	for _, s := range dated[:first] {
		take(s)
	}
	names = ends(names, 1)
	for round, more := 0, true; more && len(out) < most; round++ {
		more = false
		for _, name := range names {
			if s := series[name]; round < len(s) {
				take(s[round])
				more = true
			}
		}
	}
	for _, s := range dated[first:] {
		take(s)
	}
	return out
}

// ends takes so many from the front, one from the back, and so on.
func ends[T any](list []T, front int) []T {
	out := make([]T, 0, len(list))
	for len(list) > 0 {
		n := min(front, len(list))
		out = append(out, list[:n]...)
		if list = list[n:]; len(list) > 0 {
			out = append(out, list[len(list)-1])
			list = list[:len(list)-1]
		}
	}
	return out
}

// inYears tells whether the first long number of a name is a date's.
func inYears(numbers []string) bool {
	for _, n := range numbers {
		if len(n) == 4 || len(n) == 6 || len(n) == 8 {
			return n > "19" && n < "21"
		}
	}
	return false
}

func compareNumbers(a, b []string) int {
	return slices.CompareFunc(a, b, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
}

// numbers are the runs of digits in an address behind its host, without zeros
// before.
func numbers(address string) []string {
	if u, err := url.Parse(address); err == nil {
		address = u.RequestURI()
	}
	list := strings.FieldsFunc(address, func(r rune) bool { return !digit(r) })
	for i := range list {
		list[i] = strings.TrimLeft(list[i], "0")
	}
	return list
}

func digit(r rune) bool { return r >= '0' && r <= '9' }
