package fetch

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxRobots is how much of a robots.txt is read, in bytes after decoding, as
// RFC 9309 section 2.5 has it for the least.
const MaxRobots = 500 << 10

// Robots is what a site's robots.txt says, by RFC 9309. Make it with
// ParseRobots, RobotsOf or UnmarshalText; the zero Robots allows everything.
// It is not changed by use and may be shared, but for Expires.
type Robots struct {
	// Expires is when it must be asked for again, as Until has it. It is kept
	// by MarshalText, to the second.
	Expires time.Time

	// Missing is since when the file cannot be had, zero where it can, and Why
	// what came in its place. The rules are then those that were known before.
	// Both are the caller's to set, and kept by MarshalText, to the second.
	Missing time.Time
	Why     string

	// Kept is where the file is kept as it was served, a word of the caller's.
	Kept string

	groups   []group
	sitemaps []string
	failed   bool // there was no file to read
}

// group is the rules under one run of user-agent lines.
type group struct {
	agents []string // product tokens in lower case, or "*"
	rules  []rule
	delay  time.Duration // 0 for none
	usage  []string      // Content-Usage and Content-Signal lines, as Rights has them
}

// rule is an allow or disallow line with its pattern normalised.
type rule struct {
	allow   bool
	pattern string
}

// ParseRobots reads a robots.txt. It reads anything, as the RFC asks: lines
// that are no rules are passed over, so that an HTML page allows everything.
// What is beyond MaxRobots is left out, with the line that it cuts.
//
// Three points the RFC leaves open are settled as the largest crawlers do, all
// on the cautious side. A line without a colon whose key is known is read as
// if it had one. Lines that are no rules, Sitemap and Crawl-delay among them,
// do not end a run of user-agent lines. A disallow that is misspelt in a
// common way counts.
func ParseRobots(body []byte) *Robots {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if len(body) > MaxRobots {
		body = body[:MaxRobots]
		body = body[:max(bytes.LastIndexAny(body, "\r\n"), 0)]
	}
	r := &Robots{}
	r.parse(body)
	return r
}

func (r *Robots) parse(body []byte) {
	var g *group
	header := false // the last rule or user-agent line was a user-agent
	for len(body) > 0 {
		var line []byte
		// CR, LF and CRLF all end a line; an empty one means nothing.
		if i := bytes.IndexAny(body, "\r\n"); i >= 0 {
			line, body = body[:i], body[i+1:]
		} else {
			line, body = body, nil
		}
		key, value := robotsLine(line)
		switch key {
		case "user-agent":
			if !header {
				r.groups = append(r.groups, group{})
				g = &r.groups[len(r.groups)-1]
			}
			header = true
			if a := agentOf(value); a != "" && len(g.agents) < maxAgents {
				g.agents = append(g.agents, a)
			}
		case "allow", "disallow":
			if g == nil {
				continue // RFC 9309 section 2.2.1: rules before any group are no rules.
			}
			header = false
			if p := normalPattern(value); p != "" && len(p) <= maxPattern {
				g.rules = append(g.rules, rule{key == "allow", p})
			}
		case "crawl-delay":
			if d, ok := seconds(value); ok && g != nil {
				g.delay = max(g.delay, d)
			}
		case "content-usage", "content-signal":
			if g != nil && len(g.usage) < maxRights {
				g.usage = append(g.usage, right(key, value))
			}
		case "sitemap":
			if len(r.sitemaps) < maxSitemaps && value != "" && len(value) <= maxPattern && utf8.ValidString(value) {
				r.sitemaps = append(r.sitemaps, value)
			}
		}
	}
}

// What no honest file comes near; beyond it, lines are left out.
const (
	maxAgents   = 1000 // a group
	maxSitemaps = 1000
	maxPattern  = 8 << 10 // bytes, longer than any address that is asked for
)

// robotsLine parts a line into its key, in lower case, and its value. A key
// that is none of those ParseRobots knows is "".
func robotsLine(line []byte) (key, value string) {
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	line = bytes.TrimSpace(line)
	i := bytes.IndexByte(line, ':')
	if i < 0 {
		if i = bytes.IndexAny(line, " \t"); i < 0 {
			return "", ""
		}
	}
	k := bytes.TrimSpace(line[:i])
	if len(k) > 20 {
		return "", ""
	}
	key = strings.ToLower(string(k))
	switch key {
	case "useragent", "user agent":
		key = "user-agent"
	case "dissallow", "dissalow", "disalow", "diasllow", "disallaw":
		key = "disallow"
	case "site-map":
		key = "sitemap"
	case "crawldelay":
		key = "crawl-delay"
	case "user-agent", "allow", "disallow", "sitemap", "crawl-delay", "content-usage", "content-signal":
	default:
		return "", ""
	}
	return key, string(bytes.TrimSpace(line[i+1:]))
}

// agentOf returns the product token that a user-agent line or a User-Agent
// header begins with, in lower case.
func agentOf(s string) string {
	if s == "*" || strings.HasPrefix(s, "* ") {
		return "*"
	}
	i := 0
	for i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || s[i] == '-' || s[i] == '_') {
		i++
	}
	return strings.ToLower(s[:i])
}

// seconds reads a number of seconds, a decimal fraction allowed, to the
// millisecond. What is longer than a fortnight is a fortnight.
func seconds(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0) {
		return 0, false
	}
	return time.Duration(min(f, 14*24*3600)*1000) * time.Millisecond, true
}

// forAgent returns the groups that an agent obeys: all that name it, or else
// all for everyone.
func (r *Robots) forAgent(agent string) []*group {
	agent = agentOf(agent)
	var named, all []*group
	for i := range r.groups {
		g := &r.groups[i]
		star := false
		for _, a := range g.agents {
			if a == agent {
				named = append(named, g)
				star = false
				break
			}
			star = star || a == "*"
		}
		if star {
			all = append(all, g)
		}
	}
	if named != nil {
		return named
	}
	return all
}

// Allowed tells whether agent may ask for address, which is absolute and as
// [Client.Do] sends it, or is a path. agent may be a product token or a whole
// User-Agent. Of all rules that match, the one with the longest pattern
// decides, and an allow before a disallow of the same length. The robots.txt
// itself is always allowed.
func (r *Robots) Allowed(agent, address string) bool {
	path := pathOf(address)
	if path == "/robots.txt" {
		return true
	}
	// A pattern may be written as the address is, or as the address reads
	// where what need not be escaped is not.
	plain := plainPath(path)
	allow, longest := true, -1
	for _, g := range r.forAgent(agent) {
		for _, u := range g.rules {
			if len(u.pattern) < longest || len(u.pattern) == longest && (allow || !u.allow) {
				continue
			}
			if matches(u.pattern, path) || plain != path && matches(u.pattern, plain) {
				allow, longest = u.allow, len(u.pattern)
			}
		}
	}
	return allow
}

// CrawlDelay is how long agent is asked to wait between its requests, 0 where
// nothing is said. It is as stated; [Pace] bounds it.
func (r *Robots) CrawlDelay(agent string) time.Duration {
	var d time.Duration
	for _, g := range r.forAgent(agent) {
		d = max(d, g.delay)
	}
	return d
}

// Sitemaps are the addresses of the site's sitemaps, as written, at most 1,000.
func (r *Robots) Sitemaps() []string { return r.sitemaps }

// Rights are the reservations of rights that a robots.txt states for agent,
// in the form that [Rights] has.
func (r *Robots) Rights(agent string) []string {
	var list []string
	for _, g := range r.forAgent(agent) {
		for _, s := range g.usage {
			list = addRight(list, s)
		}
	}
	return list
}
