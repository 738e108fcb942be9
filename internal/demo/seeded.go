package demo

import (
	_ "embed"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Generated outlets. Everything about page n of outlet m follows from a hash
// of seed, m and n, and is made when it is asked for: 500 outlets of 40 pages
// cost no memory until then.
//
// A page is at /news/N-MARKER, where the marker is a word that stands in its
// title and text and nowhere else in the farm. The feed links pages with
// tracking parameters, the sitemap without.

//go:embed sentences.tsv
var sentences string

// tongue is a language of generated text.
type tongue struct {
	tag       string
	sentences []string
	towns     []string
	names     []string
}

// tongues reads sentences.tsv: language, kind and text in each line.
func tongues() []tongue {
	var out []tongue
	for line := range strings.Lines(sentences) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 || line[0] == '#' {
			continue
		}
		if len(out) == 0 || out[len(out)-1].tag != fields[0] {
			out = append(out, tongue{tag: fields[0]})
		}
		t := &out[len(out)-1]
		switch fields[1] {
		case "sentence":
			t.sentences = append(t.sentences, fields[2])
		case "towns":
			t.towns = strings.Split(fields[2], ", ")
		case "names":
			t.names = strings.Split(fields[2], ", ")
		}
	}
	return out
}

// seeded is a generated outlet.
type seeded struct {
	o      Options
	n      int
	clock  clock
	tongue tongue
	name   string
}

func newSeeded(o Options, n int, c clock, all []tongue) *seeded {
	t := all[n%len(all)]
	return &seeded{o: o, n: n, clock: c, tongue: t, name: fmt.Sprintf("%s %d", t.towns[int(hash(o.Seed, "name", strconv.Itoa(n))%uint64(len(t.towns)))], n)}
}

func (s *seeded) info() Info {
	return Info{Name: s.name, Language: s.tongue.tag, Shows: fmt.Sprintf("%d generated pages", s.o.Pages)}
}

// The path that a generated outlet's robots.txt forbids.
const forbidden = "/private/"

func (s *seeded) forbidden(path string) bool { return strings.HasPrefix(path, forbidden) }

// hash is what all about a page, or the outlet where page is -1, follows from.
func (s *seeded) hash(page int, what string) uint64 {
	return hash(s.o.Seed, what, strconv.Itoa(s.n), strconv.Itoa(page))
}

// marker is a word of page n that no other page of the farm has: the numbers
// are in it.
func (s *seeded) marker(page int) string {
	const consonants = "bdfgklmnprst"
	h := s.hash(page, "marker")
	var b strings.Builder
	for range 3 {
		b.WriteByte(consonants[h%12])
		b.WriteByte("aeiou"[h/12%5])
		h /= 60
	}
	return fmt.Sprintf("%sq%dx%d", b.String(), s.n, page)
}

// path is where a page is linked.
func (s *seeded) path(page int) string {
	p := fmt.Sprintf("/news/%d-%s", page, s.marker(page))
	if s.fault(page).kind == "robots" {
		return forbidden + p[len("/news/"):]
	}
	return p
}

// moved is where a page is that has moved.
func (s *seeded) moved(page int) string {
	return fmt.Sprintf("/archive/%d-%s", page, s.marker(page))
}

// published is when a page came out: one in each minute back from the start,
// so that a list has an order and little of it is old.
func (s *seeded) published(page int) time.Time {
	return s.clock.start.Add(-time.Duration(page+1)*time.Minute - time.Duration(s.hash(page, "second")%60)*time.Second)
}

// answer implements site.
func (s *seeded) answer(now time.Time, r request) *answer {
	u, err := url.Parse(r.path)
	if err != nil {
		return status(http.StatusBadRequest)
	}
	if u.Path == "/robots.txt" {
		return page("text/plain", []byte("User-agent: *\nDisallow: "+forbidden+"\n\nSitemap: "+r.base+"/sitemap.xml\n"), s.clock.start)
	}
	if a := s.storm(now, r.nth); a != nil {
		return a
	}
	switch u.Path {
	case "/":
		return s.front(r)
	case "/feed.xml":
		if a := s.brokenFeed(r); a != nil {
			return a
		}
		c, items := s.items(r, "?utm_source=feed&utm_medium=rss")
		return page("application/rss+xml; charset=utf-8", rss(c, items[:min(len(items), 100)], "utf-8"), c.modified)
	case "/sitemap.xml":
		c, items := s.items(r, "")
		return page("application/xml", sitemap(c, items, false), c.modified)
	}
	folder, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	number, name, _ := strings.Cut(rest, "-")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= s.o.Pages {
		return nil
	}
	name, amp := strings.CutSuffix(name, "/amp")
	if name != s.marker(n) {
		return nil
	}
	return s.page(now, r, n, folder, amp)
}

func (s *seeded) items(r request, tracking string) (channel, []item) {
	c := channel{name: s.name, home: r.base + "/", self: r.base + "/feed.xml", lang: s.tongue.tag, modified: s.clock.start}
	items := make([]item, s.o.Pages)
	for n := range items {
		at := s.published(n)
		items[n] = item{address: r.base + s.path(n) + tracking, id: r.base + "/id/" + strconv.Itoa(n), title: s.title(n), published: at, modified: at, section: "news"}
	}
	return c, items
}

func (s *seeded) front(r request) *answer {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><html lang=%q><head><meta charset=\"utf-8\"><title>%s</title><meta property=\"og:site_name\" content=%q>"+
		"<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head><body><nav><a href=\"/\">%s</a></nav><main>\n", s.tongue.tag, s.name, s.name, s.name)
	for n := range min(s.o.Pages, 30) {
		fmt.Fprintf(&b, "<article><h2><a href=%q>%s</a></h2></article>\n", s.path(n), s.title(n))
	}
	b.WriteString("</main></body></html>\n")
	return page("text/html; charset=utf-8", []byte(b.String()), s.clock.start)
}

// write writes the sentence that h stands for, with its slots filled.
func (t *tongue) write(b *strings.Builder, h uint64) {
	text := t.sentences[h%uint64(len(t.sentences))]
	h = mix(h)
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return
		}
		var slot string
		slot, text, _ = strings.Cut(rest, "}")
		switch slot {
		case "n":
			b.WriteString(strconv.Itoa(2 + int(h%97)))
		case "m":
			b.WriteString(strconv.Itoa(100 + int(h>>8%900)))
		case "town":
			b.WriteString(t.towns[h>>16%uint64(len(t.towns))])
		case "name":
			b.WriteString(t.names[h>>24%uint64(len(t.names))])
		}
	}
}

// title is the marker, as the name of an operation would be, and the first
// part of a sentence.
func (s *seeded) title(page int) string {
	var b strings.Builder
	s.tongue.write(&b, s.hash(page, "title"))
	title := strings.TrimRight(b.String(), ".")
	if head, _, ok := strings.Cut(title, ", "); ok {
		title = head
	}
	return s.marker(page) + ": " + title
}

// draw makes a page as HTML. edition counts edits.
func (s *seeded) draw(r request, n, edition int, canonical string, amp bool) []byte {
	var b strings.Builder
	at := s.published(n)
	address := r.base + canonical
	title := s.title(n)
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=%q>\n<head>\n<meta charset=\"utf-8\">\n<title>%s | %s</title>\n<link rel=\"canonical\" href=%q>\n", s.tongue.tag, title, s.name, address)
	if !amp && s.hash(n, "amp")%4 == 0 {
		fmt.Fprintf(&b, "<link rel=\"amphtml\" href=%q>\n", address+"/amp")
	}
	fmt.Fprintf(&b, "<meta property=\"og:type\" content=\"article\">\n<meta property=\"og:site_name\" content=%q>\n<meta property=\"article:published_time\" content=%q>\n</head>\n<body>\n", s.name, at.Format(time.RFC3339))
	fmt.Fprintf(&b, "<header><nav><ul><li><a href=\"/\">%s</a></li></ul></nav></header>\n<main><article>\n<h1>%s</h1>\n<p class=\"meta\"><time datetime=%q>%s</time></p>\n<div class=\"text\">\n",
		s.name, title, at.Format(time.RFC3339), at.Format("2006-01-02 15:04"))
	// sentences.tsv has nothing that HTML would have to have escaped; a test
	// looks.
	h := s.hash(n, "text")
	for p := range 10 + int(s.hash(n, "length")%24) {
		b.WriteString("<p>")
		h = mix(h)
		for range 3 + h%3 {
			h = mix(h)
			s.tongue.write(&b, h)
			b.WriteByte(' ')
		}
		if p == 0 {
			b.WriteString(s.marker(n) + ".")
		}
		if p == 1 && edition > 0 {
			s.tongue.write(&b, s.hash(n, "edit"))
			fmt.Fprintf(&b, " %sv%d.", s.marker(n), edition+1)
		}
		b.WriteString("</p>\n")
	}
	b.WriteString("</div></article>\n<aside><h2>+</h2><ul>")
	for k := range min(5, s.o.Pages) {
		other := (n + k + 1) % s.o.Pages
		fmt.Fprintf(&b, "<li><a href=%q>%s</a></li>", s.path(other), s.title(other))
	}
	b.WriteString("</ul></aside></main>\n<footer><a href=\"/\">" + s.name + "</a></footer>\n</body></html>\n")
	return []byte(b.String())
}
