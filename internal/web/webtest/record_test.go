package webtest

import (
	"testing"
	"time"
)

func TestNew(t *testing.T) {
	start := time.Now()
	r := New(t)
	n, err := r.Store.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v in %v", n, time.Since(start))
	if n.Outlets != 7 || n.Articles < 40 || n.Versions <= n.Articles || n.Marks == 0 {
		t.Errorf("%+v is no newsroom's hour", n)
	}
}
