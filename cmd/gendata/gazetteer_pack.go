package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"unicode"

	"dateline/gazetteer"
)

const (
	gazMagic   = "dateline gazetteer 1\n"
	gazDigest  = 16
	gazMore    = 1 << 23
	gazMany    = 1 << 22
	gazNone    = 1<<19 - 1
	gazPerHash = 8 // names in a bucket on average, at most
)

// packGazetteer writes gazetteer.bin, whose form gazetteer/table.go describes.
// The places are numbered as they come.
func packGazetteer(places []*gazPlace, digest []byte) ([]byte, error) {
	if len(places) >= gazNone {
		return nil, fmt.Errorf("%d places do not fit 19 bits", len(places))
	}
	regions, number, err := packRegions(places)
	if err != nil {
		return nil, err
	}
	records, names, err := packPlaces(places, number)
	if err != nil {
		return nil, err
	}
	buckets, checks, values, postings, bits, err := packNames(places)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(gazMagic)
	out.Write(digest[:gazDigest])
	for _, n := range []int{len(regions) / 13, len(places), len(names), bits, len(checks) / 4, len(postings) / 3} {
		out.Write(binary.LittleEndian.AppendUint32(nil, uint32(n)))
	}
	for _, part := range [][]byte{regions, records, names, buckets, checks, values, postings} {
		out.Write(part)
	}
	return out.Bytes(), nil
}

// packRegions writes the table of countries and their regions and returns the
// number of each in it.
func packRegions(places []*gazPlace) ([]byte, map[[2]string]int, error) {
	ids := make(map[[2]string]uint32)
	for id, p := range places {
		key := [2]string{p.country, p.admin1}
		if len(p.country) > 2 || len(p.admin1) > 8 {
			return nil, nil, fmt.Errorf("region %s.%s does not fit", p.country, p.admin1)
		}
		switch p.kind {
		case gazetteer.Country, gazetteer.Region:
			ids[key] = uint32(id)
		default:
			if _, ok := ids[key]; !ok {
				ids[key] = 1<<24 - 1
			}
		}
	}
	keys := slices.SortedFunc(maps.Keys(ids), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	if len(keys) >= 1<<16 {
		return nil, nil, fmt.Errorf("%d regions do not fit 16 bits", len(keys))
	}
	var out []byte
	number := make(map[[2]string]int)
	for i, key := range keys {
		number[key] = i
		var b [10]byte
		copy(b[:2], key[0])
		copy(b[2:], key[1])
		out = append(out, b[:]...)
		out = append24(out, ids[key])
	}
	return out, number, nil
}

func packPlaces(places []*gazPlace, number map[[2]string]int) (records, names []byte, err error) {
	at := make(map[string]int)
	for _, p := range places {
		if len(p.name) > 255 || p.name == "" {
			return nil, nil, fmt.Errorf("%s: name %q does not fit", p.ref, p.name)
		}
		if _, ok := at[p.name]; !ok {
			at[p.name] = len(names)
			names = append(names, byte(len(p.name)))
			names = append(names, p.name...)
		}
		records = append24(records, uint32(p.geonames))
		records = append24(records, circlePart(p.at.lat, 180))
		records = append24(records, circlePart(p.at.lon, 360))
		n := p.pop
		if p.kind == gazetteer.Area {
			n = p.radius
		}
		if n >= 1<<23 {
			n = 1<<23 + n>>8
		}
		records = append24(records, uint32(n))
		region := number[[2]string{p.country, p.admin1}]
		flags := byte(p.kind)
		if p.capital {
			flags |= 1 << 3
		}
		if p.seat {
			flags |= 1 << 4
		}
		records = append(records, byte(region), byte(region>>8), flags)
		records = append24(records, uint32(at[p.name]))
	}
	if len(names) >= 1<<24 {
		return nil, nil, fmt.Errorf("names of %d bytes do not fit 24 bits", len(names))
	}
	return records, names, nil
}

func circlePart(deg, circle float64) uint32 {
	return min(uint32(math.Round((deg/circle+0.5)*(1<<24))), 1<<24-1)
}

// packNames writes the table of hashes.
func packNames(places []*gazPlace) (buckets, checks, values, postings []byte, bits int, err error) {
	type meaning struct {
		id   uint32
		rank gazetteer.Rank
	}
	meanings := make(map[string][]meaning)
	for id, p := range places {
		for n, rank := range p.names {
			meanings[n] = append(meanings[n], meaning{uint32(id), rank})
		}
	}
	more := make(map[string]bool)
	for n := range meanings {
		beginnings(n, func(b string) { more[b] = true })
	}
	type entry struct {
		hash  uint64
		name  string
		value uint32
	}
	var entries []entry
	keys := slices.Collect(maps.Keys(meanings))
	for b := range more {
		if meanings[b] == nil {
			keys = append(keys, b)
		}
	}
	slices.Sort(keys)
	many := make(map[string]uint32) // postings written: where
	for _, n := range keys {
		e := entry{hash: nameHash(n), name: n, value: gazNone}
		switch list := meanings[n]; {
		case len(list) == 1:
			e.value = uint32(list[0].rank)<<19 | list[0].id
		case len(list) > 1:
			var packed []byte
			for i, m := range list { // which is by ID already
				v := uint32(m.rank)<<20 | m.id
				if i == len(list)-1 {
					v |= 1 << 23
				}
				packed = append24(packed, v)
			}
			at, ok := many[string(packed)]
			if !ok {
				at = uint32(len(postings) / 3)
				many[string(packed)] = at
				postings = append(postings, packed...)
			}
			e.value = gazMany | at
		}
		if more[n] {
			e.value |= gazMore
		}
		entries = append(entries, e)
	}
	if len(postings)/3 >= gazMany {
		return nil, nil, nil, nil, 0, fmt.Errorf("%d postings do not fit 22 bits", len(postings)/3)
	}
	for bits = 1; len(entries)>>bits > gazPerHash; bits++ {
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.hash, b.hash) })
	shift := uint(64 - bits)
	next := 0
	for bucket := range 1 << bits {
		buckets = append24(buckets, uint32(next))
		from := next
		for ; next < len(entries) && entries[next].hash>>shift == uint64(bucket); next++ {
			e := entries[next]
			for _, o := range entries[from:next] {
				// Another mixing constant would be needed.
				if uint32(o.hash) == uint32(e.hash) {
					return nil, nil, nil, nil, 0, fmt.Errorf("%q and %q have the same hash", o.name, e.name)
				}
			}
			checks = binary.LittleEndian.AppendUint32(checks, uint32(e.hash))
			values = append24(values, e.value)
		}
	}
	buckets = append24(buckets, uint32(next))
	return buckets, checks, values, postings, bits, nil
}

// beginnings calls do for all beginnings of a folded name at which a walk word
// by word can be.
func beginnings(name string, do func(string)) {
	var last rune
	for i, r := range name {
		if i > 0 && last != ' ' && (r == ' ' || (gazetteer.Unspaced(r) || gazetteer.Unspaced(last)) && !unicode.IsMark(r)) {
			do(name[:i])
		}
		last = r
	}
}

// nameHash is the hash of gazetteer/table.go.
func nameHash(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func append24(b []byte, n uint32) []byte { return append(b, byte(n), byte(n>>8), byte(n>>16)) }
