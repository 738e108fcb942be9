package sqlite

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"dateline"
	"dateline/internal/store"
)

// statements says of marks where they stand and what they refer to.
func (s *Store) statements(t *tx, l *lister, rows []statementRow) []store.Statement {
	if t.err != nil {
		return nil
	}
	hits := t.hitsOf(rows)
	out := make([]store.Statement, 0, len(rows))
	versions := map[int64]*quoted{}
	for i := range rows {
		r := &rows[i]
		if l.o.Bare {
			out = append(out, store.Statement{Hit: hits[r.place.version], N: int(r.place.n), Mark: r.mark, Cursor: l.cursor(r.place)})
			continue
		}
		v := versions[r.place.version]
		if v == nil {
			if v = s.quoted(t, hits[r.place.version]); v == nil {
				return nil
			}
			versions[r.place.version] = v
		}
		st := store.Statement{Hit: v.hit, N: int(r.place.n), Mark: r.mark, Damaged: v.damaged, Cursor: l.cursor(r.place)}
		text := &v.text
		if r.mark.In == dateline.InTitle {
			text = &v.title
		}
		st.Mark.Text = text.cut(r.mark.Start, r.mark.End)
		st.Sentence = text.cut(r.mark.Sentence[0], r.mark.Sentence[1])
		switch ref := v.refer(t, &r.mark); r.mark.Kind {
		case dateline.KindFigure:
			st.Place, st.Date, st.Speaker = v.name(t, ref.Place), v.name(t, ref.Date), v.name(t, ref.speaker())
		case dateline.KindQuote:
			st.Speaker = v.saidBy(t, ref)
		}
		for _, review := range v.reviews {
			if review.Kind == r.mark.Kind && review.In == r.mark.In && review.Start == r.mark.Start && review.End == r.mark.End {
				st.Reviews = append(st.Reviews, review)
			}
		}
		out = append(out, st)
	}
	return out
}

// quoted is a version whose marks are shown.
type quoted struct {
	hit         store.Hit
	title, text points
	damaged     bool // there are no words to read
	reviews     []store.Review
}

// quoted reads the text of a version and what is said of it; nil after an error.
func (s *Store) quoted(t *tx, hit store.Hit) *quoted {
	v := &quoted{hit: hit}
	var data []byte
	t.row("SELECT data FROM record WHERE version = ?", list{hit.Version}, &data)
	v.reviews = t.reviews(hit.Version)
	if t.err != nil {
		return nil
	}
	a, err := s.decode(data)
	if err != nil {
		v.damaged = true
		return v
	}
	v.title.s, v.text.s = a.Title, a.Text
	return v
}

// quotedVersion is as quoted; nil for what is not there, too.
func (s *Store) quotedVersion(t *tx, version int64) *quoted {
	hits := t.hitsAmong([]int64{version})
	if len(hits) == 0 {
		return nil
	}
	return s.quoted(t, hits[0])
}

// hitsOf are the articles that marks are of, by version.
func (t *tx) hitsOf(rows []statementRow) map[int64]store.Hit {
	var versions []int64
	for i := range rows {
		versions = append(versions, rows[i].place.version)
	}
	hits := t.hitsAmong(versions)
	out := make(map[int64]store.Hit, len(hits))
	for _, h := range hits {
		out[h.Version] = h
	}
	return out
}

// references are what a mark's value says of other marks, by their numbers.
type references struct {
	Name    string          `json:"name"`
	Value   string          `json:"value"`
	Place   *int64          `json:"place"`
	Date    *int64          `json:"date"`
	Speaker json.RawMessage `json:"speaker"` // of a figure a number, of a quote a spoken
}

type spoken struct {
	Text       string `json:"text"`
	Annotation *int64 `json:"annotation"`
}

func (r references) speaker() (n *int64) {
	if len(r.Speaker) > 0 {
		_ = json.Unmarshal(r.Speaker, &n)
	}
	return n
}

func (v *quoted) refer(t *tx, m *dateline.Mark) (r references) {
	if m.Kind != dateline.KindFigure && m.Kind != dateline.KindQuote {
		return r
	}
	if err := json.Unmarshal(m.Value, &r); err != nil {
		t.fail(fmt.Errorf("value of a mark of version %d: %w: %w", v.hit.Version, dateline.ErrCorrupt, err))
	}
	return r
}

// name gives what a mark that another refers to is called: a name, a date's
// value, or who a quote is from.
func (v *quoted) name(t *tx, n *int64) string {
	if n == nil {
		return ""
	}
	m := dateline.Mark{}
	var value string
	if !t.row("SELECT kind, value FROM mark WHERE version = ? AND n = ?", list{v.hit.Version, *n}, &m.Kind, &value) {
		return ""
	}
	m.Value = json.RawMessage(value)
	if m.Kind == dateline.KindQuote {
		return v.saidBy(t, v.refer(t, &m))
	}
	var r references
	if json.Unmarshal(m.Value, &r) != nil {
		return ""
	}
	if m.Kind == dateline.KindDate {
		return r.Value
	}
	return r.Name
}

// saidBy gives who a quote is from.
func (v *quoted) saidBy(t *tx, r references) string {
	var by spoken
	if len(r.Speaker) == 0 || json.Unmarshal(r.Speaker, &by) != nil {
		return ""
	}
	if by.Annotation != nil {
		var value string
		var who references
		if t.row("SELECT value FROM mark WHERE version = ? AND n = ? AND kind IN ('person', 'organization')", list{v.hit.Version, *by.Annotation}, &value) &&
			json.Unmarshal([]byte(value), &who) == nil && who.Name != "" {
			return who.Name
		}
	}
	return by.Text
}

// points is a text that is asked for by code points.
type points struct {
	s     string
	every []int // the byte of each 256th code point
}

// cut gives what stands in a range of code points, as much of it as there is.
func (p *points) cut(start, end int) string {
	from, to := p.offset(start), p.offset(end)
	return p.s[from:max(from, to)]
}

func (p *points) offset(n int) int {
	const step = 256
	if n <= 0 {
		return 0
	}
	if p.every == nil {
		i := 0
		for at := range p.s {
			if i%step == 0 {
				p.every = append(p.every, at)
			}
			i++
		}
	}
	if n/step >= len(p.every) {
		return len(p.s)
	}
	at := p.every[n/step]
	for range n % step {
		_, size := utf8.DecodeRuneInString(p.s[at:])
		at += size
	}
	return at
}
