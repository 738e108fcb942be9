package annotate_test

import (
	"testing"

	"dateline/annotate"
	"dateline/annotate/standard"
	"dateline/lang"
)

func runner() *annotate.Runner {
	return standard.New(lang.Builtin())
}

// TestPackCases runs the cases of every pack.
func TestPackCases(t *testing.T) {
	r := runner()
	for _, tag := range lang.Builtin().Tags() {
		cases, err := annotate.ReadCases(lang.PackFiles(), tag)
		if err != nil {
			t.Error(err)
		}
		for _, c := range cases {
			diff, err := c.Run(r)
			switch {
			case err != nil:
				t.Errorf("%s: %s: %v", c.File, c.Name, err)
			case diff != "" && c.KnownFailure == "":
				t.Errorf("%s: %s\n%s\n%s", c.File, c.Name, c.Input.Text, diff)
			case diff == "" && c.KnownFailure != "":
				t.Errorf("%s: %s passes; take its known-failure line out", c.File, c.Name)
			}
		}
	}
}

// TestPackTables reads the tables that annotators use of every pack.
func TestPackTables(t *testing.T) {
	r := runner()
	for _, tag := range lang.Builtin().Tags() {
		if err := r.Check(lang.Builtin().Pack(tag)); err != nil {
			t.Error(err)
		}
	}
}
