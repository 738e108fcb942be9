package diff

// The longest common subsequence of two sequences of numbers, after Eugene W.
// Myers, An O(ND) Difference Algorithm and Its Variations (1986), section 4b:
// two searches, one from each end, meet on a shortest path, which parts the
// problem in two. Memory is linear. Of "abcabba" and "cbabac" the path has
// five edits, and what they share is a sequence of four.

const (
	// totalSteps bounds the work of one comparison and regionSteps that of one
	// stretch of it; a step is about two nanoseconds. An article that is
	// written wholly anew takes some 100,000.
	totalSteps  = 1 << 26
	regionSteps = 1 << 24
)

// aligner finds what two sequences share.
type aligner struct {
	budget *int // steps left of the comparison
	left   int  // steps left of the region
	ahead  []int32
	behind []int32
	same   func(i, j, n int) // is called with each shared run, in order
}

// region aligns two sequences. Beyond the budget what is left is not shared.
func (r *aligner) region(a, b []int32, i, j int) {
	r.left = min(*r.budget, regionSteps)
	*r.budget -= r.left
	r.align(a, b, i, j)
	*r.budget += max(0, r.left)
}

// align aligns a and b, which begin at i and j of the whole.
func (r *aligner) align(a, b []int32, i, j int) {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n > 0 {
		r.same(i, j, n)
		a, b, i, j = a[n:], b[n:], i+n, j+n
	}
	tail := 0
	for tail < len(a) && tail < len(b) && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[:len(a)-tail], b[:len(b)-tail]
	if len(a) > 0 && len(b) > 0 {
		if x, y, n, ok := r.middle(a, b); ok {
			r.align(a[:x], b[:y], i, j)
			if n > 0 {
				r.same(i+x, j+y, n)
			}
			r.align(a[x+n:], b[y+n:], i+x+n, j+y+n)
		}
	}
	if tail > 0 {
		r.same(i+len(a), j+len(b), tail)
	}
}

// middle finds the run of n shared elements at x and y, possibly none, in the
// middle of a shortest path. Neither sequence is empty, and they begin and end
// differently, so that the path has two edits at least.
func (r *aligner) middle(a, b []int32) (x, y, n int, ok bool) {
	la, lb := len(a), len(b)
	// Diagonal k is kept at k modulo z: no more than z are in use at a time.
	z := 2*min(la, lb) + 2
	if cap(r.ahead) < z {
		r.ahead, r.behind = make([]int32, z), make([]int32, z)
	}
	ahead, behind := r.ahead[:z], r.behind[:z]
	clear(ahead)
	clear(behind)
	at := func(k int) int { // k is within one turn of 0 to z
		if k %= z; k < 0 {
			k += z
		}
		return k
	}
	odd := (la+lb)%2 != 0
	for h := 0; h <= (la+lb+1)/2; h++ {
		from, to := -(h - 2*max(0, h-lb)), h-2*max(0, h-la)
		r.left -= to - from + 2
		if r.left < 0 {
			return 0, 0, 0, false
		}
		for k := from; k <= to; k += 2 {
			i := step(ahead, at(k-1), at(k+1), k, h)
			j := i - k
			i0, j0 := i, j
			for i < la && j < lb && a[i] == b[j] {
				i, j = i+1, j+1
			}
			r.left -= i - i0
			ahead[at(k)] = int32(i)
			if back := la - lb - k; odd && back >= 1-h && back <= h-1 && i+int(behind[at(back)]) >= la {
				return i0, j0, i - i0, true
			}
		}
		for k := from; k <= to; k += 2 {
			i := step(behind, at(k-1), at(k+1), k, h)
			j := i - k
			i0 := i
			for i < la && j < lb && a[la-1-i] == b[lb-1-j] {
				i, j = i+1, j+1
			}
			r.left -= i - i0
			behind[at(k)] = int32(i)
			if forth := la - lb - k; !odd && forth >= -h && forth <= h && i+int(ahead[at(forth)]) >= la {
				return la - i, lb - j, i - i0, true
			}
		}
	}
	return 0, 0, 0, false
}

// step is how far the search comes on diagonal k with one edit more.
func step(v []int32, below, above, k, h int) int {
	if k == -h || k != h && v[below] < v[above] {
		return int(v[above])
	}
	return int(v[below]) + 1
}
