package demo

import (
	"embed"
	"fmt"
	"html/template"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline"
)

//go:embed outlets/*.txt
var outletFiles embed.FS

// newsroom reads the outlets written by hand.
func newsroom(c clock) ([]site, error) {
	names, err := outletFiles.ReadDir("outlets")
	if err != nil {
		return nil, err
	}
	designs, err := parseDesigns()
	if err != nil {
		return nil, fmt.Errorf("read designs: %w", err)
	}
	var sites []site
	for _, name := range names {
		text, err := outletFiles.ReadFile(path.Join("outlets", name.Name()))
		if err != nil {
			return nil, err
		}
		o, err := parseOutlet(string(text), c)
		if err != nil {
			return nil, fmt.Errorf("read outlet %s: %w", name.Name(), err)
		}
		o.designs = designs
		sites = append(sites, o)
	}
	return sites, nil
}

// outlet is one of the newsroom: its file's fields, and what it publishes in
// the order of its file. outlets/README.md is the format.
type outlet struct {
	fields   map[string]string
	sections []section
	zone     *time.Location
	weekdays []string
	months   []string
	stories  []*story
	clock    clock
	designs  *template.Template
}

// section is a part of an outlet, by the name in addresses and the one shown.
type section struct{ Slug, Name string }

// story is an article through its life.
type story struct {
	fields    map[string]string
	paras     []string
	comments  []string // "name: text"
	published time.Time
	edits     []edit
	movedAt   time.Time // zero: never
	goneAt    time.Time
	n         int // number in the outlet, from 1
}

// edit is what changes of a story, and when.
type edit struct {
	at    time.Time
	title string
	note  string
	paras map[int]string // number from 1; empty: the paragraph is removed
}

func parseOutlet(text string, c clock) (*outlet, error) {
	o := &outlet{fields: map[string]string{}, clock: c}
	head, rest, _ := strings.Cut(text, "\n== ")
	for line := range strings.Lines(head) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, ": ")
		if !ok {
			return nil, fmt.Errorf("line %q is no field: %w", line, dateline.ErrInvalid)
		}
		o.fields[key] = strings.TrimSpace(value)
	}
	zone, err := time.Parse("-07:00", o.fields["zone"])
	if err != nil {
		return nil, fmt.Errorf("zone: %w: %w", err, dateline.ErrInvalid)
	}
	_, offset := zone.Zone()
	o.zone = time.FixedZone("", offset)
	o.weekdays, o.months = list(o.fields["weekdays"]), list(o.fields["months"])
	if len(o.weekdays) != 7 || len(o.months) != 12 {
		return nil, fmt.Errorf("%d weekdays and %d months: %w", len(o.weekdays), len(o.months), dateline.ErrInvalid)
	}
	for _, s := range list(o.fields["sections"]) {
		slug, name, _ := strings.Cut(s, "=")
		o.sections = append(o.sections, section{slug, name})
	}
	for part := range strings.SplitSeq(rest, "\n== ") {
		if err := o.parsePart(part); err != nil {
			title, _, _ := strings.Cut(part, "\n")
			return nil, fmt.Errorf("%q: %w", title, err)
		}
	}
	return o, nil
}

func list(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, "|") {
		out = append(out, strings.TrimSpace(part))
	}
	return out
}

// parsePart reads what begins with "== ": a story, or an edit of the one
// before.
func (o *outlet) parsePart(part string) error {
	title, body, _ := strings.Cut(part, "\n")
	if when, ok := strings.CutPrefix(title, "edit "); ok {
		return o.parseEdit(when, body)
	}
	s := &story{fields: map[string]string{"slug": strings.TrimSpace(title)}, n: len(o.stories) + 1}
	head, text, _ := strings.Cut(body, "\n\n")
	for line := range strings.Lines(head) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return fmt.Errorf("line %q is no field: %w", line, dateline.ErrInvalid)
		}
		value, err := o.dated(value)
		if err != nil {
			return err
		}
		if key == "comment" {
			s.comments = append(s.comments, value)
			continue
		}
		s.fields[key] = value
	}
	for para := range strings.SplitSeq(text, "\n\n") {
		if para = strings.Join(strings.Fields(para), " "); para == "" {
			continue
		}
		para, err := o.dated(para)
		if err != nil {
			return err
		}
		s.paras = append(s.paras, para)
	}
	if s.fields["title"] == "" || len(s.paras) == 0 {
		return fmt.Errorf("no title or no text: %w", dateline.ErrInvalid)
	}
	if !slices.ContainsFunc(o.sections, func(x section) bool { return x.Slug == s.fields["section"] }) {
		return fmt.Errorf("no section %q: %w", s.fields["section"], dateline.ErrInvalid)
	}
	var err error
	if s.published, err = o.moment(s.fields["at"]); err != nil {
		return err
	}
	if when, _, ok := strings.Cut(s.fields["moved"], " "); ok {
		if s.movedAt, err = o.moment(when); err != nil {
			return err
		}
	}
	if when := s.fields["gone"]; when != "" {
		if s.goneAt, err = o.moment(when); err != nil {
			return err
		}
	}
	o.stories = append(o.stories, s)
	return nil
}

func (o *outlet) parseEdit(when, body string) error {
	if len(o.stories) == 0 {
		return fmt.Errorf("edit before any story: %w", dateline.ErrInvalid)
	}
	s := o.stories[len(o.stories)-1]
	at, err := o.moment(when)
	if err != nil {
		return err
	}
	e := edit{at: at, paras: map[int]string{}}
	for line := range strings.Lines(body) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if value, err = o.dated(strings.TrimSpace(value)); err != nil {
			return err
		}
		switch n, err := strconv.Atoi(key); {
		case !ok:
			return fmt.Errorf("line %q is no field: %w", line, dateline.ErrInvalid)
		case key == "title":
			e.title = value
		case key == "note":
			e.note = value
		case err != nil || n < 1 || n > len(s.paras):
			return fmt.Errorf("no paragraph %q: %w", key, dateline.ErrInvalid)
		default:
			e.paras[n] = value
		}
	}
	s.edits = append(s.edits, e)
	return nil
}

// moment reads a time of the schedule.
func (o *outlet) moment(s string) (time.Time, error) {
	d, err := time.ParseDuration(strings.TrimSpace(s))
	if err != nil {
		return time.Time{}, fmt.Errorf("time: %w: %w", err, dateline.ErrInvalid)
	}
	return o.clock.at(d), nil
}

// dated puts days in place of what stands in braces: {wd -30h} is the weekday
// 30 hours before the start in the form the outlet's language has it in text,
// {date -30h} and {short -30h} the date, {clock -30h} the time of day.
func (o *outlet) dated(s string) (string, error) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		inside, after, ok := strings.Cut(rest, "}")
		form, when, spaced := strings.Cut(inside, " ")
		if !ok || !spaced {
			return "", fmt.Errorf("braces in %q: %w", s, dateline.ErrInvalid)
		}
		t, err := o.moment(when)
		if err != nil {
			return "", err
		}
		b.WriteString(o.date(form, t))
		s = after
	}
}

// date writes a moment as the outlet does, by one of its forms.
func (o *outlet) date(form string, t time.Time) string {
	t = t.In(o.zone)
	switch form {
	case "wd":
		return o.weekdays[t.Weekday()]
	case "clock":
		return t.Format(o.fields["clock"])
	}
	pattern := o.fields[form]
	for _, r := range []struct{ name, value string }{
		{"%d", strconv.Itoa(t.Day())}, {"%0d", t.Format("02")}, {"%m", strconv.Itoa(int(t.Month()))}, {"%0m", t.Format("01")},
		{"%B", o.months[t.Month()-1]}, {"%Y", t.Format("2006")}, {"%A", o.weekdays[t.Weekday()]}, {"%T", t.Format("15:04")}, {"%t", t.Format("15.04")},
	} {
		pattern = strings.ReplaceAll(pattern, r.name, r.value)
	}
	return pattern
}

// address is the path, with what is asked for, of a story.
func (o *outlet) address(s *story) string {
	return o.addressAs(s, s.fields["slug"])
}

func (o *outlet) addressAs(s *story, slug string) string {
	t := s.published.In(o.zone)
	return strings.NewReplacer("{section}", s.fields["section"], "{slug}", slug, "{y}", t.Format("2006"), "{mm}", t.Format("01"),
		"{dd}", t.Format("02"), "{n}", strconv.Itoa(4100+7*s.n)).Replace(o.fields["path"])
}

// now is where a story is to be found now.
func (o *outlet) now(s *story, now time.Time) string {
	if _, slug, ok := strings.Cut(s.fields["moved"], " "); ok && !s.movedAt.After(now) {
		return o.addressAs(s, slug)
	}
	return o.address(s)
}

// state is a story as it reads at a moment.
type state struct {
	*story
	title, note string
	paras       []string
	modified    time.Time
}

// at is the state of a story, and whether there is one to be read.
func (s *story) at(now time.Time) (state, bool) {
	x := state{story: s, title: s.fields["title"], modified: s.published}
	if s.published.After(now) || !s.goneAt.IsZero() && !s.goneAt.After(now) {
		return x, false
	}
	paras := slices.Clone(s.paras)
	for _, e := range s.edits {
		if e.at.After(now) {
			continue
		}
		x.modified = e.at
		if e.title != "" {
			x.title = e.title
		}
		if e.note != "" {
			x.note = e.note
		}
		for n, p := range e.paras {
			paras[n-1] = p
		}
	}
	x.paras = slices.DeleteFunc(paras, func(p string) bool { return p == "" })
	return x, true
}

// published are the states of what can be read now, the newest first.
func (o *outlet) published(now time.Time) []state {
	var out []state
	for _, s := range o.stories {
		if x, ok := s.at(now); ok {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b state) int { return b.published.Compare(a.published) })
	return out
}
