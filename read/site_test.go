package read

import (
	"reflect"
	"slices"
	"testing"

	"dateline"
)

func TestSite(t *testing.T) {
	const url = "https://www.halecourier.example/harbour/ferry-aground"
	for _, c := range []struct {
		name, url, head, body string
		want                  dateline.Article
	}{
		{name: "OpenGraph and meta families", url: url,
			head: `<link rel="canonical" href="/harbour/ferry-aground?ref=x"><meta property="og:site_name" content="The Hale Courier">
<meta property="article:section" content="Harbour"><meta property="article:tag" content="Ferries"><meta property="article:tag" content="ferries"><meta property="article:tag" content="Coast guard">
<meta property="og:image" content="/img/ferry.jpg"><meta name="article:content_tier" content="metered">`,
			want: dateline.Article{Canonical: "https://www.halecourier.example/harbour/ferry-aground?ref=x", Site: dateline.Site{Name: "The Hale Courier", Domain: "halecourier.example"},
				Section: "Harbour", Tags: []string{"Ferries", "Coast guard"}, Image: &dateline.Image{URL: "https://www.halecourier.example/img/ferry.jpg"}, Access: dateline.AccessMetered}},
		{name: "the name in the title and in the link home", url: url, head: `<title>Aground | The Hale Courier</title>`, body: `<a href="/">The Hale Courier</a><h1>Aground</h1>`,
			want: dateline.Article{Site: dateline.Site{Name: "The Hale Courier", Domain: "halecourier.example"}}},
		{name: "markup in a name", url: url, head: `<meta property="og:site_name" content="Courier> <meta name="><meta name="application-name" content="Hale Courier">`,
			want: dateline.Article{Site: dateline.Site{Name: "Hale Courier", Domain: "halecourier.example"}}},
		{name: "JSON-LD with a graph and a publisher by reference", url: url,
			head: `<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"Organization","@id":"#org","name":"Hafener Blatt"},
{"@type":"NewsArticle","headline":"Fähre läuft auf Grund","publisher":{"@id":"#org"},"mainEntityOfPage":{"@type":"WebPage","@id":"https://www.halecourier.example/harbour/ferry"},
"articleSection":["Küste","Verkehr"],"keywords":["Fähre","Küstenwache"],"isAccessibleForFree":"False",
"image":[{"@type":"ImageObject","url":"https://img.halecourier.example/1.jpg","caption":"Die Fähre","creditText":"Foto: R. Moor"}]},]}</script>`,
			want: dateline.Article{Canonical: "https://www.halecourier.example/harbour/ferry", Site: dateline.Site{Name: "Hafener Blatt", Domain: "halecourier.example"},
				Section: "Küste", Tags: []string{"Fähre", "Küstenwache"}, Access: dateline.AccessPaid,
				Image: &dateline.Image{URL: "https://img.halecourier.example/1.jpg", Caption: "Die Fähre", Credit: "Foto: R. Moor"}}},
		{name: "a breadcrumb list and keywords in one string", url: url,
			head: `<meta property="og:title" content="Ferry aground"><script type="application/ld+json">[{"@type":"BreadcrumbList","itemListElement":[
{"@type":"ListItem","position":1,"item":{"@id":"https://www.halecourier.example/","name":"Home"}},
{"@type":"ListItem","position":2,"item":{"@id":"https://www.halecourier.example/coast","name":"Coast"}},
{"@type":"ListItem","position":3,"name":"Ferry aground"}]},{"@type":"Article","headline":"Ferry aground","keywords":"ferry, coast guard","hasPart":{"isAccessibleForFree":false}}]</script>`,
			want: dateline.Article{Site: dateline.Site{Domain: "halecourier.example"}, Section: "Coast", Tags: []string{"ferry", "coast guard"}, Access: dateline.AccessPaid}},
		{name: "microdata and rel=tag", url: url,
			head: `<meta name="application-name" content="Kabar Senja">`,
			body: `<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="isAccessibleForFree" content="true"><span itemprop="articleSection">Pelabuhan</span>` + prose + `<a rel="tag" href="/t/feri">feri</a> <a rel="nofollow tag" href="/t/sar">SAR</a></div>`,
			want: dateline.Article{Site: dateline.Site{Name: "Kabar Senja", Domain: "halecourier.example"}, Section: "Pelabuhan", Tags: []string{"feri", "SAR"}, Access: dateline.AccessFree}},
		{name: "a canonical address that is the home page, or no address", url: url,
			head: `<link rel="canonical" href="https://www.halecourier.example/"><meta property="og:url" content="{{url}}">`,
			want: dateline.Article{Site: dateline.Site{Domain: "halecourier.example"}}},
		{name: "no address given", url: "",
			head: `<meta property="og:url" content="https://m.halecourier.example/ferry">`,
			want: dateline.Article{URL: "https://m.halecourier.example/ferry", Canonical: "https://m.halecourier.example/ferry", Site: dateline.Site{Domain: "m.halecourier.example"}}},
		{name: "schemes that are no address of a page", url: "",
			head: `<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="file:///etc/hosts"><meta property="og:image" content="data:image/png;base64,AAAA">`,
			want: dateline.Article{}},
	} {
		a, err := Page(Source{URL: c.url, Body: []byte(pageOf(c.head, c.body+prose))}, nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := dateline.Article{URL: a.URL, Canonical: a.Canonical, Site: a.Site, Section: a.Section, Tags: a.Tags, Image: a.Image, Access: a.Access}
		if c.want.URL == "" {
			c.want.URL = c.url
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
}

func TestSiteNames(t *testing.T) {
	p := new(page)
	p.reset()
	p.url = absolute(nil, "https://news.halecourier.example/ferry")
	p.walk(parse([]byte(pageOf(`<title>Ferry runs aground off Hale | Hale Courier</title><meta property="og:title" content="Ferry runs aground off Hale"><meta name="twitter:site" content="@hale_courier">`,
		`<a href="/">Start</a><h1>Ferry runs aground off Hale</h1>`+prose))))
	p.flush()
	p.measure()
	p.findNames()
	want := []string{"Hale Courier", "news.halecourier.example", "news", "Start"}
	var got []string
	for _, n := range p.names {
		got = append(got, n.text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("names %q, want %q", got, want)
	}
	if got := p.siteNames(); !slices.Equal(got, want[:2]) {
		t.Errorf("stated names %q, want %q", got, want[:2])
	}
	for s, want := range map[string]bool{
		"Hale Courier": true, "HALE COURIER": true, "halecourier": true, "The Hale Courier": true,
		"Hale": false, "Ferry runs aground off Hale": false, "": false, "Ada Quill": false,
	} {
		if got := p.isSiteName(s); got != want {
			t.Errorf("isSiteName(%q) = %v", s, got)
		}
	}
}

func TestSiteKey(t *testing.T) {
	for in, want := range map[string]string{
		"Neue Zürcher": "neuezurcher", "Łódź Dziś": "lodzdzis", "n-tv.example": "ntvexample", "Вести": "вести", "港の新聞": "港の新聞", " – ": "",
	} {
		if got := siteKey(in); got != want {
			t.Errorf("siteKey(%q) = %q, want %q", in, got, want)
		}
	}
}
