package demo

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

func (o *outlet) info() Info {
	return Info{Name: o.fields["name"], Language: o.fields["lang"], Shows: o.fields["shows"]}
}

func (o *outlet) forbidden(path string) bool {
	prefix := o.fields["forbids"]
	return prefix != "" && strings.HasPrefix(path, prefix)
}

// answer implements site.
func (o *outlet) answer(now time.Time, r request) *answer {
	u, err := url.Parse(r.path)
	if err != nil {
		return status(http.StatusBadRequest)
	}
	switch u.Path {
	case "/":
		return o.front(now, r, nil)
	case "/robots.txt":
		return o.robots(r)
	case o.fields["feed"]:
		return o.feedAnswer(now, r)
	case o.fields["sitemap"]:
		return o.sitemap(now, r)
	}
	for i, s := range o.sections {
		if u.Path == o.sectionPath(s) {
			return o.front(now, r, &o.sections[i])
		}
	}
	// What is asked for counts only where addresses are made of it.
	path := u.Path
	if id := u.Query().Get("id"); id != "" && strings.Contains(o.fields["path"], "?") {
		path += "?id=" + id
	}
	for _, s := range o.stories {
		if s.published.After(now) {
			continue
		}
		amp := o.fields["amp"] != "" && path == o.now(s, now)+o.fields["amp"]
		switch here := o.now(s, now); {
		case path != here && path == o.address(s):
			return redirect(http.StatusMovedPermanently, r.base+here)
		case path == here || amp:
			x, ok := s.at(now)
			if !ok {
				return status(http.StatusGone)
			}
			return o.article(x, now, r, amp)
		}
	}
	return nil
}

func (o *outlet) sectionPath(s section) string {
	return strings.ReplaceAll(o.fields["section"], "{section}", s.Slug)
}

func (o *outlet) robots(r request) *answer {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	if p := o.fields["forbids"]; p != "" {
		b.WriteString("Disallow: " + p + "\n")
	}
	b.WriteString("Disallow: /search\n")
	if p := o.fields["sitemap"]; p != "" {
		b.WriteString("\nSitemap: " + r.base + p + "\n")
	}
	return page("text/plain; charset=utf-8", []byte(b.String()), o.clock.start.Add(-90*24*time.Hour))
}

// The ways in which a feed breaks, one after the other.
const (
	feedWhole = iota
	feedFails
	feedIsPage
	feedIsHalf
)

// feedState is how the feed is now. "breaks" is the moment at which it begins
// to fail and how long each way of failing lasts.
func (o *outlet) feedState(now time.Time) int {
	from, each, ok := strings.Cut(o.fields["breaks"], " ")
	if !ok {
		return feedWhole
	}
	begin, err := time.ParseDuration(from)
	if err != nil {
		return feedWhole
	}
	length, err := time.ParseDuration(each)
	if err != nil {
		return feedWhole
	}
	for state := feedFails; state <= feedIsHalf; state++ {
		begin += length
		from, to := o.clock.at(begin-length), o.clock.at(begin)
		if !now.Before(from) && now.Before(to) {
			return state
		}
	}
	return feedWhole
}

func (o *outlet) feedAnswer(now time.Time, r request) *answer {
	switch o.feedState(now) {
	case feedFails:
		return status(http.StatusInternalServerError)
	case feedIsPage:
		a := o.front(now, r, nil)
		a.modified = time.Time{}
		return a
	case feedIsHalf:
		a := o.feed(now, r)
		a.body, a.modified = a.body[:len(a.body)/2], time.Time{}
		return a
	}
	return o.feed(now, r)
}
