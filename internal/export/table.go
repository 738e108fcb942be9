package export

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"dateline"
)

// table is a Writer of rows.
type table[T any] struct {
	rows func([]T, *Item) []T
	w    rowWriter[T]
	some []T
}

// rowWriter writes rows; the writers of package parquet are such.
type rowWriter[T any] interface {
	Write(rows []T) (int, error)
	Close() error
}

func newTable[T any](w io.Writer, o *Options, rows func([]T, *Item) []T) (Writer, error) {
	switch o.Format {
	case "csv":
		return &table[T]{rows: rows, w: NewCSV[T](w, o.Text)}, nil
	case "parquet":
		return &table[T]{rows: rows, w: parquet.NewGenericWriter[T](w, parquet.MaxRowsPerRowGroup(rowGroup), parquet.Compression(&zstd.Codec{}), parquet.CreatedBy("Dateline", o.Version, ""))}, nil
	}
	return nil, fmt.Errorf("format %.40q: it is jsonl, csv or parquet: %w", o.Format, dateline.ErrInvalid)
}

func (t *table[T]) Add(_ context.Context, item *Item) error {
	t.some = t.rows(t.some[:0], item)
	_, err := t.w.Write(t.some)
	return err
}

func (t *table[T]) Close() error { return t.w.Close() }

// rowGroup is how many rows of Parquet are held before they are written. A
// group of the widest table takes about 10 MB.
const rowGroup = 10_000

// CSV writes rows as RFC 4180 has it: structs whose parquet tags name their
// columns. An embedded row has its columns where it stands, but for a column
// whose field has the name of one outside it.
type CSV[T any] struct {
	w       *csv.Writer
	text    func(string) string
	columns [][]int // indexes of fields
	cells   []string
}

// NewCSV begins a file with its header row. What text makes of words is written,
// unless it is nil; numbers are left as they are.
func NewCSV[T any](w io.Writer, text func(string) string) *CSV[T] {
	c := &CSV[T]{w: csv.NewWriter(w), text: text}
	c.w.UseCRLF = true
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if !f.Anonymous { // else its fields follow
			name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
			c.columns, c.cells = append(c.columns, f.Index), append(c.cells, name)
		}
	}
	c.w.Write(c.cells) // an error stays with the writer
	return c
}

// Write writes rows, and says how many.
func (c *CSV[T]) Write(rows []T) (int, error) {
	for i := range rows {
		row := reflect.ValueOf(&rows[i]).Elem()
		for j, at := range c.columns {
			c.cells[j] = c.cell(row.FieldByIndex(at).Interface())
		}
		if err := c.w.Write(c.cells); err != nil {
			return i, err
		}
	}
	return len(rows), nil
}

// Close writes what is still held.
func (c *CSV[T]) Close() error {
	c.w.Flush()
	return c.w.Error()
}

func (c *CSV[T]) cell(v any) string {
	switch v := v.(type) {
	case string:
		return c.words(v)
	case []string:
		return c.words(strings.Join(v, "; "))
	case bool:
		return strconv.FormatBool(v)
	case int32:
		return strconv.Itoa(int(v))
	case *int32:
		if v != nil {
			return strconv.Itoa(int(*v))
		}
	case *float64:
		if v != nil {
			return strconv.FormatFloat(*v, 'f', -1, 64)
		}
	case time.Time:
		if !v.IsZero() {
			return v.Format(time.RFC3339)
		}
	}
	return ""
}

// words are a cell's words as spreadsheets take them for words: what they would
// take for a formula has an apostrophe before it.
func (c *CSV[T]) words(s string) string {
	if c.text != nil {
		s = c.text(s)
	}
	if s != "" && strings.IndexByte("=+-@\t\r\n", s[0]) >= 0 {
		return "'" + s
	}
	return s
}
