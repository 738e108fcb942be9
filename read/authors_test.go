package read

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// article wraps a headline, what stands around it and a body into a page.
func articlePage(lang, head, byline, foot string) string {
	body := "<p>The river rose by two metres during the night, and the ferry stayed at its pier until noon, as the harbour office said.</p>" +
		"<p>Nobody was hurt, but eleven families had to leave their homes, and the school gave them its gymnasium for the week.</p>" +
		"<p>By the evening the water had fallen again; the mayor thanked all who had helped, and asked for patience with the road.</p>"
	return "<!doctype html><html lang=" + lang + "><head><title>The river rose in the night | Lindhaven Courier</title>" +
		"<meta property='og:title' content='The river rose in the night'><meta property='og:site_name' content='Lindhaven Courier'>" + head +
		"</head><body><nav><a href=/>Home</a></nav><article><h1>The river rose in the night</h1>" + byline + body + foot + "</article></body></html>"
}

func readPage(t testing.TB, html string) (authors []string, published, modified string) {
	t.Helper()
	a, err := Page(Source{Body: []byte(html), URL: "https://lindhaven-courier.example/news/river", Fetched: "2024-06-01"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a.Authors, a.Published, a.Modified
}

func TestAuthors(t *testing.T) {
	ld := func(author string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"The river rose in the night","author":` + author +
			`,"publisher":{"@type":"Organization","name":"Lindhaven Courier"}}</script>`
	}
	tests := []struct {
		name, lang, head, byline, foot string
		want                           []string
	}{
		{"objects of JSON-LD", "en", ld(`[{"@type":"Person","name":"Ana Roth"},{"@type":"Person","name":"Lee Oda"}]`), "", "", []string{"Ana Roth", "Lee Oda"}},
		{"string of JSON-LD", "en", ld(`"Ana Roth and Lee Oda"`), "", "", []string{"Ana Roth", "Lee Oda"}},
		{"JSON-LD by reference", "en", `<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","author":{"@id":"#a"}},{"@type":"Person","@id":"#a","name":"Ana Roth"}]}</script>`, "", "", []string{"Ana Roth"}},
		{"entities and tags", "en", ld(`{"@type":"Person","name":"<b>Ana M&uuml;hl</b>"}`), "", "", []string{"Ana Mühl"}},
		{"the outlet in data, a person on the page", "en", ld(`{"@type":"Organization","name":"Lindhaven Courier"}`), "<p class=byline>By Ana Roth</p>", "", []string{"Ana Roth"}},
		{"bold headings of two words", "en", "", "<p>By Ana Roth</p>", "<p><b>Rising Costs</b></p><p>The repair will cost four million, the mayor said, and the town has to find a third of it alone.</p><p><b>Falling Water</b></p><p>The river fell by another metre in the night, and the ferry sailed again in the morning.</p>", []string{"Ana Roth"}},
		{"writers in a list", "en", "", "<ul><li>By Ana Roth</li><li>Lee Oda</li><li>Jon Pell</li></ul>", "", []string{"Ana Roth"}},
		{"a line each", "en", "", "<p>By Ana Roth</p><p>3 May 2024</p><p>Norrick Harbour</p>", "", []string{"Ana Roth"}},
		{"ages behind names", "en", "", "<ul><li>Ada Lowther, 71</li><li>James Lowther (74)</li></ul>", "", nil},
		{"time to read", "en", "", "<p>Ana Roth | 5 min read</p>", "", []string{"Ana Roth"}},
		{"capitals", "fr", "", "<p>Par ANNE ROCHE ET PAUL PICARD</p>", "", []string{"ANNE ROCHE", "PAUL PICARD"}},
		{"one letter in capitals", "en", "", "<p>By ANNE Y ROCHE</p>", "", []string{"ANNE Y ROCHE"}},
		{"the outlet where nobody else is", "en", ld(`{"@type":"Organization","name":"Lindhaven Courier"}`), "", "", []string{"Lindhaven Courier"}},
		{"a login is nobody", "en", `<meta name=author content=admin>`, "", "", nil},
		{"a login and a name", "en", `<meta name=author content=webmaster>`, "<div class=author-name>Ana Roth</div>", "", []string{"Ana Roth"}},
		{"an address is no name", "en", `<meta property="article:author" content="https://lindhaven-courier.example/staff/7">`, "", "", nil},
		{"offices, address, handle", "en", "", `<div class="byline">By <a href="/author/ana-roth">Ana Roth</a>, Chief Reporter <span>ana@lindhaven.example</span> <a href=x>@anaroth</a></div>`, "", []string{"Ana Roth"}},
		{"office before the name", "en", "", "<p class=byline>Staff Writer Ana Roth</p>", "", []string{"Ana Roth"}},
		{"several with commas and and", "en", "", "<p class=byline>By Ana Roth, Lee Oda and Kim Sato</p>", "", []string{"Ana Roth", "Lee Oda", "Kim Sato"}},
		{"with the date in one line", "en", "", "<p>By Ana Roth | May 3, 2024 | 4 min read</p>", "", []string{"Ana Roth"}},
		{"behind the date", "en", "", "<p>Posted on May 3, 2024 by Ana Roth</p>", "", []string{"Ana Roth"}},
		{"a bare name and a date", "en", "", "<div>Ana Roth</div><div>May 3, 2024</div>", "", []string{"Ana Roth"}},
		{"the editor is not the author", "en", "", "<p>By Ana Roth</p>", "<p>Editing by Kim Sato</p>", []string{"Ana Roth"}},
		{"link to the author's page", "en", "", `<div><a href="/authors/roth">Ana Roth</a></div>`, "", []string{"Ana Roth"}},
		{"microdata", "en", "", `<div itemprop=author itemscope itemtype="https://schema.org/Person"><span itemprop=name>Ana Roth</span> <span>Lindhaven</span></div>`, "", []string{"Ana Roth"}},
		{"rel=author", "en", "", `<p><a rel=author href=/x>Ana Roth</a></p>`, "", []string{"Ana Roth"}},
		{"commenters and others' authors", "en", ld(`"Ana Roth"`), "", `<section class=comments><div class=comment-author>Bob Quill</div></section><aside class=related><span class=author>Eve Hart</span></aside>`, []string{"Ana Roth"}},
		{"photographer", "en", "", `<p class=byline>By Ana Roth</p><figure><img src=a.jpg><figcaption class=author>Photo: Kim Sato</figcaption></figure>`, "", []string{"Ana Roth"}},
		{"small letters where one source has capitals", "en", ld(`"Ana Roth"`), "<p class=byline>BY ANA ROTH</p>", "", []string{"Ana Roth"}},
		{"the whole name where data has the first", "en", ld(`"Ana"`), "<p class=byline>By Ana Roth</p>", "", []string{"Ana Roth"}},
		{"German", "de", "", "<p>Von Ana Roth und Jörg Bäcker</p>", "", []string{"Ana Roth", "Jörg Bäcker"}},
		{"Spanish", "es", "", "<div class=autor>Por Ana Ruiz de la Torre y Luis Peña Soto</div>", "", []string{"Ana Ruiz de la Torre", "Luis Peña Soto"}},
		{"French", "fr", "", "<p>Par Ana Roux et Léa Odin</p>", "", []string{"Ana Roux", "Léa Odin"}},
		{"Indonesian", "id", "", "<p>Penulis: Rano Wirya dan Sari Puspa</p>", "", []string{"Rano Wirya", "Sari Puspa"}},
		{"Russian", "ru", "", "<p>Автор: Анна Ротова</p>", "", []string{"Анна Ротова"}},
		{"Arabic", "ar", "", "<p>بقلم: ليلى الراوي</p>", "", []string{"ليلى الراوي"}},
		{"signature behind the text", "en", "", "", "<p align=right><i>Ana Roth</i></p>", []string{"Ana Roth"}},
		{"signature in brackets", "ja", "", "", "<p>【織田花子】</p>", []string{"織田花子"}},
		{"a label behind the name", "tr", "", "<p>Ayşe Yılmaz Giriş: 03.05.2024 - 05:40</p>", "", []string{"Ayşe Yılmaz"}},
		{"Japanese", "ja", "", "<p>文：織田花子</p>", "", []string{"織田花子"}},
		{"Japanese with an office", "ja", "", "<p class=byline>編集委員　織田花子</p>", "", []string{"織田花子"}},
		{"fields in one line", "zh", "", "<div class=info>2024-05-03 09:12 来源：城北晚报 作者：林小舟 责任编辑：郑凯 字体：大 中 小</div>", "", []string{"林小舟"}},
		{"fields side by side", "zh", "", "<div class=info><span>2024-05-03 09:12</span><span>来源：城北晚报</span><span>作者：林小舟</span><span>编辑：郑凯</span></div>", "", []string{"林小舟"}},
		{"outlet, reporter and place in brackets", "zh", "", "<p class=byline>【城北日報╱記者林小舟／台北報導】</p>", "", []string{"林小舟"}},
		{"the button beside the name", "ko", "", "<div class=author><em>김철수</em> 기자 <a href=/s>구독</a></div>", "", []string{"김철수"}},
		{"the office in a line of its own", "en", "", "<p>By ANA ROTH<br>Staff Writer</p>", "", []string{"ANA ROTH"}},
		{"labels, none of an author", "en", "", "<div class=byline>By Ana Roth | Posted: 3 May 2024 | Updated: 4 May 2024</div>", "", []string{"Ana Roth"}},
		{"labels behind the name", "de", "", "<p class=byline>Von Ana Roth, Stand: 5. Mai 2024, Lesezeit: 3 Minuten</p>", "", []string{"Ana Roth"}},
		{"who wrote and who edited", "en", "", "<p class=byline>Written by: Ana Roth Edited by: Lee Oda</p>", "", []string{"Ana Roth"}},
		{"two reporters with their offices", "zh", "", "<p class=byline>记者王强、实习记者李娜</p>", "", []string{"王强", "李娜"}},
		{"teasers of two", "en", "", "", "<div class=list><div class=item><a href=/a>Another story of the day</a> <span class=author>Ben Other</span></div><div class=item><a href=/b>A third story of the day</a> <span class=author>Cal Third</span></div></div>", nil},
		{"labels of several words", "de", "", "<p class=meta><b>Veröffentlicht:</b> 03.05.2024 <span>| <b>Autor:</b> Ana Roth</span> | <b>Abgelegt unter:</b> Fluss</p>", "", []string{"Ana Roth"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, _ := readPage(t, articlePage(tt.lang, tt.head, tt.byline, tt.foot))
			if !slices.Equal(got, tt.want) {
				t.Errorf("authors = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSplitNames(t *testing.T) {
	tests := []struct {
		in   string
		mode nameMode
		want string
	}{
		{"By Ana Roth and Lee Oda, Staff Writers", asLabel, "Ana Roth|Lee Oda"},
		{"Ana Roth, PhD", asData, "Ana Roth"},
		{"Roth", asProse, ""},
		{"roth77", asData, "roth77"},
		{"Ana Roth (Lindhaven)", asData, "Ana Roth"},
		{"Ana Roth; Lee Oda", asData, "Ana Roth|Lee Oda"},
		{"Ana van der Roth", asProse, "Ana van der Roth"},
		{"J. R. Oda Jr.", asProse, "J. R. Oda Jr."},
		{"Photo by Kim Sato", asLabel, ""},
		{"The river rose in the night", asProse, ""},
		{"Text: Ana Roth Fotos: Kim Sato", asLabel, "Ana Roth"},
		{"", asData, ""},
	}
	for _, tt := range tests {
		if got := strings.Join(authorWords().splitNames(nil, tt.in, tt.mode), "|"); got != tt.want {
			t.Errorf("splitNames(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// FuzzSplitNames checks that names are valid text, not empty, and few.
func FuzzSplitNames(f *testing.F) {
	for _, s := range []string{"By Ana Roth and Lee Oda", "文/織田花子", "Von A. B., C. D. und E-F g", "(((", "by by by by", "•|•;,", "A&B & C"} {
		f.Add(s, uint8(0))
	}
	f.Fuzz(func(t *testing.T, s string, mode uint8) {
		s = strings.ToValidUTF8(s, "\ufffd") // as decoding leaves it
		names := authorWords().splitNames(nil, s, nameMode(mode%3))
		if len(names) > maxAuthors {
			t.Fatalf("%d names", len(names))
		}
		for _, n := range names {
			if n == "" || !utf8.ValidString(n) || len(n) > maxName {
				t.Fatalf("name %q", n)
			}
		}
	})
}
