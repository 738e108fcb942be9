//go:build race

package read

// raceEnabled tells that the race detector slows everything down.
const raceEnabled = true
