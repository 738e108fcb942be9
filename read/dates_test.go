package read

import (
	"reflect"
	"strings"
	"testing"

	"dateline/lang"
)

func TestDates(t *testing.T) {
	ld := func(members string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"The river rose in the night",` + members + `}</script>`
	}
	tests := []struct {
		name, lang, head, byline, foot string
		published, modified            string
	}{
		{"JSON-LD", "en", ld(`"datePublished":"2024-05-03T08:15:00+02:00","dateModified":"2024-05-04T10:00:00+02:00"`), "", "", "2024-05-03T08:15:00+02:00", "2024-05-04T10:00:00+02:00"},
		{"meta", "en", `<meta property="article:published_time" content="2024-05-03T08:15:00Z">`, "", "", "2024-05-03T08:15:00Z", ""},
		{"time and its label", "en", "", `<div>Published <time datetime="2024-05-03">May 3</time>, updated <time datetime="2024-05-05">May 5</time></div>`, "", "2024-05-03", "2024-05-05"},
		{"microdata", "en", "", `<span itemprop=datePublished content="2024-05-03T08:15">yesterday</span>`, "", "2024-05-03T08:15:00", ""},
		{"a line that a date's stop ends", "hr", "", "<p>Piše: Ana Horvat, Zagreb, petak, 3. svibnja 2024.</p>", "", "2024-05-03", ""},
		{"a line that a clock's stop ends", "en", "", "<p>By Ana Roth, The Hale Courier, May 3, 2024 at 10:15 a.m.</p>", "", "2024-05-03T10:15:00", ""},
		{"words that tell of a day", "en", "", "", "<p>A hearing will be held on 9 May 2023 in the town hall.</p>", "", ""},
		{"said under a link to comments", "en", "", "", "<div><a href=#c>Comments</a><p>Published 3 May 2024</p></div>", "2024-05-03", ""},
		{"an old report", "en", `<meta name=date content="1985-03-04">` + ld(`"datePublished":"1985-03-04"`), "", "", "1985-03-04", ""},
		{"no such day", "en", `<meta name=date content="2024-02-31T08:00:00Z">`, "<p>3 May 2024</p>", "", "2024-05-03", ""},
		{"zero of a clock", "en", `<meta name=date content="1980-01-01">` + ld(`"datePublished":"1980-01-01"`), "<p>3 May 2024</p>", "", "2024-05-03", ""},
		{"text at the headline", "en", "", "<p>May 3, 2024</p>", "", "2024-05-03", ""},
		{"text with both", "en", "", "<p>Published: May 3, 2024. Updated: May 5, 2024</p>", "", "2024-05-03", "2024-05-05"},
		{"the time of the same day is preferred", "en", `<meta name=date content="2024-05-03">`, `<time datetime="2024-05-03T08:15:00+02:00">3 May</time>`, "", "2024-05-03T08:15:00+02:00", ""},
		{"the zone in which the page shows it", "en", ld(`"datePublished":"2024-05-03T03:15:20Z"`), `<p class=date>May 2, 2024 11:15 PM</p>`, "", "2024-05-02T23:15:20-04:00", ""},
		{"other articles' dates", "en", ld(`"datePublished":"2024-05-03"`), "", `<aside class=related><time datetime="2024-05-31">31 May</time></aside>`, "2024-05-03", ""},
		{"commenters' dates", "en", "", "<p>May 3, 2024</p>", `<section class=comments><time datetime="2024-05-09">9 May</time></section>`, "2024-05-03", ""},
		{"the future is not believed", "en", `<meta name=date content="2031-05-03">`, "<p>May 3, 2024</p>", "", "2024-05-03", ""},
		{"nor the epoch", "en", ld(`"datePublished":"1970-01-01T00:00:00Z"`), "<p>May 3, 2024</p>", "", "2024-05-03", ""},
		{"copyright is no date", "en", "", "", "<footer>Copyright 2019-2024 Lindhaven Courier. Updated daily.</footer>", "", ""},
		{"only a change is known", "en", ld(`"dateModified":"2024-05-04"`), "", "", "2024-05-04", "2024-05-04"},
		{"a reader's comment has the only date", "en", "", "", `<div class="comments"><div class="comment"><time datetime="2024-05-30">30 May</time><p>Well said.</p></div></div>`, "", ""},
		{"another article has the only date", "en", "", "", `<aside class="related"><a href="/b">The mole is dry</a> <time datetime="2023-01-30">30 January 2023</time></aside>`, "", ""},
		{"a shown time of change makes no zone", "en", ld(`"datePublished":"2024-05-03T08:00:00Z"`), "<p class=date>Updated 3 May 2024, 10:30</p>", "", "2024-05-03T08:00:00Z", "2024-05-03T10:30:00"},
		{"the class of a theme says updated", "en", ld(`"datePublished":"2024-02-15T16:42:10+00:00","dateModified":"2024-02-16T09:03:44+00:00"`), `<time class="entry-date updated" datetime="2024-02-15T16:42:10+00:00">15 February 2024</time>`, "", "2024-02-15T16:42:10+00:00", "2024-02-16T09:03:44+00:00"},
		{"of two articles the one at this address", "en", ld(`"url":"https://outlet.example/b","datePublished":"2024-01-01"`) + ld(`"url":"https://outlet.example/a","datePublished":"2024-05-03"`) + `<link rel=canonical href="https://outlet.example/a">`, "", "", "2024-05-03", ""},
		{"Russian that is declared English", "en", "", "<p>Опубликовано 03.05.2024</p><p>На острове снова ходит паром, сообщили в порту во вторник, через четыре дня после шторма, который сорвал часть причала.</p>", "", "2024-05-03", ""},
		{"a meta date of the last change", "en", ld(`"datePublished":"2024-05-03T08:15:00Z","dateModified":"2024-05-09T10:00:00Z"`) + `<meta property="article:published_time" content="2024-05-09T10:00:00Z">`, "", "", "2024-05-03T08:15:00Z", "2024-05-09T10:00:00Z"},
		{"ambiguous figures by data", "en", `<meta property="article:published_time" content="2024-04-03T08:15:00Z">`, "<p>03/04/2024</p>", "", "2024-04-03T08:15:00Z", ""},
		{"ambiguous figures by language", "de", "", "<p>03.04.2024</p>", "", "2024-04-03", ""},
		{"ambiguous figures by region", "en-US", "", "<p>03/04/2024</p>", "", "2024-03-04", ""},
		{"German", "de", "", "<p>Veröffentlicht am 3. Mai 2024, 08:15 Uhr</p>", "", "2024-05-03T08:15:00", ""},
		{"Indonesian", "id", "", "<p>Jumat, 3 Mei 2024</p>", "", "2024-05-03", ""},
		{"Russian", "ru", "", "<p>3 мая 2024</p>", "", "2024-05-03", ""},
		{"Persian calendar", "fa", "", "<p>۱۴ اردیبهشت ۱۴۰۳</p>", "", "2024-05-03", ""},
		{"Japanese", "ja", "", "<p>2024年5月3日</p>", "", "2024-05-03", ""},
		{"no date", "en", "", "", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, published, modified := readPage(t, articlePage(tt.lang, tt.head, tt.byline, tt.foot))
			if published != tt.published || modified != tt.modified {
				t.Errorf("published %q modified %q, want %q %q", published, modified, tt.published, tt.modified)
			}
		})
	}
}

func TestDateInAddress(t *testing.T) {
	page := articlePage("en", "", "", "")
	for url, want := range map[string]string{
		"https://lindhaven-courier.example/2024/05/03/river":     "2024-05-03",
		"https://lindhaven-courier.example/2024/may/03/river":    "2024-05-03",
		"https://lindhaven-courier.example/news/river-1232024":   "",
		"https://lindhaven-courier.example/notes/river-29-10-21": "",
	} {
		a, err := Page(Source{Body: []byte(page), URL: url, Fetched: "2024-06-01"}, nil)
		if err != nil || a.Published != want {
			t.Errorf("%s: published %q, %v, want %q", url, a.Published, err, want)
		}
	}
}

// Every candidate is in the evidence: one chosen, the others with the reason.
func TestDateEvidence(t *testing.T) {
	page := articlePage("en", `<meta name=date content="2031-05-03"><meta property="article:published_time" content="2024-05-03T08:15:00Z">`,
		"<p>Updated May 5, 2024</p>", "")
	a, err := Page(Source{Body: []byte(page), Fetched: "2024-06-01"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	chosen := 0
	for _, d := range a.Dates {
		if d.Chosen {
			chosen++
		}
		if d.Chosen == (d.Refused != "") || d.From == "" || d.Value == "" {
			t.Errorf("evidence %+v", d)
		}
		if strings.HasPrefix(d.Value, "2031") && !strings.Contains(d.Refused, "fetched") {
			t.Errorf("future refused as %q", d.Refused)
		}
	}
	if chosen != 1 || len(a.Dates) < 3 {
		t.Errorf("%d chosen of %+v", chosen, a.Dates)
	}
}

// FuzzDates checks that no date is invented: what is published is among the
// evidence, exists, and does not lie after the day of fetching.
func FuzzDates(f *testing.F) {
	f.Add(`<meta name=date content="2024-05-03">`, "May 3, 2024")
	f.Add(`<script type="application/ld+json">{"@type":"Article","datePublished":"2024-05-03T25:99"}</script>`, "03/04/05")
	f.Add("", "Published 31.02.2024 Updated 99/99/9999 ۱۴۰۳")
	f.Fuzz(func(t *testing.T, head, line string) {
		src := Source{Body: []byte(articlePage("en", head, "<p>"+line+"</p>", "")), Fetched: "2024-06-01"}
		a, err := Page(src, nil)
		if again, _ := Page(src, nil); err == nil && !reflect.DeepEqual(a.Dates, again.Dates) {
			t.Fatalf("read twice: %+v, %+v", a.Dates, again.Dates)
		}
		if err != nil || a.Published == "" {
			return
		}
		d, ok := lang.ParseDate(a.Published)
		if !ok || d.Year > 2024 || d.Year < 1971 {
			t.Fatalf("published %q", a.Published)
		}
		for _, e := range a.Dates {
			if e.Chosen && e.Value == a.Published {
				return
			}
		}
		t.Fatalf("published %q is not among %+v", a.Published, a.Dates)
	})
}
