// Package cputime tells what processor time this program has used, which other
// programs on the machine do not lengthen. Limits and speeds are measured by it.
package cputime
