package golden

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	Run(t, "testdata", "want", func(t *testing.T, c *Case) string {
		in, ok := c.File("in")
		if !ok {
			t.Fatal("the case has no section in")
		}
		if _, ok := c.File("no such section"); ok {
			t.Error("a section was found that is not there")
		}
		return strings.ToUpper(in)
	})
}
