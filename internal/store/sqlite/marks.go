package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/internal/work"
	"dateline/lang"
)

// columns are what a mark's value says where it is asked for.
type columns struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Country  string   `json:"country"`
	Geonames int64    `json:"geonames"`
	SameAs   *int     `json:"same_as"`
	Type     string   `json:"type"`
	Value    string   `json:"value"`
	What     string   `json:"what"`
	Unit     string   `json:"unit"`
	Min      *float64 `json:"min"`
	Max      *float64 `json:"max"`
	Modal    bool     `json:"modal"`
	Speaker  any      `json:"speaker"` // of a quote an object, of a figure a number
}

func columnsOf(m *dateline.Mark) (columns, error) {
	var v columns
	if err := json.Unmarshal(m.Value, &v); err != nil {
		return v, fmt.Errorf("value of mark %.40q: %w: %w", m.Text, dateline.ErrInvalid, err)
	}
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
	if by == "" {
		return fmt.Errorf("%w: it does not say who annotated", dateline.ErrInvalid)
	}
	cols := make([]columns, len(marks))
	for i := range marks {
		var err error
		if cols[i], err = columnsOf(&marks[i]); err != nil {
			return err
		}
	}
	glance := glance(marks, cols)
	return s.write(ctx, func(t *tx) error {
		if t.exec("UPDATE version SET annotator = ?, marks = ?, glance = ? WHERE n = ?", t.code(by), len(marks), glance, version) == 0 && t.err == nil {
			return dateline.ErrNotFound
		}
		t.exec("DELETE FROM mark WHERE version = ?", version)
		codes := map[string]int64{}
		for i := range marks {
			m, v := &marks[i], &cols[i]
			code, ok := codes[m.By]
			if !ok {
				code = t.code(m.By)
				codes[m.By] = code
			}
			t.exec(`INSERT INTO mark (version, n, kind, field, start, stop, sentence, sentence_stop, by, first, what, name, low, high, modal, country, geonames, value)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				version, i, string(m.Kind), string(m.In), m.Start, m.End, m.Sentence[0], m.Sentence[1], code, v.SameAs == nil, v.What, v.Name, bound(v.Min), bound(v.Max), v.Modal, v.Country, v.Geonames, string(m.Value))
		}
		t.end(it)
		return nil
	})
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

// glance gives the highest figure of each kind of harm that is stated as a
// fact, at most three, one a line: "killed 41".
func glance(marks []dateline.Mark, cols []columns) string {
	highest := map[string]float64{}
	for i := range marks {
		v := &cols[i]
		if marks[i].Kind != dateline.KindFigure || v.Modal || !slices.Contains(harm, v.What) {
			continue
		}
		n := math.NaN()
		if v.Min != nil {
			n = *v.Min
		}
		if v.Max != nil {
			n = *v.Max
		}
		if n > highest[v.What] {
			highest[v.What] = n
		}
	}
	what := make([]string, 0, len(highest))
	for w := range highest {
		what = append(what, w)
	}
	slices.SortFunc(what, func(a, b string) int { return cmp.Compare(slices.Index(harm, a), slices.Index(harm, b)) })
	lines := make([]string, 0, 3)
	for _, w := range what[:min(3, len(what))] {
		lines = append(lines, w+" "+strconv.FormatFloat(highest[w], 'f', -1, 64))
	}
	return strings.Join(lines, "\n")
}
