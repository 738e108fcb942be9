package names

import (
	"math"
	"strings"
	"testing"
)

// TestModel reads the built-in models, and one that is made.
func TestModel(t *testing.T) {
	files, err := models.ReadDir("models")
	if err != nil {
		t.Fatal(err)
	}
	var whole string
	for _, f := range files {
		data, err := models.ReadFile("models/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		whole = string(data)
		if _, err := readModel(whole); err != nil {
			t.Errorf("%s: %v", f.Name(), err)
		}
		tag := strings.TrimSuffix(f.Name(), ".bin")
		if m := builtinModel(tag); m == nil || m == builtinModel("") != (tag == anyModel) {
			t.Errorf("%s has the model %p", tag, m)
		}
	}
	var trans [Labels][Labels]float64
	trans[outside][firstPerson] = 1.5
	weights := []Weight{{Feature: 1<<60 | 5, Of: [Labels]float64{1, -2, 0.5}}, {Feature: 1<<61 | 5, Of: [Labels]float64{2: 1}}}
	m, err := readModel(string(EncodeModel(weights, trans)))
	if err != nil {
		t.Fatal(err)
	}
	if m.trans[outside][firstPerson] != 1.5 {
		t.Errorf("transition is %v", m.trans[outside][firstPerson])
	}
	for _, w := range weights {
		var sum [Labels]int32
		m.add(w.Feature, &sum)
		for j, x := range w.Of {
			if got := float64(sum[j]) * float64(m.unit); math.Abs(got-x) > float64(m.unit) {
				t.Errorf("feature %x, label %d: %v, want %v", w.Feature, j, got, x)
			}
		}
	}
	var sum [Labels]int32
	if m.add(1<<62|5, &sum); sum != [Labels]int32{} {
		t.Errorf("a feature that is not there weighs %v", sum)
	}
	for _, bad := range []string{"", "DLN1", whole[:len(whole)-1]} {
		if _, err := readModel(bad); err == nil {
			t.Errorf("%d bytes are read as a model", len(bad))
		}
	}
}
