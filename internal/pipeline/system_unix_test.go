//go:build unix

package pipeline_test

import (
	"syscall"
	"testing"
	"time"
)

// cpu is what this process has had of the processors.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Skipf("the system does not tell what a process takes: %v", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
