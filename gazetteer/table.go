package gazetteer

import (
	_ "embed"
	"errors"
	"math"
	"strings"
	"sync"
)

// The table of names.
//
// gazetteer.bin holds no names to look up, only their hashes of 64 bits. The
// upper bits choose a bucket of eight names on average; 32 lower bits are kept
// and compared, so a look-up touches two or three cache lines, and a string
// that is no name is taken for one in one of 500 million look-ups. The
// generator sees to it that no two names have the same hash. Every beginning of
// a name that a cursor can stop at ("rio" and "rio de" of Rio de Janeiro, 北 of
// 北京) is in the table too, and what is found says whether names go on.
//
// Behind magic, the digest of the hand-written tables and the counts, all
// numbers little-endian, lie
//
//	regions   country 2, admin-1 code 8, place 3; sorted, for binary search
//	places    placeSize bytes each, see place
//	names     one byte of length and the name, as places refer to them
//	buckets   3 bytes each, one more than there are: the first name's index
//	checks    4 bytes a name: the hash's lower half
//	values    3 bytes a name: valueMore | valueMany | index in postings, or
//	          valueMore | rank << 19 | place, the place valueNone if no name ends
//	postings  3 bytes each: last << 23 | rank << 20 | place
const (
	magic      = "dateline gazetteer 1\n"
	digestSize = 16 // of the SHA-256 of the hand-written tables
	headSize   = len(magic) + digestSize + 6*4

	regionSize  = 13
	placeSize   = 18
	bucketSize  = 3
	checkSize   = 4
	valueSize   = 3
	postingSize = 3

	valueMore = 1 << 23   // names begin with this and go on
	valueMany = 1 << 22   // more than one place
	valueNone = 1<<19 - 1 // no name ends here

	flagCapital = 1 << 3
	flagSeat    = 1 << 4
)

//go:embed gazetteer.bin
var data string

var builtin = sync.OnceValue(func() *Gazetteer {
	t, err := parseTable(data)
	if err != nil {
		panic("gazetteer: " + err.Error()) // The program was built with a broken file.
	}
	return &Gazetteer{t}
})

type table struct {
	numPlaces, numRegions int
	shift                 uint // of a hash, to its bucket

	regions, places, names, buckets, checks, values, postings string
}

func parseTable(data string) (*table, error) {
	bad := errors.New("gazetteer.bin is damaged; make it again with go run ./cmd/gendata gazetteer")
	if len(data) < headSize || !strings.HasPrefix(data, magic) {
		return nil, bad
	}
	var n [6]int
	for i := range n {
		n[i] = int(le32(data, len(magic)+digestSize+4*i))
	}
	bits := n[3]
	if bits < 1 || bits > 24 {
		return nil, bad
	}
	t := &table{numRegions: n[0], numPlaces: n[1], shift: uint(64 - bits)}
	rest := data[headSize:]
	for _, s := range []struct {
		part *string
		size int
	}{
		{&t.regions, n[0] * regionSize},
		{&t.places, n[1] * placeSize},
		{&t.names, n[2]},
		{&t.buckets, (1<<bits + 1) * bucketSize},
		{&t.checks, n[4] * checkSize},
		{&t.values, n[4] * valueSize},
		{&t.postings, n[5] * postingSize},
	} {
		if len(rest) < s.size {
			return nil, bad
		}
		*s.part, rest = rest[:s.size], rest[s.size:]
	}
	if rest != "" {
		return nil, bad
	}
	return t, nil
}

// The hash is FNV-1a, which can be carried on byte by byte, with the finish of
// MurmurHash3, which spreads it; cmd/gendata has the same.
const (
	hashStart = 0xcbf29ce484222325
	hashPrime = 0x100000001b3
)

func hashByte(h uint64, b byte) uint64 { return (h ^ uint64(b)) * hashPrime }

func hashString(h uint64, s string) uint64 {
	for i := range len(s) {
		h = hashByte(h, s[i])
	}
	return h
}

func hashBytes(h uint64, s []byte) uint64 {
	for _, b := range s {
		h = hashByte(h, b)
	}
	return h
}

// find returns the value of the name, or beginning of names, of that hash.
func (t *table) find(h uint64) (uint32, bool) {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	at := int(h>>t.shift) * bucketSize
	from, to := le24(t.buckets, at), le24(t.buckets, at+bucketSize)
	for i := int(from); i < int(to); i++ {
		if le32(t.checks, i*checkSize) == uint32(h) {
			return le24(t.values, i*valueSize), true
		}
	}
	return 0, false
}

// appendEntries appends the places of a value that find returned.
func (t *table) appendEntries(dst []Entry, v uint32) []Entry {
	if v&valueMany == 0 {
		if v&valueNone == valueNone {
			return dst
		}
		return append(dst, Entry{ID: v & valueNone, Rank: Rank(v >> 19 & 7)})
	}
	for i := int(v&(valueMany-1)) * postingSize; ; i += postingSize {
		p := le24(t.postings, i)
		dst = append(dst, Entry{ID: p & (1<<20 - 1), Rank: Rank(p >> 20 & 7)})
		if p>>23 != 0 {
			return dst
		}
	}
}

// place reads a place: GeoNames id 3, latitude 3 and longitude 3 as parts of
// the half and the whole circle, population 3 (from 2^23 in units of 256; the
// radius of areas), region 2, kind and flags 1, name 3.
func (t *table) place(id uint32) Place {
	r := t.places[int(id)*placeSize:][:placeSize]
	flags := r[14]
	p := Place{
		ID:       id,
		Geonames: int(le24(r, 0)),
		Kind:     Kind(flags & 7),
		Lat:      degrees(le24(r, 3), 180),
		Lon:      degrees(le24(r, 6), 360),
		Capital:  flags&flagCapital != 0,
		Seat:     flags&flagSeat != 0,
	}
	n := int(le24(r, 9))
	if n >= 1<<23 {
		n = (n - 1<<23) << 8
	}
	if p.Kind == Area {
		p.Radius = n
	} else {
		p.Population = n
	}
	region := t.regions[(int(r[12])|int(r[13])<<8)*regionSize:][:regionSize]
	p.Country = strings.TrimRight(region[:2], "\x00")
	p.Admin1 = strings.TrimRight(region[2:10], "\x00")
	name := int(le24(r, 15))
	p.Name = t.names[name+1:][:t.names[name]]
	return p
}

func degrees(n uint32, circle float64) float64 {
	return math.Round((float64(n)/(1<<24)-0.5)*circle*1e4) / 1e4
}

// region returns the place that is the region, or the country if admin1 is
// empty.
func (t *table) region(country, admin1 string) (uint32, bool) {
	if len(country) != 2 || len(admin1) > 8 {
		return 0, false
	}
	var key [10]byte
	copy(key[:], country)
	copy(key[2:], admin1)
	low, high := 0, t.numRegions
	for low < high {
		mid := int(uint(low+high) / 2)
		if t.regions[mid*regionSize:][:10] < string(key[:]) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == t.numRegions || t.regions[low*regionSize:][:10] != string(key[:]) {
		return 0, false
	}
	id := le24(t.regions, low*regionSize+10)
	return id, id < uint32(t.numPlaces)
}

func le24(s string, i int) uint32 {
	s = s[i : i+3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16
}

func le32(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}
