package read

import "unsafe"

// str views bytes as a string without a copy, for calls that keep nothing of
// it; the bytes must not change meanwhile.
func str(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
