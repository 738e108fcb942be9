package demo

import "hash/fnv"

// hash mixes a seed and words into a number that looks like chance and is the
// same on every machine.
func hash(seed uint64, words ...string) uint64 {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w))
		h.Write([]byte{0})
	}
	return mix(h.Sum64() ^ mix(seed))
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is a number in [0, 1) made of the hash.
func chance(h uint64) float64 { return float64(h>>11) / (1 << 53) }
