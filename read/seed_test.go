package read

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline"
)

// TestSeed reads the text that a crawler left and that every version of this
// program has to get right. It is not ours to hand on, so the test says what
// is asked of it by its structure.
func TestSeed(t *testing.T) {
	paths, _ := filepath.Glob("../../shared/seed/*.txt")
	if len(paths) == 0 {
		t.Skip("no ../../shared/seed/*.txt here: the seed text is not part of the repository")
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		input := string(b)
		a, _ := checkPage(t, Source{Name: path, Body: b})
		if a == nil {
			t.Fatal("no article")
		}
		if a.Title == "" || !strings.HasPrefix(input, a.Title) || strings.Contains(a.Text, a.Title) {
			t.Errorf("title %q: want the first line, and that it is not in the text", a.Title)
		}
		if a.Kind != dateline.KindArticle || a.Language != "id" {
			t.Errorf("kind %s, language %s; want article, id", a.Kind, a.Language)
		}
		if d := a.Dateline; d == nil || d.Place != "Teheran" || d.Agency != "Purna Warta" {
			t.Errorf("dateline %+v, want Teheran, Purna Warta", d)
		}
		if len(a.Related) != 2 || len(a.Blocks) != 8 {
			t.Errorf("%d related links, %d blocks; want 2, 8", len(a.Related), len(a.Blocks))
		}
		for _, r := range a.Related {
			if !strings.Contains(input, ": "+r.Title+"\n") {
				t.Errorf("related %q is no line of the input", r.Title)
			}
		}
		for i, k := range a.Blocks {
			if k.Kind != dateline.Paragraph {
				t.Errorf("block %d is a %s", i, k.Kind)
			}
			if !strings.Contains(input, k.Text) {
				t.Errorf("block %d was changed: %q", i, k.Text)
			}
		}
		if strings.Contains(a.Text, "Leave a Reply") || len(a.Warnings) > 0 || len(a.Comments) > 0 {
			t.Errorf("warnings %q, comments %v, or the form for comments in the text", a.Warnings, a.Comments)
		}
	}
}
