package lang

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// detectCases are the sentences of testdata/detect.tsv.
func detectCases(t testing.TB) (cases [][2]string) {
	t.Helper()
	data, err := os.ReadFile("testdata/detect.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if tag, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok && line[0] != '#' {
			cases = append(cases, [2]string{tag, text})
		}
	}
	return cases
}

func TestDetect(t *testing.T) {
	cases := detectCases(t)
	tags := make(map[string]bool)
	for _, c := range cases {
		tags[c[0]] = true
		if got, confidence := Detect(c[1]); got != c[0] || confidence <= 0.4 || confidence > 1 {
			t.Errorf("Detect(%q) = %s, %.2f; want %s\n%v", c[1], got, confidence, c[0], Candidates(c[1]))
		}
	}
	if len(cases) < 150 || len(tags) < 60 {
		t.Errorf("%d sentences in %d languages, want 150 in 60", len(cases), len(tags))
	}
}

// TestDetectPieces holds the floor for what is as short as a headline.
func TestDetectPieces(t *testing.T) {
	var n, right int
	for _, c := range detectCases(t) {
		words := strings.Fields(c[1])
		for len(words) >= 5 {
			n++
			if got, _ := Detect(strings.Join(words[:5], " ")); got == c[0] {
				right++
			}
			words = words[5:]
		}
	}
	share := float64(right) / float64(n)
	t.Logf("%d of %d pieces of five words, %.1f%%", right, n, 100*share)
	if share < 0.96 {
		t.Errorf("%.1f%% of pieces of five words are told right, want 96%%", 100*share)
	}
}

func TestDetectNothing(t *testing.T) {
	for _, text := range []string{"", " ", "2024", "12:30 - 14:00!", "\xff\xfe", "🎉🎉", "\u00ad\u0640", "ᚠᚢᚦ", strings.Repeat("7", 10000)} {
		if tag, confidence := Detect(text); tag != "" || confidence != 0 {
			t.Errorf("Detect(%.20q) = %q, %v; want nothing", text, tag, confidence)
		}
		if list := Candidates(text); len(list) != 0 {
			t.Errorf("Candidates(%.20q) = %v; want none", text, list)
		}
	}
}

func TestDetectScripts(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"苹果发布 iPhone 15 Pro Max", "zh"},
		{"経済産業省の発表", "ja"},
		{"トヨタ Toyota", "ja"},
		{"北京の名は「日」を含む", "ja"},
		{"삼성전자 Galaxy S24 공개", "ko"},
		{"Президент США посетил Apple", "ru"},
		{"THE GOVERNMENT HAS RESIGNED", "en"},
		{"Ο πρωθυπουργός", "el"},
	} {
		if got, confidence := Detect(c.text); got != c.want {
			t.Errorf("Detect(%q) = %s, %.2f; want %s", c.text, got, confidence, c.want)
		}
	}
}

// TestDetectIgnores checks that what is no prose changes nothing.
func TestDetectIgnores(t *testing.T) {
	want, confidence := Detect("Pemerintah kota akan memperbaiki jembatan")
	for _, text := range []string{
		"Pemerintah kota akan memperbaiki jembatan https://example.com/the-government-will-repair-the-bridge",
		"www.example.com/news/the-bridge Pemerintah kota akan memperbaiki jembatan",
		"PEMERINTAH KOTA AKAN MEMPERBAIKI JEMBATAN",
		"1. Pemerintah kota (akan) memper\u00adbaiki: jembatan!",
	} {
		if got, c := Detect(text); got != want || c != confidence {
			t.Errorf("Detect(%q) = %s, %v; want %s, %v", text, got, c, want, confidence)
		}
	}
}

// TestDetectLong has a text begin and end with furniture in another language.
func TestDetectLong(t *testing.T) {
	var text strings.Builder
	text.WriteString("Skip to main content. Sign in to your account. Subscribe to our newsletter.\n")
	for range 10 {
		for _, c := range detectCases(t) {
			if c[0] == "id" {
				text.WriteString(c[1] + "\n")
			}
		}
	}
	text.WriteString("All rights reserved. Terms of use. Privacy policy. Contact us. Advertise with us.\n")
	if got, confidence := Detect(text.String()); got != "id" || confidence < 0.99 {
		t.Errorf("got %s, %.2f; want id", got, confidence)
	}
}

func TestDetectAmong(t *testing.T) {
	const malay = "Kerajaan negeri akan membaiki jambatan yang rosak akibat banjir"
	const nynorsk = "Regjeringa opplyste måndag at brua skal byggjast opp att"
	for _, c := range []struct {
		text, tags, want string
	}{
		{malay, "", "ms"},
		{malay, "id en", "id"},
		{malay, "id-ID", "id"},
		{malay, "IN", "id"},
		{malay, "en_GB id", "id"},
		{malay, "ru el", "ms"},  // none of them is written so
		{malay, "xx tlh", "ms"}, // none is known
		{malay, "ms-Arab-x-a", "ms"},
		{nynorsk, "no", "nn"},
		{nynorsk, "nb-NO", "nb"},
		{"Vlada je u ponedeljak saopštila", "sr", "sr-Latn"},
		{"Влада је саопштила", "sr-RS hr", "sr"},
		{"日本", "ja", "zh"}, // the script has spoken
		{"", "en", ""},
	} {
		if got, confidence := DetectAmong(c.text, strings.Fields(c.tags)...); got != c.want || (got != "") != (confidence > 0) {
			t.Errorf("DetectAmong(%q, %s) = %s, %v; want %s", c.text, c.tags, got, confidence, c.want)
		}
	}
}

func TestCandidates(t *testing.T) {
	const text = "Vlada je danas usvojila zakon"
	list := Candidates(text)
	if len(list) < 2 {
		t.Fatalf("Candidates = %v, want several", list)
	}
	tag, confidence := Detect(text)
	if list[0] != (Candidate{tag, confidence}) {
		t.Errorf("Candidates begins with %v, Detect says %s, %v", list[0], tag, confidence)
	}
	var sum float64
	for i, c := range list {
		sum += c.Confidence
		if i > 0 && c.Confidence > list[i-1].Confidence {
			t.Errorf("Candidates = %v, want them in order", list)
		}
	}
	if sum > 1.0001 {
		t.Errorf("confidences add up to %v", sum)
	}
}

func TestLanguages(t *testing.T) {
	tags := Languages()
	if len(tags) < 80 || !slices.IsSorted(tags) || len(slices.Compact(slices.Clone(tags))) != len(tags) {
		t.Errorf("Languages() = %v (%d), want at least 80, sorted", tags, len(tags))
	}
	tags[0] = "changed"
	if Languages()[0] == "changed" {
		t.Error("Languages() returns what it keeps")
	}
}

func TestDetectTable(t *testing.T) {
	if len(detectData) > 1_350_000 {
		t.Errorf("detect.bin has %d bytes, want at most 1.35 MB", len(detectData))
	}
	for _, data := range []string{"", detectMagic, detectData[:100], detectData[:len(detectData)-1], detectData + "x", "x" + detectData} {
		if _, err := parseDetectTable(data); err == nil {
			t.Errorf("table of %d bytes is taken", len(data))
		}
	}
	table := theDetectTable()
	if len(table.tags) > len(detection{}.scores) || len(table.scripts) > len(detection{}.counts) {
		t.Errorf("%d languages, %d scripts do not fit", len(table.tags), len(table.scripts))
	}
	start := time.Now()
	if _, err := parseDetectTable(detectData); err != nil {
		t.Error(err)
	}
	t.Logf("%d languages, %d bytes, prepared in %v", len(table.tags), len(detectData), time.Since(start))
}

func TestDetectAllocates(t *testing.T) {
	text := strings.Repeat(detectCases(t)[0][1]+" ", 50)
	Detect(text)
	if n := testing.AllocsPerRun(100, func() { Detect(text) }); n > 0 {
		t.Errorf("Detect allocates %v times", n)
	}
}

// FuzzDetect: any bytes get a known language or none, the same twice, with a
// confidence that is a share.
func FuzzDetect(f *testing.F) {
	for _, c := range detectCases(f)[:40] {
		f.Add(c[1], c[0])
	}
	f.Add("www.", "")
	f.Add("http://\xff\u0301a\u00adb", "-x--y-")
	f.Add(strings.Repeat("ि", 3000), "hi")
	known := Languages()
	f.Fuzz(func(t *testing.T, text, hint string) {
		tag, confidence := Detect(text)
		if again, c := Detect(text); again != tag || c != confidence {
			t.Errorf("%s, %v, then %s, %v", tag, confidence, again, c)
		}
		if tag == "" && confidence != 0 || tag != "" && (!slices.Contains(known, tag) || !(confidence >= 0 && confidence <= 1)) {
			t.Errorf("Detect = %q, %v", tag, confidence)
		}
		if got, _ := DetectAmong(text, hint); (got == "") != (tag == "") {
			t.Errorf("DetectAmong = %q, Detect = %q", got, tag)
		}
		for _, c := range Candidates(text) {
			if !slices.Contains(known, c.Tag) {
				t.Errorf("candidate %v", c)
			}
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	long := func(tag string) string {
		var text strings.Builder
		for text.Len() < 6000 {
			for _, c := range detectCases(b) {
				if c[0] == tag {
					text.WriteString(c[1] + " ")
				}
			}
		}
		return text.String()
	}
	for _, c := range []struct{ name, text string }{
		{"headline", "Pemerintah kota akan memperbaiki jembatan yang rosak"},
		{"latin", long("en")},
		{"cyrillic", long("ru")},
		{"arabic", long("ar")},
		{"han", long("zh")},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Detect(c.text)
			}
		})
	}
}

func BenchmarkDetectLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseDetectTable(detectData); err != nil {
			b.Fatal(err)
		}
	}
}
