package dateline

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestRecordCountsCodePoints checks the one place where byte offsets become
// those of the record.
func TestRecordCountsCodePoints(t *testing.T) {
	first, second := "„Fähre“ läuft 🚢 aus.", "Здесь связь есть."
	text := first + "\n\n" + second
	a := &Article{
		Source: "x.html", Text: text,
		Blocks: []Block{
			{Kind: Paragraph, Text: first, Links: []BlockLink{{Start: strings.Index(first, "läuft"), End: strings.Index(first, "läuft") + len("läuft"), Href: "https://a.example/?a=1&b=<2>"}}},
			{Kind: Caption, Text: "Das Schiff", Start: -1},
			{Kind: Paragraph, Text: second, Start: len(first) + 2, Links: []BlockLink{{Start: strings.Index(second, "связь"), End: strings.Index(second, " есть"), Href: "https://b.example/"}, {Start: 4, End: 900, Href: "beyond"}}},
		},
	}
	b, err := a.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), `https://a.example/?a=1&b=<2>`) {
		t.Errorf("the address was escaped: %s", b)
	}
	var r struct {
		Text   string
		Blocks []struct {
			Kind, Text string
			Start      *int
			Links      []struct{ Start, End int }
		}
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	runes := []rune(r.Text)
	want := [][]string{{"läuft"}, nil, {"связь"}}
	for i, bl := range r.Blocks {
		if bl.Kind == string(Caption) {
			if bl.Start != nil {
				t.Errorf("a caption has start %d", *bl.Start)
			}
			continue
		}
		if got := string(runes[*bl.Start : *bl.Start+len([]rune(bl.Text))]); got != bl.Text {
			t.Errorf("block %d: %q stands at its start", i, got)
		}
		var links []string
		for _, l := range bl.Links {
			links = append(links, string([]rune(bl.Text)[l.Start:l.End]))
		}
		if strings.Join(links, "|") != strings.Join(want[i], "|") {
			t.Errorf("block %d: links %q, want %q", i, links, want[i])
		}
	}
}

// TestRecordLeavesOut checks that what is not known is not in the record.
func TestRecordLeavesOut(t *testing.T) {
	b, err := (&Article{Source: "x.html", Kind: KindOther, Warnings: []string{"no-body"}}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(b), `{"source":"x.html","kind":"other","warnings":["no-body"]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
