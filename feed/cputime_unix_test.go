//go:build unix

package feed

import (
	"syscall"
	"time"
)

// cpuTime is the time this process has used of all processors, which other
// processes on the machine do not lengthen.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Duration(time.Now().UnixNano())
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
