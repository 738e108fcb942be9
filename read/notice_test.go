package read

import (
	"html/template"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dateline"
)

// TestNotices fills every make of page in testdata/notices with the words of
// every language there: a short article keeps its text whatever stands beside
// it, and a wall is a notice however it is built.
func TestNotices(t *testing.T) {
	builds, err := txtar.ParseFile("testdata/notices/builds.txtar")
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile("testdata/notices/texts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	texts := map[string]map[string]string{}
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 3 {
			continue
		}
		if texts[f[0]] == nil {
			tags = append(tags, f[0])
			texts[f[0]] = map[string]string{"lang": f[0]}
		}
		texts[f[0]][f[1]] = f[2]
	}
	for _, build := range builds.Files {
		page := template.Must(template.New(build.Name).Option("missingkey=error").Parse(string(build.Data)))
		for _, tag := range tags {
			t.Run(build.Name+"/"+tag, func(t *testing.T) {
				var b strings.Builder
				if err := page.Execute(&b, texts[tag]); err != nil {
					t.Fatal(err)
				}
				a, err := Page(Source{URL: "https://www.sample.example/2024/05/14/norrick", Body: []byte(b.String())}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if wall := strings.HasPrefix(build.Name, "wall-"); wall != (a.Kind == dateline.KindNotice) {
					t.Errorf("kind %s, warnings %q, title %q\n%s", a.Kind, a.Warnings, a.Title, a.Text)
				} else if !wall && (slices.Contains(a.Warnings, warnNoBody) || !strings.Contains(a.Text, texts[tag]["p1"])) {
					t.Errorf("kind %s without its text: %q", a.Kind, a.Text)
				}
			})
		}
	}
}
