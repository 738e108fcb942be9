package access

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// Throttle bounds how often something is tried, by keys that strangers choose.
// Each key has tries that come again with time. It never grows: keys share the
// places of a table, by a hash that nobody outside knows. It may be used from
// many goroutines.
type Throttle struct {
	tries int           // that a key has at first, and at most
	again time.Duration // after which one more comes

	mu    sync.Mutex
	seed  maphash.Seed
	until [1 << 13]int64 // when all tries of a place are there again, in ms
}

// NewThrottle makes one in which a key has so many tries at first and at most,
// and one more after each while.
func NewThrottle(tries int, again time.Duration) *Throttle {
	return &Throttle{tries: tries, again: again, seed: maphash.MakeSeed()}
}

// Take takes a try of the key. Where there is none, wait is how long it is to
// the next.
func (t *Throttle) Take(key string, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, again := t.place(key), t.again.Milliseconds()
	full := max(*at, now.UnixMilli()) + again
	if over := full - now.UnixMilli() - int64(t.tries)*again; over > 0 {
		return time.Duration(over) * time.Millisecond
	}
	*at = full
	return 0
}

// back gives a try back that was none.
func (t *Throttle) back(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*t.place(key) -= t.again.Milliseconds()
}

func (t *Throttle) place(key string) *int64 {
	return &t.until[maphash.String(t.seed, key)%uint64(len(t.until))]
}

// Network is who has an address and port: of IPv6 a whole network, as one
// customer has all of it.
func Network(address string) string {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return address
	}
	ip := a.Addr().Unmap().WithZone("")
	if ip.Is6() {
		p, _ := ip.Prefix(64)
		return p.String()
	}
	return ip.String()
}
