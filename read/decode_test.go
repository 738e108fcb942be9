package read

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"dateline"
)

// packers apply a content coding.
var packers = map[string]func(testing.TB, []byte) []byte{
	"gzip": func(tb testing.TB, b []byte) []byte {
		return packed(tb, b, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	},
	"deflate": func(tb testing.TB, b []byte) []byte {
		return packed(tb, b, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	},
	"br": func(tb testing.TB, b []byte) []byte {
		return packed(tb, b, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	},
	"zstd": func(tb testing.TB, b []byte) []byte {
		return packed(tb, b, func(w io.Writer) io.WriteCloser {
			z, err := zstd.NewWriter(w)
			if err != nil {
				tb.Fatal(err)
			}
			return z
		})
	},
}

func rawDeflate(tb testing.TB, b []byte) []byte {
	return packed(tb, b, func(w io.Writer) io.WriteCloser {
		z, err := flate.NewWriter(w, flate.BestCompression)
		if err != nil {
			tb.Fatal(err)
		}
		return z
	})
}

func packed(tb testing.TB, b []byte, open func(io.Writer) io.WriteCloser) []byte {
	tb.Helper()
	var buf bytes.Buffer
	w := open(&buf)
	if _, err := w.Write(b); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

func TestUncompress(t *testing.T) {
	page := []byte(deepArticle(0))
	gz, z, br, zs := packers["gzip"](t, page), packers["deflate"](t, page), packers["br"](t, page), packers["zstd"](t, page)
	damaged := bytes.Clone(gz)
	damaged[len(damaged)-6] ^= 0xff // the checksum
	half := len(page) / 2
	cases := []struct {
		name   string
		b      []byte
		coding string
		out    []byte
		cut    bool
		err    error
	}{
		{"plain", page, "", page, false, nil},
		{"identity", page, "identity", page, false, nil},
		{"gzip", gz, "gzip", page, false, nil},
		{"gzip by its first bytes", gz, "", page, false, nil},
		{"gzip declared in capitals", gz, " GZIP ", page, false, nil},
		{"gzip declared as deflate", gz, "deflate", page, false, nil},
		{"gzip in two members", append(packers["gzip"](t, page[:half]), packers["gzip"](t, page[half:])...), "gzip", page, false, nil},
		{"gzip with bytes behind it", append(bytes.Clone(gz), "GARBAGE"...), "gzip", page, false, nil},
		{"gzip with a wrong checksum", damaged, "gzip", page, true, nil},
		{"zstd", zs, "zstd", page, false, nil},
		{"zstd by its first bytes", zs, "", page, false, nil},
		{"brotli", br, "br", page, false, nil},
		{"deflate", z, "deflate", page, false, nil},
		{"deflate without its header", rawDeflate(t, page), "deflate", page, false, nil},
		{"plain declared as gzip", page, "gzip", page, false, nil},
		{"plain declared as zstd", page, "zstd", page, false, nil},
		{"plain declared as brotli", page, "br", page, false, nil},
		{"two codings", gz, "gzip, br", nil, false, dateline.ErrUnsupported},
		{"gzip of nothing but its header", gz[:11], "gzip", nil, false, dateline.ErrCorrupt},
		{"more than a page", packers["gzip"](t, make([]byte, MaxPage+1)), "gzip", make([]byte, MaxPage), true, nil},
		{"a whole page", packers["gzip"](t, make([]byte, MaxPage)), "gzip", make([]byte, MaxPage), false, nil},
		{"more than a page, plain", make([]byte, MaxPage+1), "", make([]byte, MaxPage), true, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out, cut, err := uncompress(c.b, c.coding)
			if !errors.Is(err, c.err) || !bytes.Equal(out, c.out) || cut != c.cut {
				t.Errorf("%d bytes, cut %v, error %v; want %d, %v, %v", len(out), cut, err, len(c.out), c.cut, c.err)
			}
		})
	}
}

// TestTruncated cuts each coding in the middle: what came before is read, and
// the record says that the end is missing.
func TestTruncated(t *testing.T) {
	page := []byte(deepArticle(0))
	// Bytes that do not compress, so that a half of the coding is a half of the page.
	noise := make([]byte, 512<<10)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = "0123456789abcdef"[x>>28]
	}
	page = append(append(page, "<!-- "...), noise...)
	for coding, pack := range packers {
		t.Run(coding, func(t *testing.T) {
			whole := pack(t, page)
			a, _ := checkPage(t, Source{Body: whole[:len(whole)*3/4], Coding: coding, ContentType: "text/html"})
			if a == nil {
				t.Fatal("nothing was kept")
			}
			if !strings.Contains(a.Text, "The ferry to the island of Norrick sailed again") || !has(a.Warnings, warnTruncated) {
				t.Errorf("warnings %q, text %q", a.Warnings, a.Text)
			}
		})
	}
	a, _ := checkPage(t, Source{Body: []byte(deepArticle(0)), Truncated: true})
	if !has(a.Warnings, warnTruncated) {
		t.Errorf("a fetch that ended early: warnings %q", a.Warnings)
	}
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestCharsets reads the same sentences from pages that write and declare
// their characters in every way pages do.
func TestCharsets(t *testing.T) {
	encode := func(e encoding.Encoding, s string) []byte {
		b, err := e.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	const (
		russian = "Паром «Заря» сел на мель у деревни Лукино, сообщили в порту."
		french  = "La façade du café s’est effondrée à l’aube, a précisé le maire."
		kana    = "港町の図書館が三年ぶりに再開した。市民は本を手に笑った。"
		hangul  = "항구 마을의 도서관이 삼 년 만에 다시 문을 열었다."
		chinese = "老街上的纸伞作坊只剩四家，学徒越来越少。"
		greek   = "Το πλοίο έφτασε στο λιμάνι με καθυστέρηση τριών ωρών."
		arabic  = "وصلت السفينة إلى الميناء بعد ثلاث ساعات من التأخير."
	)
	bom := "\ufeff"
	utf16le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	cases := []struct {
		name, meta, contentType string
		enc                     encoding.Encoding
		text                    string
		want                    string // empty: text
		guessed                 bool
	}{
		{"windows-1251 in meta", "windows-1251", "text/html", charmap.Windows1251, russian, "", false},
		{"koi8-r in Content-Type", "", "text/html; charset=koi8-r", charmap.KOI8R, "Паром сел на мель у деревни Лукино, сообщили в порту.", "", false},
		{"Content-Type before meta", "utf-8", "text/html; charset=windows-1251", charmap.Windows1251, russian, "", false},
		{"shift_jis in Content-Type", "", "text/html; charset=Shift_JIS", japanese.ShiftJIS, kana, "", false},
		{"euc-jp in meta", "euc-jp", "", japanese.EUCJP, kana, "", false},
		{"iso-2022-jp in meta", "iso-2022-jp", "", japanese.ISO2022JP, kana, "", false},
		{"euc-kr in meta", "euc-kr", "", korean.EUCKR, hangul, "", false},
		{"gb2312 in meta", "gb2312", "", simplifiedchinese.GBK, chinese, "", false},
		{"big5 in meta", "big5", "", traditionalchinese.Big5, "老街上的紙傘作坊只剩四家，學徒越來越少。", "", false},
		{"iso-8859-7 in meta", "iso-8859-7", "", charmap.ISO8859_7, greek, "", false},
		{"windows-1256 in meta", "windows-1256", "", charmap.Windows1256, arabic, "", false},
		{"latin1 is windows-1252", "iso-8859-1", "", charmap.Windows1252, french, "", false},
		{"utf-16 with a byte order mark", "", "", utf16le, bom + russian, russian, false},
		{"utf-16be with a byte order mark", "", "", utf16be, bom + russian, russian, false},
		{"utf-16be mark against Content-Type", "", "text/html; charset=utf-8", utf16be, bom + russian, russian, false},
		{"utf-8 with a mark", "windows-1251", "text/html; charset=windows-1251", encoding.Nop, bom + russian, russian, false},
		{"utf-8 that declares latin1", "iso-8859-1", "", encoding.Nop, french, "", false},
		{"utf-8 that Content-Type calls latin1", "", "text/html; charset=iso-8859-1", encoding.Nop, french, "", false},
		{"utf-8 undeclared", "", "", encoding.Nop, arabic, "", false},
		{"windows-1252 that declares utf-8", "utf-8", "", charmap.Windows1252, french, "", true},
		{"windows-1251 in meta that Content-Type calls utf-8", "windows-1251", "text/html; charset=utf8", charmap.Windows1251, russian, "", true},
		{"windows-1251 undeclared", "", "", charmap.Windows1251, russian, "", true},
		{"koi8-r undeclared", "", "", charmap.KOI8R, "Паром сел на мель у деревни Лукино, сообщили в порту.", "", true},
		{"windows-1250 undeclared", "", "", charmap.Windows1250, "Trójka dzieci została ranna w wypadku na drodze krajowej, wyjaśnia policja.", "", true},
		{"windows-1254 undeclared", "", "", charmap.Windows1254, "İlçede akşam çıkan yangında üç kişi yaralandı, ekipler söndürdü.", "", true},
		{"windows-1253 undeclared", "", "", charmap.Windows1253, greek, "", true},
		{"windows-1255 undeclared", "", "", charmap.Windows1255, "שלושה בני אדם נפצעו אמש בשריפה בעיר העתיקה.", "", true},
		{"windows-1256 undeclared", "", "", charmap.Windows1256, arabic, "", true},
		{"windows-874 undeclared", "", "", charmap.Windows874, "ห้องสมุดเมืองท่าเปิดอีกครั้งหลังสามปี", "", true},
		{"shift_jis undeclared", "", "", japanese.ShiftJIS, kana, "", true},
		{"euc-jp undeclared", "", "", japanese.EUCJP, kana, "", true},
		{"iso-2022-jp undeclared", "", "", japanese.ISO2022JP, kana, "", true},
		{"euc-kr undeclared", "", "", korean.EUCKR, hangul, "", true},
		{"gbk undeclared", "", "", simplifiedchinese.GBK, chinese, "", true},
		{"big5 undeclared", "", "", traditionalchinese.Big5, "老街上的紙傘作坊只剩四家，學徒越來越少。", "", true},
		{"utf-16 without a mark", "", "", utf16le, russian, "", true},
		{"utf-16be without a mark", "", "", utf16be, french, "", true},
		{"windows-1252 undeclared", "", "", charmap.Windows1252, french, "", true},
		{"windows-1252 with one accent", "", "", charmap.Windows1252, "The naïve plan of the harbour office was turned down", "", true},
		{"windows-1252 with a sum", "", "", charmap.Windows1252, "The landing stage costs £340 and the café £12, the office said", "", true},
		{"windows-1252 in German", "", "", charmap.Windows1252, "Die Fähre fährt seit Dienstag wieder über die Förde, teilte das Hafenamt für den Bezirk mit", "", true},
		{"windows-1250 in Hungarian", "", "", charmap.Windows1250, "A komp kedden újra közlekedett, négy nappal azután, hogy a vihar elsodorta a kikötő egy részét, közölte a hivatal. Erős szél fújt, a szigetlakók jól vannak", "", true},
		{"koi8-u in Ukrainian", "", "", charmap.KOI8U, "Пором на острів знову пішов у вівторок, через чотири дні після шторму, який зніс частину причалу, повідомили в порту", "", true},
		{"windows-1257 in Lithuanian", "", "", charmap.Windows1257, "Keltas į salą vėl išplaukė antradienį, praėjus keturioms dienoms po audros, pranešė uostas, žmonės šį rytą džiaugėsi", "", true},
		{"windows-1251 that declares latin1", "iso-8859-1", "", charmap.Windows1251, "Паром «Заря» сел на мель у деревни Лукино, сообщили в порту", "", true},
		{"utf-16 in the meta of a page of bytes", "utf-16", "", encoding.Nop, russian, "", false},
		{"an unknown charset", "klingon", "text/html; charset=klingon", encoding.Nop, russian, "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := strings.TrimPrefix(c.text, bom)
			page := strings.TrimSuffix(c.text, text) + "<!DOCTYPE html><html><head>"
			if c.meta != "" {
				page += `<meta charset="` + c.meta + `">`
			}
			page += "<title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>"
			a, _ := checkPage(t, Source{Body: encode(c.enc, page), ContentType: c.contentType})
			if a == nil {
				t.Fatal("no article")
			}
			want := c.want
			if want == "" {
				want = text
			}
			if got := strings.TrimRight(a.Title, ".。"); got != strings.TrimRight(want, ".。") {
				t.Errorf("title %q, want %q", a.Title, want)
			}
			if has(a.Warnings, warnGuessed) != c.guessed {
				t.Errorf("warnings %q, want guessed %v", a.Warnings, c.guessed)
			}
		})
	}
}

// TestStrayBytes reads UTF-8 with a broken byte in it, with its last character
// cut off, and what an XML declaration says.
func TestStrayBytes(t *testing.T) {
	page := "<html><head><title>Die Fähre fährt</title></head><body><h1>Die Fähre fährt</h1><p>Die Fähre nach Norrick fährt wieder, sagte der Bürgermeister. Ä"
	if a, _ := checkPage(t, Source{Body: []byte(page[:len(page)-1])}); a.Title != "Die Fähre fährt" || has(a.Warnings, warnGuessed) {
		t.Errorf("cut: title %q, warnings %q", a.Title, a.Warnings)
	}
	if a, _ := checkPage(t, Source{Body: []byte(strings.Replace(page, "nach", "nach\xff", 1))}); a.Title != "Die Fähre fährt" {
		t.Errorf("stray byte: title %q", a.Title)
	}
	latin := strings.Replace(strings.Replace(page, "<head>", "<head><meta charset=iso-8859-1>", 1), "nach", "nach\xff", 1)
	if a, _ := checkPage(t, Source{Body: []byte(latin)}); a.Title != "Die Fähre fährt" || !has(a.Warnings, warnGuessed) {
		t.Errorf("stray byte in UTF-8 that declares latin1: title %q, warnings %q", a.Title, a.Warnings)
	}
	b, err := charmap.Windows1251.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="windows-1251"?><html><head><title>Паром сел на мель</title></head><body><h1>Паром сел на мель</h1></body></html>`))
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := checkPage(t, Source{Body: b}); a.Title != "Паром сел на мель" || has(a.Warnings, warnGuessed) {
		t.Errorf("XML declaration: title %q, warnings %q", a.Title, a.Warnings)
	}
}

// TestBrokenBytes keeps the text around bytes that mean nothing.
func TestBrokenBytes(t *testing.T) {
	b := []byte(strings.Replace(deepArticle(0), "four days", "four\xff\xfe days — caf\u00e9 na\u00efve —", 1))
	a, _ := checkPage(t, Source{Body: b, ContentType: "text/html; charset=utf-8"})
	if !strings.Contains(a.Text, "four\ufffd days — café naïve — after a storm") && !strings.Contains(a.Text, "four\ufffd\ufffd days — café naïve — after a storm") {
		t.Errorf("text %q", a.Text)
	}
}

// TestNoText turns away what is no page of text, with an error that says what
// it is; an empty file is a record with a warning.
func TestNoText(t *testing.T) {
	for name, b := range map[string]string{
		"png": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", "jpeg": "\xff\xd8\xff\xe0\x00\x10JFIF\x00", "zip": "PK\x03\x04\x14\x00\x00\x00",
		"pdf": "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "bytes": strings.Repeat("\x00\x01\x02\x03\xfe", 300),
	} {
		a, err := Page(Source{Body: []byte(b)}, nil)
		if !errors.Is(err, dateline.ErrUnsupported) || a != nil {
			t.Errorf("%s: article %v, error %v, want %v", name, a, err, dateline.ErrUnsupported)
		}
	}
	for _, b := range []string{"", " \n\t\r\n "} {
		a, _ := checkPage(t, Source{Body: []byte(b)})
		if a == nil || !has(a.Warnings, warnNoBody) || !has(a.Warnings, warnEmpty) {
			t.Errorf("%q: %+v", b, a)
		}
	}
}
