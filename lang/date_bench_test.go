package lang

import (
	"strings"
	"testing"
)

// bylines are about a hundred bytes each.
var bylines = []struct{ name, text, tag string }{
	{"latin", "By Mara Quill, Staff Writer | Published Wednesday, January 24, 2024 9:30 am EST | Updated 2 hours ago", "en-US"},
	{"indonesian", "Penulis: Rano Wirya - Kabar Senja | Rabu, 24 Januari 2024 pukul 09.30 WIB | Dibaca 1.204 kali", "id"},
	{"cyrillic", "Среда, 24 января 2024 г., 18:45 (МСК) Анна Речная", "ru"},
	{"chinese", "记者 林小溪 发布时间：2024年1月24日 18:45 来源：河谷日报", "zh"},
}

// bodyText is a body of about 5 KB with the numbers that reports have.
func bodyText() string {
	const paragraph = `The flood in the Suri valley has killed 6 people and forced 1,250 others from their homes since Monday, officials said. ` +
		`Water rose 3.5 metres at the bridge by 9:30 a.m., the highest since March 1998, and route 24 was closed for 12 km. ` +
		`"We have 40 boats and may need 15 more," said the head of the agency, which has spent $2.4 million this year. ` +
		`A first count of 24 January 2024 had put the number of damaged houses at 310; the April storm destroyed 17. `
	return strings.Repeat(paragraph, 12)[:5000]
}

func BenchmarkFindDatesByline(b *testing.B) {
	for _, c := range bylines {
		b.Run(c.name, func(b *testing.B) {
			loadedDates()
			buf := make([]DateMatch, 0, 8)
			tags := []string{c.tag}
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				if buf = AppendDates(buf[:0], c.text, tags...); len(buf) != 1 || !buf[0].Date.HasTime {
					b.Fatalf("found %v", buf)
				}
			}
		})
	}
}

func BenchmarkFindDatesBody(b *testing.B) {
	text := bodyText()
	loadedDates()
	buf := make([]DateMatch, 0, 32)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendDates(buf[:0], text)
	}
}

// BenchmarkFindDatesDigits is the worst kind of text: numbers only.
func BenchmarkFindDatesDigits(b *testing.B) {
	text := strings.Repeat("24 12 1 2024 7:15 ", 280)
	loadedDates()
	buf := make([]DateMatch, 0, 32)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendDates(buf[:0], text)
	}
}

func BenchmarkParseDate(b *testing.B) {
	for _, s := range []string{"2024-01-24T09:30:00+07:00", "Wed, 24 Jan 2024 09:30:00 GMT", "1706062200"} {
		b.Run(s, func(b *testing.B) {
			loadedDates()
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := ParseDate(s); !ok {
					b.Fatal("not read")
				}
			}
		})
	}
}

func BenchmarkURLDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		URLDate("/berita/nasional/2024/01/24/123456789/banjir-di-lembah-suri-24-rumah-rusak")
	}
}

func BenchmarkLoadDates(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		loadDates()
	}
}
