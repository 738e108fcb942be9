package pipeline_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

// asTheCommand has memory collected as the command does on two cores.
func asTheCommand() {
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(192 << 20)
}

// status is a line of what the system says of this process, in bytes where it
// is in kB. Without such a system the test is skipped.
func status(t *testing.T, name string) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skipf("the system does not tell what a process takes: %v", err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			var n int64
			fmt.Sscan(rest, &n)
			if strings.Contains(rest, "kB") {
				n <<= 10
			}
			return n
		}
	}
	t.Fatalf("no %s in the status of a process", name)
	return 0
}
