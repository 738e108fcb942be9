package fetch

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"os"
	"testing"

	"dateline"
)

// admitted says what Control, which is what dialers call, makes of an address.
func admitted(t *testing.T, g Guard, addr string) bool {
	t.Helper()
	err := g.Control(context.Background(), "tcp", netip.AddrPortFrom(netip.MustParseAddr(addr), 80).String(), nil)
	if err != nil && !errors.Is(err, dateline.ErrRefused) {
		t.Errorf("%s: error %v is not ErrRefused", addr, err)
	}
	return err == nil
}

func TestGuardSharedAddresses(t *testing.T) {
	const file = "../../shared/trust/addresses.jsonl"
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not there: only the package's own cases were run", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for sc := bufio.NewScanner(f); sc.Scan(); n++ {
		var c struct{ Address, Expect, Why string }
		if err := json.Unmarshal(sc.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.Expect != "allow" && c.Expect != "deny" {
			t.Fatalf("%s: expect %q", c.Address, c.Expect)
		}
		if got, want := admitted(t, Guard{}, c.Address), c.Expect == "allow"; got != want {
			t.Errorf("%s: admitted %v, want %v (%s)", c.Address, got, want, c.Why)
		}
	}
	if n < 238 {
		t.Errorf("%d addresses in %s, want 238", n, file)
	}
}

func TestGuard(t *testing.T) {
	for _, c := range []struct {
		addr            string
		public, private bool // admitted by the zero Guard; with AllowPrivate
	}{
		{"8.8.8.8", true, true},
		{"::ffff:8.8.8.8", true, true},
		{"2606:4700:4700::1111", true, true},
		{"2001:200::1", true, true},
		{"126.255.255.255", true, true},
		{"128.0.0.0", true, true},
		{"223.255.255.255", true, true},
		{"10.0.0.1", false, true},
		{"172.31.255.255", false, true},
		{"192.168.1.1", false, true},
		{"127.0.0.1", false, true},
		{"100.64.0.1", false, true},
		{"::1", false, true},
		{"::ffff:127.0.0.1", false, true},
		{"fd12:3456::1", false, true},
		// Nobody's own pages are here, and AllowPrivate is no reason to go.
		{"0.0.0.0", false, false},
		{"::", false, false},
		{"169.254.169.254", false, false},
		{"100.100.100.200", false, false},
		{"168.63.129.16", false, false},
		{"fd00:ec2::254", false, false},
		{"fe80::1", false, false},
		{"fe80::1%eth0", false, false},
		{"fec0::1", false, false},
		{"ff02::1", false, false},
		{"224.0.0.1", false, false},
		{"255.255.255.255", false, false},
		{"192.0.2.1", false, false},
		{"2001:db8::1", false, false},
		{"::127.0.0.1", false, false},
		{"64:ff9b::7f00:1", false, false},
		{"64:ff9b:1::a00:1", false, false},
		{"2002:7f00:1::1", false, false},
		{"2001:0:4136:e378:8000:63bf:3fff:fdd2", false, false},
		{"1234::1", false, false},
		{"4000::1", false, false},
		{"9000::1", false, false},
	} {
		if got := admitted(t, Guard{}, c.addr); got != c.public {
			t.Errorf("%s: admitted %v, want %v", c.addr, got, c.public)
		}
		if got := admitted(t, Guard{AllowPrivate: true}, c.addr); got != c.private {
			t.Errorf("%s with AllowPrivate: admitted %v, want %v", c.addr, got, c.private)
		}
	}
}

func TestGuardAllow(t *testing.T) {
	g := Guard{Allow: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:8080"), {}}}
	for addr, want := range map[string]bool{
		"127.0.0.1:8080":          true,
		"[::ffff:127.0.0.1]:8080": true,
		"127.0.0.1:8081":          false,
		"127.0.0.2:8080":          false,
		"[::1]:8080":              false,
		"8.8.8.8:53":              true,
		"":                        false,
		"127.0.0.1":               false,
		"/run/socket":             false,
		"localhost:8080":          false,
	} {
		if got := g.Control(context.Background(), "tcp", addr, nil) == nil; got != want {
			t.Errorf("%q: admitted %v, want %v", addr, got, want)
		}
	}
	if g.Check(netip.AddrPort{}) == nil {
		t.Error("the zero AddrPort is admitted")
	}
}

func TestAddressError(t *testing.T) {
	err := Guard{}.Check(netip.MustParseAddrPort("10.0.0.1:80"))
	if got, want := err.Error(), "address 10.0.0.1 is private: refused"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if e, ok := errors.AsType[*AddressError](err); !ok || !e.Private {
		t.Errorf("%#v: want an AddressError that AllowPrivate would lift", err)
	}
}

func TestBlocks(t *testing.T) {
	seen := map[netip.Prefix]bool{}
	for _, b := range blocks {
		if b.prefix != b.prefix.Masked() {
			t.Errorf("%v has bits beyond its length", b.prefix)
		}
		if seen[b.prefix] {
			t.Errorf("%v is listed twice", b.prefix)
		}
		seen[b.prefix] = true
		if b.is == "" || b.source == "" {
			t.Errorf("%v lacks a name or a source", b.prefix)
		}
	}
}

// FuzzGuard: the verdict does not depend on how an address is written (mapped,
// with a zone); AllowPrivate only ever admits more; what netip itself knows
// not to be public is refused; every IPv6 address admitted is in 2000::/3.
func FuzzGuard(f *testing.F) {
	for _, s := range []string{"8.8.8.8", "10.0.0.1", "::1", "64:ff9b::808:808", "2002:808:808::1", "fe80::1", "2a00:1450:4001::1", "::ffff:127.0.0.1"} {
		f.Add(netip.MustParseAddr(s).AsSlice())
	}
	global := netip.MustParsePrefix("2000::/3")
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := netip.AddrFromSlice(b)
		if !ok {
			return
		}
		admits := func(g Guard, a netip.Addr) bool { return g.Check(netip.AddrPortFrom(a, 80)) == nil }
		got := admits(Guard{}, a)
		if a.Is4() && admits(Guard{}, netip.AddrFrom16(a.As16())) != got {
			t.Errorf("%v and its mapped form differ", a)
		}
		if a.Is6() && admits(Guard{}, a.WithZone("eth0")) != got {
			t.Errorf("%v with and without a zone differ", a)
		}
		if got && !admits(Guard{AllowPrivate: true}, a) {
			t.Errorf("%v is refused with AllowPrivate only", a)
		}
		u := a.Unmap()
		if got && (!u.IsGlobalUnicast() || u.IsPrivate() || u.Is6() && !global.Contains(u.WithZone(""))) {
			t.Errorf("%v is admitted", a)
		}
	})
}
