package fetch

import "net/netip"

// block is a range of addresses that no page of news is served from.
type block struct {
	prefix  netip.Prefix
	is      string // completes "address 10.0.0.1 is ..."
	private bool   // admitted by Guard.AllowPrivate
	source  string // the document that sets the range aside
}

// blocks is what the guard refuses. It follows the IANA special-purpose
// registries for IPv4 and IPv6, which are wider than the predicates of netip:
// those know neither carrier NAT nor documentation nor embedded addresses.
//
// Forms that carry an IPv4 address inside an IPv6 one (NAT64, 6to4, Teredo,
// IPv4-compatible) are refused whole, whatever they carry, since which machine
// they reach depends on a translator that cannot be seen from here. An
// IPv4-mapped address is judged as its IPv4 address, which is what the
// operating system connects to.
//
// Ranges may nest. The longest one that holds an address decides.
var blocks = []block{
	{cidr("0.0.0.0/8"), "of this network", false, "RFC 791"},
	{cidr("10.0.0.0/8"), "private", true, "RFC 1918"},
	{cidr("100.64.0.0/10"), "shared by a carrier", true, "RFC 6598"},
	{cidr("127.0.0.0/8"), "loopback", true, "RFC 1122"},
	{cidr("169.254.0.0/16"), "link-local", false, "RFC 3927"},
	{cidr("172.16.0.0/12"), "private", true, "RFC 1918"},
	{cidr("192.0.0.0/24"), "for protocols", false, "RFC 6890"},
	{cidr("192.0.2.0/24"), "for documentation", false, "RFC 5737"},
	{cidr("192.31.196.0/24"), "a DNS sink", false, "RFC 7535"},
	{cidr("192.52.193.0/24"), "a multicast tunnel", false, "RFC 7450"},
	{cidr("192.88.99.0/24"), "a 6to4 relay", false, "RFC 7526"},
	{cidr("192.168.0.0/16"), "private", true, "RFC 1918"},
	{cidr("192.175.48.0/24"), "a DNS sink", false, "RFC 7534"},
	{cidr("198.18.0.0/15"), "for benchmarks", false, "RFC 2544"},
	{cidr("198.51.100.0/24"), "for documentation", false, "RFC 5737"},
	{cidr("203.0.113.0/24"), "for documentation", false, "RFC 5737"},
	{cidr("224.0.0.0/4"), "multicast", false, "RFC 1112"},
	{cidr("240.0.0.0/4"), "reserved", false, "RFC 1112"},
	{cidr("255.255.255.255/32"), "broadcast", false, "RFC 919"},

	// Only 2000::/3 is given out as global unicast. These three are all the rest.
	{cidr("::/3"), "reserved", false, "RFC 4291"},
	{cidr("4000::/2"), "reserved", false, "RFC 4291"},
	{cidr("8000::/1"), "reserved", false, "RFC 4291"},

	{cidr("::/96"), "IPv4-compatible", false, "RFC 4291"},
	{cidr("::/128"), "unspecified", false, "RFC 4291"},
	{cidr("::1/128"), "loopback", true, "RFC 4291"},
	{cidr("64:ff9b::/96"), "NAT64", false, "RFC 6052"},
	{cidr("64:ff9b:1::/48"), "NAT64", false, "RFC 8215"},
	{cidr("100::/64"), "discarded", false, "RFC 6666"},
	{cidr("100:0:0:1::/64"), "a dummy prefix", false, "RFC 9780"},
	{cidr("2001::/23"), "for protocols", false, "RFC 2928"},
	{cidr("2001::/32"), "Teredo", false, "RFC 4380"},
	{cidr("2001:2::/48"), "for benchmarks", false, "RFC 5180"},
	{cidr("2001:10::/28"), "ORCHID", false, "RFC 4843"},
	{cidr("2001:20::/28"), "ORCHID", false, "RFC 7343"},
	{cidr("2001:db8::/32"), "for documentation", false, "RFC 3849"},
	{cidr("2002::/16"), "6to4", false, "RFC 3056"},
	{cidr("2620:4f:8000::/48"), "a DNS sink", false, "RFC 7534"},
	{cidr("3fff::/20"), "for documentation", false, "RFC 9637"},
	{cidr("5f00::/16"), "for segment routing", false, "RFC 9602"},
	{cidr("fc00::/7"), "private", true, "RFC 4193"},
	{cidr("fe80::/10"), "link-local", false, "RFC 4291"},
	{cidr("fec0::/10"), "site-local", false, "RFC 3879"},
	{cidr("ff00::/8"), "multicast", false, "RFC 4291"},

	// Machines in a cloud get their credentials from these. Two lie in ranges
	// that AllowPrivate admits and one in a public range; link-local has the
	// best known one, 169.254.169.254.
	{cidr("100.100.100.200/32"), "a cloud's metadata service", false, "Alibaba Cloud ECS, instance metadata"},
	{cidr("168.63.129.16/32"), "a cloud's platform service", false, "Microsoft Azure, what is IP address 168.63.129.16"},
	{cidr("fd00:ec2::254/128"), "a cloud's metadata service", false, "Amazon EC2, instance metadata"},
}

// innerNames are domains that never lead to a public site. Only a fetch
// through a proxy asks for them: there the names are resolved out of the
// guard's sight.
var innerNames = []string{
	"localhost", // RFC 6761
	"local",     // RFC 6762
	"home.arpa", // RFC 8375
	"internal",  // ICANN resolution 2024.07.29.06
}

func cidr(s string) netip.Prefix { return netip.MustParsePrefix(s) }
