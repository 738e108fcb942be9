//go:build !unix

package main

import "time"

var started = time.Now()

// cpuTime is the time since the start, where the processor's is not to be had.
func cpuTime() time.Duration { return time.Since(started) }
