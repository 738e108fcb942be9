package demo

import (
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The newsroom is what the demo promises: at least five languages, and each
// outlet says what it shows.
func TestNewsroomPromises(t *testing.T) {
	f := start(t, Options{})
	languages, listeners, stories, edited := map[string]bool{}, map[netip.AddrPort]bool{}, 0, 0
	agency := 0
	for n, o := range f.Outlets() {
		if o.Name == "" || o.Shows == "" || !o.Listener.Addr().IsLoopback() || o.Home != "http://"+o.Listener.String()+"/" {
			t.Errorf("%+v is not whole", o)
		}
		languages[o.Language], listeners[o.Listener] = true, true
		credits := false
		for _, s := range f.sites[n].(*outlet).stories {
			stories++
			edited += len(s.edits)
			credits = credits || s.fields["credit"] == "Tidewire"
		}
		if credits {
			agency++
		}
	}
	if len(languages) < 6 || len(listeners) != len(f.Outlets()) || stories < 60 || edited < 8 || agency < 3 {
		t.Errorf("%d languages, %d listeners, %d stories, %d edits, %d outlets with the agency's reports", len(languages), len(listeners), stories, edited, agency)
	}
}

// News come in at every stage of the first five minutes.
func TestScheduleIsSpread(t *testing.T) {
	var h hands
	f := start(t, h.options(Options{}))
	before := 0
	for minute := range 6 {
		h.set(time.Duration(minute) * time.Minute)
		now := 0
		for _, s := range f.sites {
			for _, x := range s.(*outlet).published(h.now()) {
				now++
				if x.modified.After(h.now()) || x.published.After(x.modified) {
					t.Errorf("%s: dates out of order: %v, %v at %v", x.title, x.published, x.modified, h.now())
				}
			}
		}
		if minute > 0 && minute < 5 && now <= before {
			t.Errorf("minute %d: %d stories, and %d the minute before", minute, now, before)
		}
		before = now
	}
}

func TestFeedBreaksAndRecovers(t *testing.T) {
	var h hands
	f := start(t, h.options(Options{}))
	o := outletNamed(t, f, "المرفأ الجديد")
	var got []string
	for _, second := range []int{0, 29, 30, 60, 90, 120} {
		h.set(time.Duration(second) * time.Second)
		g := get(t, o.Home+"rss.xml")
		var feed struct {
			XMLName xml.Name `xml:"rss"`
		}
		got = append(got, fmt.Sprint(g.status, " ", xml.Unmarshal([]byte(g.body), &feed) == nil, " ", g.header.Get("ETag") != ""))
	}
	want := []string{"200 true true", "200 true true", "500 false false", "200 false false", "200 false false", "200 true true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPageIsRemoved(t *testing.T) {
	var h hands
	f := start(t, h.options(Options{}))
	o := outletNamed(t, f, "Diario del Altozano")
	address := o.Home + "region/denuncia-alcalde.html"
	if g := get(t, address); g.status != 200 {
		t.Errorf("before: %d", g.status)
	}
	h.set(130 * time.Second)
	if g := get(t, address); g.status != http.StatusGone {
		t.Errorf("after: %d", g.status)
	}
	if g := get(t, o.Home+"rss.xml"); strings.Contains(g.body, "denuncia-alcalde") {
		t.Error("the feed still lists what is gone")
	}
}

func TestForbiddenSection(t *testing.T) {
	f := start(t, Options{})
	o := outletNamed(t, f, "Northgate Ledger")
	if g := get(t, o.Home+"robots.txt"); !strings.Contains(g.body, "Disallow: /insiders/\n") {
		t.Errorf("robots.txt: %q", g.body)
	}
	var feed struct {
		Items []struct{ URL string }
	}
	if err := json.Unmarshal([]byte(get(t, o.Home+"feed.json").body), &feed); err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, i := range feed.Items {
		if strings.HasPrefix(i.URL, o.Home+"insiders/") {
			listed++
			get(t, i.URL)
		}
	}
	log := f.Log()
	if last := log[len(log)-1]; listed == 0 || !last.Forbidden || log[0].Forbidden {
		t.Errorf("%d forbidden pages listed, and asking for one is logged as %+v", listed, last)
	}
}

// An outlet without a feed names its sitemap in robots.txt: gzip that is a
// file, not a coding.
func TestSitemapOfNews(t *testing.T) {
	f := start(t, Options{})
	o := outletNamed(t, f, "La Dépêche de Valcombe")
	_, address, _ := strings.Cut(get(t, o.Home+"robots.txt").body, "Sitemap: ")
	g := get(t, strings.TrimSpace(address), "Accept-Encoding", "gzip")
	if g.status != 200 || g.header.Get("Content-Encoding") != "" {
		t.Fatalf("%d %v", g.status, g.header)
	}
	z, err := gzip.NewReader(strings.NewReader(g.body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil || !strings.Contains(string(text), "<news:language>fr</news:language>") || !strings.Contains(string(text), "fonds-nairobi") {
		t.Errorf("%v %.300s", err, text)
	}
	if front := get(t, o.Home); strings.Contains(front.body, "application/rss+xml") || strings.Contains(front.body, "application/feed+json") {
		t.Error("the front page declares a feed")
	}
}

func TestCharsetTwinsAndCoding(t *testing.T) {
	f := start(t, Options{})
	russian := outletNamed(t, f, "Ковыльный вестник")
	want := string(encode("Землетрясение магнитудой 6,6", "windows-1251"))
	for _, path := range []string{"news.php?id=4121", "rss.php", ""} {
		if g := get(t, russian.Home+path); !strings.Contains(g.body, want) || strings.Contains(g.body, "Чили") {
			t.Errorf("%s is not in windows-1251", path)
		}
	}
	if got, want := string(encode("«Ёж» — №1 漢", "windows-1251")), "\xab\xa8\xe6\xbb \x97 \xb91 &#28450;"; got != want {
		t.Errorf("encoded %q, want %q", got, want)
	}
	bay := outletNamed(t, f, "Calder Bay Courier")
	feed := get(t, bay.Home+"feed.atom").body
	_, link, _ := strings.Cut(feed, `<entry>`)
	_, link, _ = strings.Cut(link, `href="`)
	link, _, _ = strings.Cut(link, `"`)
	link = strings.ReplaceAll(link, "&amp;", "&")
	page, tracking, _ := strings.Cut(link, "?")
	if !strings.HasPrefix(tracking, "utm_source=") {
		t.Errorf("link %s has no tracking parameters", link)
	}
	for _, address := range []string{link, page, page + "/amp"} {
		if g := get(t, address); g.status != 200 || !strings.Contains(g.body, fmt.Sprintf(`rel="canonical" href=%q`, page)) {
			t.Errorf("%s does not name %s: %d", address, page, g.status)
		}
	}
	if g := get(t, page, "Accept-Encoding", "gzip"); g.header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(g.body, "\x1f\x8b") {
		t.Errorf("asked for gzip: %v", g.header)
	}
	if g := get(t, outletNamed(t, f, "المرفأ الجديد").Home+"node/4107"); !strings.Contains(g.body, `<html dir="rtl" lang="ar"`) {
		t.Error("the Arabic page is not written right to left")
	}
}

// A file that is wrong is said to be, with the reason.
func TestParseOutletRefuses(t *testing.T) {
	head := "zone: +00:00\nsections: a=A\nweekdays: 1|2|3|4|5|6|7\nmonths: 1|2|3|4|5|6|7|8|9|10|11|12\nshort: %d/%m\n"
	for _, c := range []struct{ text, want string }{
		{head + "\n== s\nat: -1h\nsection: a\ntitle: T\n\n{short -1h}.\n", ""},
		{"zone: here\n", "zone"},
		{"zone: +00:00\nweekdays: 1|2\n", "2 weekdays"},
		{head + "nonsense\n", `"nonsense" is no field`},
		{head + "\n== s\nat: -1h\nsection: a\n\ntext\n", "no title"},
		{head + "\n== s\nat: -1h\nsection: b\ntitle: T\n\ntext\n", `no section "b"`},
		{head + "\n== s\nat: soon\nsection: a\ntitle: T\n\ntext\n", "time"},
		{head + "\n== s\nat: -1h\nsection: a\ntitle: T\n\n{short}\n", "braces"},
		{head + "\n== edit +1s\n1: x\n", "edit before any story"},
		{head + "\n== s\nat: -1h\nsection: a\ntitle: T\n\ntext\n\n== edit +1s\n2: x\n", `no paragraph "2"`},
	} {
		_, err := parseOutlet(c.text, clock{begin, 1})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: got %v, want %q", c.text, err, c.want)
		}
	}
}
