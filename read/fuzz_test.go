package read

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/internal/cputime"
)

// The targets state what holds for any bytes. Their seeds are the bundled
// pages and the shapes that the tolerant readers were written for.

// fuzzTime is what one input may take; inputs of the fuzzer are small, so that
// only something worse than linear reaches it.
const fuzzTime = 2 * time.Second

var contentTypes = []string{"", "text/html", "text/html; charset=windows-1251", "text/html; charset=shift_jis", "text/html; charset=utf-16le", "text/plain", "application/json", "text/html; charset=x;;;"}

var codings = []string{"", "gzip", "deflate", "br", "zstd", "identity", "gzip, br", "x-unknown"}

func FuzzPage(f *testing.F) {
	for _, b := range samples(f) {
		f.Add(b, uint8(1), uint8(0))
	}
	for _, s := range []string{
		"", "<", "<p", "text", "<p>One sentence.<p>Another <a href=/x>sentence</a>, and <a href=//y.example/z>one</a> more.",
		"<table><tr><td>1<td><a href=/x>2</a><tr><td>3", "<ul><li>a<ul><li>b</ul></ul><pre> a\n  b </pre><blockquote>c</blockquote>",
		"<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"articleBody\":\"<p>y</p>\"}</script>",
		"<meta charset=utf-16><p>x", "\xef\xbb\xbf<p>x", "\xff\xfe<\x00p\x00>\x00x\x00", "<html><html><body><frameset><svg><title>x", "<title>\xff</title><h1>\xff</h1><p>\xff",
		"<p>PARIS, May 4 (Reuters) - <a href=/a>Something</a> has happened.</p>", "<template><p>x</template><select><p>x<select>",
	} {
		f.Add([]byte(s), uint8(1), uint8(0))
	}
	f.Fuzz(func(t *testing.T, b []byte, contentType, coding uint8) {
		src := Source{Name: "fuzz", URL: "https://outlet.example/a/1", Fetched: "2024-05-04", Body: b,
			ContentType: contentTypes[int(contentType)%len(contentTypes)], Coding: codings[int(coding)%len(codings)]}
		start := cputime.Used()
		given := bytes.Clone(b)
		_, first := checkPage(t, src)
		if used := cputime.Used() - start; used > fuzzTime+budget(len(b)) && !raceEnabled {
			t.Errorf("%d bytes took %v", len(b), used)
		}
		sameTwice(t, src, first)
		if !bytes.Equal(given, b) {
			t.Error("the page's bytes were changed")
		}
	})
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{
		"A headline\n\nA headline\n\nMoskwa, Agency A sentence stands here.\n\nRead also: Another headline\n\nLeave a Reply\n",
		"Short\nLines\n- one\n• two\n", "a\rb\rc", "\n\n\n", "By Ada Pell\nPublished: 3 January 2024\nText.", "x", "\xff\xfe", "\u3000\u2003\u00a0",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := &dateline.Article{Kind: dateline.KindArticle}
		s = strings.ToValidUTF8(s, "\ufffd")
		plainText(a, s, &stamps{p: new(page), latest: nowUTC()})
		finish(a, nil, "")
		again := &dateline.Article{Kind: dateline.KindArticle}
		plainText(again, s, &stamps{p: new(page), latest: nowUTC()})
		finish(again, nil, "")
		if !reflect.DeepEqual(a, again) {
			t.Fatalf("read twice:\n%+v\n%+v", a, again)
		}
		if fault := broken(a); fault != "" {
			t.Fatal(fault)
		}
		// A text without markup loses lines, never gains a word.
		if folded := foldSpace(s); len(a.Text) > len(folded)+2*len(a.Blocks) {
			t.Errorf("%d bytes became %d", len(folded), len(a.Text))
		}
	})
}

func FuzzJSONLD(f *testing.F) {
	for _, s := range []string{
		`{"@type":"NewsArticle","headline":"a \"b\" c","author":[{"name":"x"},"y",],}`, `<!-- {"a":1} -->`, `<![CDATA[ {"a":"b"} ]]>`,
		`{"a":"he said "no", and left","b":[1,2,{"c":null}]}`, `{a:1,b:'x',"c":tru`, `[[[[[`, `{"a":"\ud83d\ude00\u12"}`, `-->-->`, `{"a" "b":"c"]}`, "//x\n{\"a\":/*y*/1}", `"`, `{"":{"":""}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var d jdoc
		parseJSON(s, &d)
		var again jdoc
		parseJSON(s, &again)
		if !reflect.DeepEqual(d.values, again.values) {
			t.Fatal("parsed twice, it is something else")
		}
		// A value is made of at least one byte.
		if len(d.values) > len(s)+1 {
			t.Fatalf("%d bytes gave %d values", len(s), len(d.values))
		}
		size := 0
		seen := make([]bool, len(d.values))
		for i := range d.values {
			v := &d.values[i]
			size += len(v.key) + len(v.str)
			if utf8.ValidString(s) && !(utf8.ValidString(v.key) && utf8.ValidString(v.text())) {
				t.Fatalf("not UTF-8: %q %q", v.key, v.text())
			}
			if !v.raw {
				continue
			}
			if n := len(v.str); len(v.text()) > 2*n {
				t.Fatalf("a string of %d bytes became one of %d", n, len(v.text()))
			}
		}
		if size > 4*len(s)+16 {
			t.Fatalf("%d bytes gave %d bytes of strings", len(s), size)
		}
		// Every value is the child of one other at most, which stands before
		// it: the document is a tree, and walking it ends.
		for i := range d.values {
			for c := d.values[i].first; c >= 0; c = d.values[c].next {
				if int(c) <= i || int(c) >= len(d.values) || seen[c] {
					t.Fatalf("value %d has the child %d", i, c)
				}
				seen[c] = true
			}
		}
		p := &page{ldjson: []string{s}}
		p.linkedData()
		if len(p.things) > maxThings {
			t.Fatalf("%d things", len(p.things))
		}
		d.prose("", new(page))
	})
}

func FuzzCharset(f *testing.F) {
	for _, s := range []string{
		"", "plain", "caf\xe9 cr\xe8me", "\xef\xbb\xbftext", "\xff\xfea\x00", "\xfe\xff\x00a", "<meta charset=windows-1251>\xcf\xf0\xe8", "\x82\xb1\x82\xf1",
		"<meta charset=utf-8>caf\xe9", "\x1b$B$3\x1b(B", "\xed\xa0\x80", "<meta charset=utf-7>+ADw-", "<meta charset=replacement>x", "<meta charset=iso-2022-kr>x",
	} {
		for i := range contentTypes {
			f.Add([]byte(s), contentTypes[i])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, contentType string) {
		out, _, _ := toUTF8(b, contentType)
		if !utf8.Valid(out) {
			t.Fatalf("not UTF-8: %q", out)
		}
		if again, _, _ := toUTF8(b, contentType); !bytes.Equal(out, again) {
			t.Fatalf("decoded twice: %q, %q", out, again)
		}
		if len(out) > 4*len(b)+4 {
			t.Fatalf("%d bytes became %d", len(b), len(out))
		}
	})
}

func FuzzUncompress(f *testing.F) {
	page := []byte("<p>" + strings.Repeat("A sentence stands here. ", 50))
	for i, coding := range codings {
		b := page
		if pack := packers[coding]; pack != nil {
			b = pack(f, page)
		}
		f.Add(b, uint8(i))
		f.Add(b[:len(b)*2/3], uint8(i))
	}
	f.Fuzz(func(t *testing.T, b []byte, coding uint8) {
		out, cut, err := uncompress(b, codings[int(coding)%len(codings)])
		if len(out) > MaxPage {
			t.Fatalf("%d bytes, more than a page may have", len(out))
		}
		if err != nil && (out != nil || cut) {
			t.Fatalf("an error with %d bytes, cut %v: %v", len(out), cut, err)
		}
	})
}
