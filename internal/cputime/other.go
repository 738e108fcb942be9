//go:build !unix

package cputime

import "time"

var started = time.Now()

// Used is the time since the start, where the processor's is not to be had.
func Used() time.Duration { return time.Since(started) }
