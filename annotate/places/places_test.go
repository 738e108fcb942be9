package places

import (
	"testing"

	"dateline/lang"
)

func TestTables(t *testing.T) {
	a := New()
	for _, tag := range lang.Builtin().Tags() {
		if err := a.Check(lang.Builtin().Pack(tag)); err != nil {
			t.Error(err)
		}
	}
	if err := a.Check(nil); err != nil {
		t.Error(err)
	}
}
