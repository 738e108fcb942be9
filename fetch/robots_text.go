package fetch

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dateline"
)

// For returns what of r is meant for one agent, for keeping: a few hundred
// bytes where a site names a hundred crawlers. It answers as r does for that
// agent, whoever asks it.
func (r *Robots) For(agent string) *Robots {
	out := &Robots{Expires: r.Expires, Missing: r.Missing, Why: r.Why, Kept: r.Kept, sitemaps: r.sitemaps, failed: r.failed}
	list := r.forAgent(agent)
	if len(list) == 0 {
		return out
	}
	g := group{agents: []string{"*"}, delay: r.CrawlDelay(agent), usage: r.Rights(agent)}
	for _, one := range list {
		g.rules = append(g.rules, one.rules...)
	}
	out.groups = []group{g}
	return out
}

const (
	expiresLine = "# expires "
	missingLine = "# missing since "
	keptLine    = "# kept in "
)

// MarshalText writes r as a robots.txt that means the same, patterns
// normalised, with first lines for Expires, for Missing and Why, and for Kept.
func (r *Robots) MarshalText() ([]byte, error) {
	var b bytes.Buffer
	if !r.Expires.IsZero() {
		b.WriteString(expiresLine + r.Expires.UTC().Format(time.RFC3339) + "\n")
	}
	if !r.Missing.IsZero() {
		why := strings.Join(strings.Fields(r.Why), " ")
		b.WriteString(missingLine + r.Missing.UTC().Format(time.RFC3339) + strings.TrimSuffix(" "+why, " ") + "\n")
	}
	if r.Kept != "" {
		b.WriteString(keptLine + r.Kept + "\n")
	}
	for _, g := range r.groups {
		if len(g.agents) == 0 {
			continue
		}
		for _, a := range g.agents {
			b.WriteString("user-agent: " + a + "\n")
		}
		for _, u := range g.rules {
			if u.allow {
				b.WriteString("allow: " + u.pattern + "\n")
			} else {
				b.WriteString("disallow: " + u.pattern + "\n")
			}
		}
		if len(g.rules) == 0 {
			b.WriteString("disallow:\n") // ends the user-agent lines
		}
		if g.delay > 0 {
			b.WriteString("crawl-delay: " + strconv.FormatFloat(g.delay.Seconds(), 'f', -1, 64) + "\n")
		}
		for _, s := range g.usage {
			key, value, _ := strings.Cut(s, "=")
			b.WriteString(key + ": " + value + "\n")
		}
	}
	for _, s := range r.sitemaps {
		b.WriteString("sitemap: " + s + "\n")
	}
	return b.Bytes(), nil
}

// UnmarshalText reads what MarshalText wrote.
func (r *Robots) UnmarshalText(text []byte) error {
	*r = Robots{}
	var err error
	if line, rest, ok := firstLine(text, expiresLine); ok {
		if r.Expires, err = keptTime(line); err != nil {
			return fmt.Errorf("kept robots.txt expires %q: %w", line, err)
		}
		text = rest
	}
	if line, rest, ok := firstLine(text, missingLine); ok {
		since, why, _ := strings.Cut(line, " ")
		if r.Missing, err = keptTime(since); err != nil {
			return fmt.Errorf("kept robots.txt missing since %q: %w", line, err)
		}
		r.Why, text = why, rest
	}
	if line, rest, ok := firstLine(text, keptLine); ok {
		r.Kept, text = line, rest
	}
	r.parse(text)
	return nil
}

// firstLine is what the first line of a text has behind what it begins with;
// ok tells whether it begins so.
func firstLine(text []byte, begins string) (line string, rest []byte, ok bool) {
	text, ok = bytes.CutPrefix(text, []byte(begins))
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	return string(first), rest, ok
}

func keptTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, dateline.ErrCorrupt
	}
	return t.UTC(), nil
}
