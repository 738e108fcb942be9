package fetch

import (
	"context"
	"net/netip"
	"sync"
)

// slots counts the connections that are open to each address. Its zero value
// is ready.
type slots struct {
	mu   sync.Mutex
	held map[netip.Addr]*slot
}

type slot struct {
	places chan struct{} // holds one value for each open connection
	users  int           // of the slot, waiting ones included
}

// take waits until a connection to a may be opened, of which most may be open
// at once. The caller calls give when it is closed again.
func (s *slots) take(ctx context.Context, a netip.Addr, most int) (give func(), err error) {
	s.mu.Lock()
	if s.held == nil {
		s.held = map[netip.Addr]*slot{}
	}
	p := s.held[a]
	if p == nil {
		p = &slot{places: make(chan struct{}, most)}
		s.held[a] = p
	}
	p.users++
	s.mu.Unlock()
	leave := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if p.users--; p.users == 0 {
			delete(s.held, a)
		}
	}
	select {
	case p.places <- struct{}{}:
		return func() { <-p.places; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, context.Cause(ctx)
	}
}
