package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/internal/work"
	"dateline/lang"
)

// columns are what a mark's value says where it is asked for.
type columns struct {
	Name         string   `json:"name"`
	Role         string   `json:"role"`
	Organization string   `json:"organization"`
	Acronym      string   `json:"acronym"`
	Kind         string   `json:"kind"`
	Country      string   `json:"country"`
	Lat          *float64 `json:"lat"`
	Lon          *float64 `json:"lon"`
	Geonames     int64    `json:"geonames"`
	SameAs       *int     `json:"same_as"`
	Type         string   `json:"type"`
	Value        string   `json:"value"`
	What         string   `json:"what"`
	Unit         string   `json:"unit"`
	Min          *float64 `json:"min"`
	Max          *float64 `json:"max"`
	Modal        bool     `json:"modal"`
	Modifier     string   `json:"modifier"`
	Speaker      any      `json:"speaker"` // of a quote an object, of a figure a number

	Shown string `json:"-"` // the name as it is written
}

func columnsOf(m *dateline.Mark) (columns, error) {
	var v columns
	if err := json.Unmarshal(m.Value, &v); err != nil {
		return v, fmt.Errorf("value of mark %.40q: %w: %w", m.Text, dateline.ErrInvalid, err)
	}
	v.Shown = v.Name
	switch m.Kind {
	case dateline.KindPlace:
		v.What = v.Kind
	case dateline.KindDate:
		v.What, v.Name = v.Type, v.Value
	case dateline.KindFigure:
		v.Name = v.Unit
	case dateline.KindQuote:
		v.What = v.Type
		if s, ok := v.Speaker.(map[string]any); ok {
			v.Name, _ = s["text"].(string)
		}
	}
	if m.Kind != dateline.KindDate && m.Kind != dateline.KindFigure {
		v.Name = lang.Fold(v.Name)
	}
	return v, nil
}

// SaveMarks implements [store.Pages].
func (s *Store) SaveMarks(ctx context.Context, it work.Item, version int64, by string, marks []dateline.Mark) error {
	err := s.saveMarks(ctx, it, version, by, marks)
	if err != nil {
		return fmt.Errorf("save marks of version %d: %w", version, err)
	}
	return nil
}

func (s *Store) saveMarks(ctx context.Context, it work.Item, version int64, by string, marks []dateline.Mark) error {
	var m marked
	if err := m.prepare(marks); err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		if !t.mark(version, by, &m) && t.err == nil {
			return dateline.ErrNotFound
		}
		t.end(it)
		return nil
	})
}

// marked is marks as they are kept.
type marked struct {
	marks                []dateline.Mark
	cols                 []columns
	glance, names, words string
}

// prepare does what costs time before the writer is asked.
func (m *marked) prepare(marks []dateline.Mark) (err error) {
	m.marks, m.cols = marks, make([]columns, len(marks))
	for i := range marks {
		if m.cols[i], err = columnsOf(&marks[i]); err != nil {
			return err
		}
	}
	m.glance = glance(marks, m.cols)
	m.names, m.words = namesOf(marks, m.cols)
	return nil
}

// mark replaces a version's marks. It is false where there is no such version.
func (t *tx) mark(version int64, by string, m *marked) bool {
	if t.exec("UPDATE version SET annotator = ?, marks = ?, glance = ?, names = ? WHERE n = ?", t.code(by), len(m.marks), m.glance, m.names, version) == 0 {
		return false
	}
	if t.exec("DELETE FROM mark WHERE version = ?", version) > 0 {
		t.exec("DELETE FROM named WHERE rowid = ?", version)
	}
	if len(m.marks) > 0 {
		t.exec("INSERT INTO named (rowid, names) VALUES (?, ?)", version, m.words)
	}
	codes := map[string]int64{}
	for i := range m.marks {
		m, v := &m.marks[i], &m.cols[i]
		code, ok := codes[m.By]
		if !ok {
			code = t.code(m.By)
			codes[m.By] = code
		}
		t.exec(`INSERT INTO mark (version, n, kind, field, start, stop, sentence, sentence_stop, by, first, what, name, low, high, modal, country, geonames, value)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			version, i, string(m.Kind), string(m.In), m.Start, m.End, m.Sentence[0], m.Sentence[1], code, v.SameAs == nil, v.What, v.Name, bound(v.Min), bound(v.Max), v.Modal, v.Country, v.number(m.Kind), string(m.Value))
	}
	return true
}

func bound(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

// marks reads a version's marks. What stands there is left to the text.
func (t *tx) marks(version int64) []dateline.Mark {
	var out []dateline.Mark
	t.each("SELECT m.kind, m.field, m.start, m.stop, m.sentence, m.sentence_stop, c.name, m.value FROM mark m JOIN code c ON c.n = m.by WHERE m.version = ? ORDER BY m.n", list{version}, func(scan func(...any)) bool {
		var m dateline.Mark
		var value string
		scan(&m.Kind, &m.In, &m.Start, &m.End, &m.Sentence[0], &m.Sentence[1], &m.By, &value)
		m.Value = json.RawMessage(value)
		out = append(out, m)
		return true
	})
	return out
}

// harm is what happened to people, the worst first: figures to show at a
// glance.
var harm = []string{"killed", "injured", "missing", "abducted", "infected", "displaced", "detained", "rescued", "affected"}

// glance gives a figure of each kind of harm that is stated as a fact, at most
// three, one a line: "killed at least 41". It is the headline's, or the greatest
// of the first sentence of the text that has one, where a part may stand before
// the whole: that is the news, and higher ones further down are history.
func glance(marks []dateline.Mark, cols []columns) string {
	first := map[string]int{}
	for i := range marks { // the headline's come first
		m, v := &marks[i], &cols[i]
		if m.Kind != dateline.KindFigure || v.Modal || !slices.Contains(harm, v.What) || v.Min == nil && v.Max == nil {
			continue
		}
		at, known := first[v.What]
		if !known || m.In == marks[at].In && m.Sentence == marks[at].Sentence && *cmp.Or(v.Min, v.Max) > *cmp.Or(cols[at].Min, cols[at].Max) {
			first[v.What] = i
		}
	}
	lines := make([]string, 0, 3)
	for _, w := range harm {
		if i, ok := first[w]; ok && len(lines) < 3 {
			lines = append(lines, w+" "+within(cols[i].Min, cols[i].Max, cols[i].Modifier))
		}
	}
	return strings.Join(lines, "\n")
}

// within writes bounds in a few words, with what makes them rough.
func within(low, high *float64, modifier string) string {
	n := func(f *float64) string { return strconv.FormatFloat(*f, 'f', -1, 64) }
	switch {
	case low == nil && high == nil:
		return ""
	case high == nil:
		return "at least " + n(low)
	case low == nil && modifier == "nearly":
		return "nearly " + n(high)
	case low == nil:
		return "at most " + n(high)
	case *low == *high && modifier == "about":
		return "about " + n(low)
	case *low == *high:
		return n(low)
	}
	return n(low) + "–" + n(high)
}
