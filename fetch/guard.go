package fetch

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"syscall"

	"dateline"
)

// Guard decides which addresses may be connected to. The zero Guard admits
// public ones only. It holds no state and may be used from many goroutines.
//
// Set its Control as the ControlContext of a [net.Dialer]: it then sees each
// address after the name has been resolved and just before the connection is
// made, so neither a redirect nor a name that changes its answer gets by.
type Guard struct {
	// AllowPrivate admits loopback, private and carrier-shared addresses as
	// well. Default false: a page must not be able to send the program to its
	// owner's own machines. Link-local addresses and clouds' metadata services
	// stay refused.
	AllowPrivate bool

	// Allow admits exactly these listeners, address and port, whatever range
	// they are in. Default none. It is for tests and demonstrations that serve
	// pages on loopback.
	Allow []netip.AddrPort
}

// An AddressError says that a guard refused an address. It is a
// [dateline.ErrRefused].
type AddressError struct {
	Addr    netip.Addr
	Is      string // what sort of address it is: "private", "loopback" ...
	Private bool   // [Guard.AllowPrivate] would admit it
}

func (e *AddressError) Error() string {
	return fmt.Sprintf("address %s is %s: %v", e.Addr, e.Is, dateline.ErrRefused)
}

// Unwrap returns [dateline.ErrRefused].
func (e *AddressError) Unwrap() error { return dateline.ErrRefused }

// Check returns nil if a connection to a may be made, and an [*AddressError]
// if not. An IPv4-mapped IPv6 address is judged as the IPv4 address, and a
// zone is disregarded.
func (g Guard) Check(a netip.AddrPort) error {
	addr := plain(a.Addr())
	for _, ok := range g.Allow {
		if addr.IsValid() && plain(ok.Addr()) == addr && ok.Port() == a.Port() {
			return nil
		}
	}
	b, found := classify(addr)
	if !found || b.private && g.AllowPrivate {
		return nil
	}
	return &AddressError{Addr: a.Addr(), Is: b.is, Private: b.private}
}

// Control is a ControlContext for [net.Dialer]. What it cannot read as an
// address and a port, a Unix socket for one, it refuses.
func (g Guard) Control(_ context.Context, network, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%s address %q: %w", network, address, dateline.ErrRefused)
	}
	return g.Check(a)
}

// checkHost is the part of the guard that works on a name, for a fetch through
// a proxy, which does the resolving. It knows address literals and the names
// of inner networks. What other names lead to is the proxy's to guard.
func (g Guard) checkHost(host string, port uint16) error {
	if a, err := netip.ParseAddr(host); err == nil {
		return g.Check(netip.AddrPortFrom(a, port))
	}
	name := "." + strings.TrimSuffix(host, ".")
	inner := slices.ContainsFunc(innerNames, func(s string) bool { return strings.HasSuffix(name, "."+s) })
	if inner && !g.AllowPrivate {
		return fmt.Errorf("host %s is of an inner network: %w", host, dateline.ErrRefused)
	}
	return nil
}

// classify finds the longest block that holds a, which must be plain.
func classify(a netip.Addr) (b block, found bool) {
	if !a.IsValid() {
		return block{is: "no address"}, true
	}
	for _, c := range blocks {
		if c.prefix.Contains(a) && (!found || c.prefix.Bits() > b.prefix.Bits()) {
			b, found = c, true
		}
	}
	return b, found
}

// plain takes off what hides an address from netip.Prefix.Contains, which is
// false for every address with a zone and every mapped one.
func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }
