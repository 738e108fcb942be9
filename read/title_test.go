package read

import (
	"strings"
	"testing"
)

// prose is a body for pages whose head and headings are what is tested.
const prose = `<p>The ferry left the harbour shortly after seven in the morning, the operator said, and struck a sandbank half an hour later.</p>
<p>All ninety passengers were taken ashore by two fishing boats, and nobody was hurt, according to the coast guard.</p>
<p>The operator said it would look into the cause of the accident, and that the next sailing would leave on Thursday.</p>`

// pageOf makes a page of a head and a body.
func pageOf(head, body string) string {
	return "<!doctype html><html><head>" + head + "</head><body>" + body + "</body></html>"
}

func TestTitle(t *testing.T) {
	const nav = `<nav><ul><li><a href="/">Home</a></li><li><a href="/harbour">Harbour</a></li><li><a href="/sport">Sport</a></li></ul></nav>`
	for _, c := range []struct {
		name, page              string
		title, kicker, subtitle string
	}{
		{name: "the h1 without the name of the site",
			page: pageOf(`<title>Ferry runs aground off Port Hale - Harbour - The Hale Courier</title><meta property="og:site_name" content="The Hale Courier">`,
				nav+`<main><h1>Ferry runs aground off Port Hale</h1>`+prose+`</main>`),
			title: "Ferry runs aground off Port Hale"},
		{name: "an h1 that is the logo",
			page: pageOf(`<title>Ferry runs aground off Port Hale | The Hale Courier</title><meta property="og:title" content="Ferry runs aground off Port Hale">`,
				`<header><h1><a href="/">The Hale Courier</a></h1></header><main><h2>Ferry runs aground off Port Hale</h2>`+prose+`</main>`),
			title: "Ferry runs aground off Port Hale"},
		{name: "no h1, the name of the site by its host",
			page: pageOf(`<title>Ferry runs aground off Port Hale – halecourier.example</title>`,
				`<div class="headline">Ferry runs aground off Port Hale</div>`+prose),
			title: "Ferry runs aground off Port Hale"},
		{name: "only a title, cut by the initials of the host",
			page:  pageOf(`<title>Fähre läuft vor der Küste auf Grund | Neue Hafener Zeitung</title>`, prose),
			title: "Fähre läuft vor der Küste auf Grund"},
		{name: "the headline shown wins over the one for search engines",
			page: pageOf(`<title>Port Hale ferry accident: what we know | The Hale Courier</title><meta property="og:title" content="Port Hale ferry accident: what we know">`,
				`<main><h1>Ninety brought ashore as ferry hits a sandbank off Port Hale</h1>`+prose+`</main>`),
			title: "Ninety brought ashore as ferry hits a sandbank off Port Hale"},
		{name: "a title cut short",
			page: pageOf(`<title>Hafen</title><meta property="og:title" content="Fähre mit neunzig Fahrgästen läuft vor der Küste …"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Fähre mit neunzig Fahrgästen läuft vor der Küste auf Grund"}</script>`,
				`<main><h1>Fähre mit neunzig Fahrgästen läuft vor der Küste auf Grund</h1>`+prose+`</main>`),
			title: "Fähre mit neunzig Fahrgästen läuft vor der Küste auf Grund"},
		{name: "a kicker in the h1, by its class",
			page: pageOf(`<title>Hafen</title>`,
				`<article><h1><span class="article-kicker">Unfall auf See</span> Fähre läuft vor der Küste auf Grund</h1>`+prose+`</article>`),
			title: "Fähre läuft vor der Küste auf Grund", kicker: "Unfall auf See"},
		{name: "a kicker in the h1, by the head having the rest alone",
			page: pageOf(`<title>Fähre läuft vor der Küste auf Grund | Hafener Blatt</title><meta property="og:title" content="Fähre läuft vor der Küste auf Grund">`,
				`<article><h1><span>Unfall auf See</span> <span>Fähre läuft vor der Küste auf Grund</span></h1>`+prose+`</article>`),
			title: "Fähre läuft vor der Küste auf Grund", kicker: "Unfall auf See"},
		{name: "a kicker in the h1, by the sign the head has",
			page: pageOf(`<title>Unfall auf See: Fähre läuft vor der Küste auf Grund</title><meta property="og:title" content="Unfall auf See: Fähre läuft vor der Küste auf Grund">`,
				`<article><h1><div>Unfall auf See</div><div>Fähre läuft vor der Küste auf Grund</div></h1>`+prose+`</article>`),
			title: "Fähre läuft vor der Küste auf Grund", kicker: "Unfall auf See"},
		{name: "first words that are stressed are no kicker",
			page: pageOf(`<title>Sea rescue was a matter of minutes, says captain</title><meta property="og:title" content="Sea rescue was a matter of minutes, says captain">`,
				`<article><h1><em>Sea rescue</em> was a matter of minutes, says captain</h1>`+prose+`</article>`),
			title: "Sea rescue was a matter of minutes, says captain"},
		{name: "a kicker above the h1",
			page: pageOf(`<title>Fähre läuft vor der Küste auf Grund</title>`,
				`<article><p class="dachzeile">Unfall auf See</p><h1>Fähre läuft vor der Küste auf Grund</h1>`+prose+`</article>`),
			title: "Fähre läuft vor der Küste auf Grund", kicker: "Unfall auf See"},
		{name: "lines of one h1 run together",
			page: pageOf(`<title>Feri kandas di lepas pantai: sembilan puluh penumpang selamat - Kabar Senja</title><meta property="og:title" content="Feri kandas di lepas pantai: sembilan puluh penumpang selamat">`,
				`<article><h1>Feri kandas di lepas pantai:<span>sembilan puluh penumpang selamat</span></h1>`+prose+`</article>`),
			title: "Feri kandas di lepas pantai: sembilan puluh penumpang selamat"},
		{name: "an h1 that ends the breadcrumb",
			page: pageOf(`<title>Olas: el transbordador encalló | Diario del Puerto</title><meta property="og:title" content="Noventa pasajeros a salvo tras encallar el transbordador">`,
				`<nav class="breadcrumb"><a href="/">Portada</a> <h1>Olas: el transbordador encalló</h1></nav><article><h2>Noventa pasajeros a salvo tras encallar el transbordador</h2>`+prose+`</article>`),
			title: "Noventa pasajeros a salvo tras encallar el transbordador"},
		{name: "an h1 of a box behind the article",
			page: pageOf(`<title>Паром сел на мель у Порта | Вечерний вестник</title>`,
				`<main><h2 class="article-title">Паром сел на мель у Порта</h2>`+prose+strings.Repeat(`<p>Капитан сообщил, что все пассажиры были доставлены на берег двумя рыболовными судами.</p>`, 4)+`</main><aside><h1>Читайте также</h1></aside>`),
			title: "Паром сел на мель у Порта"},
		{name: "a colon of the headline is no separator",
			page: pageOf(`<title>Storm: ferries stay in port</title><meta property="og:site_name" content="Storm Watch">`,
				`<h1>Storm: ferries stay in port</h1>`+prose),
			title: "Storm: ferries stay in port"},
		{name: "signs without spaces, in Japanese",
			page: pageOf(`<title>フェリーが座礁、乗客九十人は無事：港の新聞</title><meta property="og:site_name" content="港の新聞">`,
				`<h3>フェリーが座礁、乗客九十人は無事</h3><p>港を出たフェリーは今朝七時半ごろ、砂州に乗り上げた。乗客九十人は漁船に救助され、全員無事だったと海上保安部が発表した。</p><p>運航会社は事故の原因を調べると説明した。次の便は木曜日に出航する予定だという。</p>`),
			title: "フェリーが座礁、乗客九十人は無事"},
		{name: "the name of the site first, in Arabic",
			page: pageOf(`<title>صحيفة المرفأ | جنوح عبارة قبالة الساحل ونجاة تسعين راكبا</title><meta property="og:site_name" content="صحيفة المرفأ">`,
				`<h1>جنوح عبارة قبالة الساحل ونجاة تسعين راكبا</h1>`+prose),
			title: "جنوح عبارة قبالة الساحل ونجاة تسعين راكبا"},
		{name: "entities, tags and white space",
			page:  pageOf(`<title>x</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry &amp;quot;Aurora&amp;quot;\n runs <i>aground</i>"}</script>`, prose),
			title: `Ferry "Aurora" runs aground`},
		{name: "capitals on the page",
			page: pageOf(`<title>Le ferry s’échoue au large du port</title><meta property="og:title" content="Le ferry s’échoue au large du port">`,
				`<h1>LE FERRY S’ÉCHOUE AU LARGE DU PORT</h1>`+prose),
			title: "Le ferry s’échoue au large du port"},
		{name: "a second headline that is not of the body",
			page: pageOf(`<title>Ferry runs aground off Port Hale</title>`,
				`<article><header><h1>Ferry runs aground off Port Hale</h1><h2 class="subtitle">Ninety brought ashore by fishermen</h2></header><div class="byline">Ada Quill</div><div class="article-body">`+prose+`</div></article>`),
			title: "Ferry runs aground off Port Hale", subtitle: "Ninety brought ashore by fishermen"},
		{name: "nothing", page: pageOf("", ""), title: ""},
	} {
		a, err := Page(Source{URL: "https://www.nhz.example/hafen/12-faehre", Body: []byte(c.page)}, nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if a.Title != c.title || a.Kicker != c.kicker {
			t.Errorf("%s: title %q, kicker %q; want %q, %q", c.name, a.Title, a.Kicker, c.title, c.kicker)
		}
		if c.subtitle != a.Subtitle && !strings.Contains(a.Text, c.subtitle) {
			t.Errorf("%s: subtitle %q, want %q", c.name, a.Subtitle, c.subtitle)
		}
	}
}

func TestTrimSite(t *testing.T) {
	p := new(page)
	p.url = absolute(nil, "https://www.halecourier.example/harbour/ferry")
	p.addName("The Hale Courier", true)
	p.hostNames()
	p.section = append(p.section, siteKey("Harbour & Sea"))
	for _, c := range [][2]string{
		{"Ferry runs aground | The Hale Courier", "Ferry runs aground"},
		{"Ferry runs aground :: Hale Courier Online", "Ferry runs aground"},
		{"Ferry runs aground - Harbour & Sea - THC", "Ferry runs aground"},
		{"The Hale Courier » Ferry runs aground", "Ferry runs aground"},
		{"Ferry runs aground (The Hale Courier)", "Ferry runs aground"},
		{"Ferry runs aground, The Hale Courier", "Ferry runs aground"},
		{"Ferry runs aground – captain arrested", "Ferry runs aground – captain arrested"},
		{"The Hale Courier: ten years of a paper", "The Hale Courier: ten years of a paper"},
		{"Ferry runs aground in Hale", "Ferry runs aground in Hale"},
		{"The Hale Courier", "The Hale Courier"},
		{" | ", " | "},
		{"", ""},
	} {
		if got := p.trimSite(c[0]); got != c[1] {
			t.Errorf("trimSite(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestTokenize(t *testing.T) {
	var a, b [maxTokens]uint32
	same := func(s, u string) bool {
		k, n := tokenize(s, &a)
		l, m := tokenize(u, &b)
		return k == l && n == m && a == b
	}
	if !same("Ferry “Aurora” runs aground", `FERRY "Aurora": runs aground`) {
		t.Error("quotes and case tell texts apart")
	}
	if !same("Fähre läuft auf Grund", "FÄHRE LÄUFT AUF GRUND") {
		t.Error("case tells umlauts apart")
	}
	if same("Ferry aground", "Aground ferry") {
		t.Error("the order of words tells nothing apart")
	}
	if _, n := tokenize("船が座礁", &a); n != 4 {
		t.Errorf("%d words in Han, want one a character", n)
	}
	if _, n := tokenize(strings.Repeat("word ", 100), &a); n != maxTokens {
		t.Errorf("%d words, want at most %d", n, maxTokens)
	}
}
