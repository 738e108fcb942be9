package read

import "testing"

// TestRowFits holds the row of features to the length that the model has.
func TestRowFits(t *testing.T) {
	p := new(page)
	p.reset()
	p.walk(parse([]byte("<h1>A headline of a page</h1><p>A sentence that stands under it, with a comma.</p><p>And one more, as it were.</p>")))
	p.flush()
	p.findBody(&Options{})
	if p.rowLen > features1 || p.rowLen < features1-4 {
		t.Errorf("the row has %d features, of %d", p.rowLen, features1)
	}
	if features > 256 {
		t.Errorf("%d features: a tree's question has a byte for them", features)
	}
}
