package main

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMarksReferee scores annotations with the public scorer too, which must
// find the same.
func TestMarksReferee(t *testing.T) {
	const shared = "../../shared/eval"
	referee := filepath.Join(shared, "score", "annotations.py")
	if _, err := os.Stat(referee); err != nil {
		t.Skip("the gold corpora are not beside the checkout")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("the referee needs python3")
	}
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	folder, out := filepath.Join(shared, "annotate"), t.TempDir()
	rows, err := scoreMarks(folder, "", out)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range markCorpora {
		task, _, _ := strings.Cut(c.file, "/")
		answer, err := exec.Command(python, referee, task, filepath.Join(folder, filepath.FromSlash(c.file)), filepath.Join(out, c.name+".jsonl")).Output()
		if err != nil {
			t.Fatalf("%s: run the referee: %v", c.name, err)
		}
		var theirs any
		if err := json.Unmarshal(answer, &theirs); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			path := map[string]string{
				"strict-f1": "strict.f1", "relaxed-f1": "relaxed.f1", "value-f1": "value.f1",
				"names-f1": "all.f1", "person-f1": "person.f1", "organization-f1": "organization.f1", "place-f1": "place.f1",
				"span-f1": "span.f1", "acc161": "acc161", "found161-f1": "e2e161.f1",
				"all-content-f1": "all.content.f1", "all-speaker": "all.speaker", "direct-content-f1": "direct.content.f1", "direct-speaker": "direct.speaker",
				"figures-f1": "all.f1", "value": "all.value",
			}[r.measure]
			if r.corpus != c.name || path == "" { // Of our own.
				continue
			}
			at := theirs
			for key := range strings.SplitSeq(path, ".") {
				m, _ := at.(map[string]any)
				at = m[key]
			}
			want, ok := at.(float64)
			if !ok || math.Abs(r.value-want) > 0.0005 {
				t.Errorf("%s %s: %.4f, the referee says %v", c.name, r.measure, r.value, at)
			}
		}
	}
}

func TestAsRecord(t *testing.T) {
	tests := []struct {
		text, kind  string
		asked, free string // joined by "|"
	}{
		{"Lor", "LOC", "Lor", ""},
		{"Kabupaten Lor", "LOC", "Lor", ""},
		{"wilayah timur Lor Kidul", "LOC", "Lor Kidul", ""},
		{"Gedung Lor", "LOC", "Gedung Lor", ""},
		{"pengadilan", "LOC", "", "pengadilan"},
		{"SPBU", "LOC", "", "SPBU"},
		{"(Ari)", "PER", "Ari", ""},
		{"(BD)", "ORG", "", "(BD)"},
		{"Bank Dana (BD)", "ORG", "Bank Dana", " (BD)"},
	}
	for _, tt := range tests {
		asked, free := asRecord([]goldSpan{{Start: 0, End: len(tt.text), Text: tt.text, Type: tt.kind}})
		join := func(spans []goldSpan) string {
			var list []string
			for _, s := range spans {
				list = append(list, tt.text[s.Start:s.End])
			}
			return strings.Join(list, "|")
		}
		if a, f := join(asked), join(free); a != tt.asked || f != tt.free {
			t.Errorf("%s %q: asks for %q and leaves %q; want %q and %q", tt.kind, tt.text, a, f, tt.asked, tt.free)
		}
	}
}
