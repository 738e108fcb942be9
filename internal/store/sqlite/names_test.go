package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline"
)

// TestNamesOfOlder opens a record from before names were kept: it then has what
// marks that are saved now would leave.
func TestNamesOfOlder(t *testing.T) {
	marks := []dateline.Mark{
		{Kind: "person", By: "x/1", Value: json.RawMessage(`{"name":"Rano Wirya","role":"bupati"}`)},
		{Kind: "person", By: "x/1", Value: json.RawMessage(`{"name":"Rano Wirya","same_as":0,"organization":"Pemda"}`)},
		{Kind: "organization", By: "x/1", Value: json.RawMessage(`{"name":"Palang Biru","acronym":"PB"}`)},
		{Kind: "place", By: "x/1", Value: json.RawMessage(`{"name":"Lembah","kind":"city","country":"ID","lat":-6.5,"lon":107.25,"geonames":77}`)},
		{Kind: "place", By: "x/1", Value: json.RawMessage(`{"name":"北京","kind":"area"}`)},
		{Kind: "place", By: "x/1", Value: json.RawMessage(`{"name":"Suri","kind":"country","country":"SU","lat":-41.8333,"lon":-171.4167}`)},
		{Kind: "place", By: "x/1", Value: json.RawMessage(`{"name":"Surikarta","kind":"region","country":"SU","lat":0,"lon":179.99995}`)},
		{Kind: "place", By: "x/1", Value: json.RawMessage(`{"name":"Hulu","kind":"region"}`)},
		{Kind: "place", By: "x/1", Value: json.RawMessage(`{"name":"Hilir","kind":"country","lat":91,"lon":7}`)},
		{Kind: "figure", By: "x/1", Value: json.RawMessage(`{"what":"killed","min":3}`)},
	}
	var m marked
	if err := m.prepare(marks); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "dateline.db")
	ctx := context.Background()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := connect(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrateTo(ctx, c, 7); err != nil {
		t.Fatal(err)
	}
	run := func(q string, args ...any) {
		t.Helper()
		if _, err := c.ExecContext(ctx, q, args...); err != nil {
			t.Fatal(err)
		}
	}
	run("INSERT INTO code (n, name) VALUES (1, 'x/1')")
	run("INSERT INTO page (n, id, url, found, title, published, mark, source, listed) VALUES (1, '', '', 1, '', '', x'', 0, 0)")
	run("INSERT INTO version (n, page, digest, reader, kind, language, title, published, time, current, marks) VALUES (1, 1, x'', 1, '', '', '', '', 1, 1, ?)", len(marks))
	for i, v := range m.cols {
		run("INSERT INTO mark (version, n, kind, field, start, stop, sentence, sentence_stop, by, first, what, name, low, high, modal, country, geonames, value) VALUES (1, ?, ?, '', 0, 1, 0, 1, 1, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
			i, string(marks[i].Kind), v.SameAs == nil, v.What, v.Name, bound(v.Min), bound(v.Max), v.Country, v.Geonames, string(marks[i].Value))
	}
	c.close()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var names string
	var numbers, want []int64
	for i := range marks {
		want = append(want, m.cols[i].number(marks[i].Kind))
	}
	found := map[string]int{}
	words := append(strings.Fields(m.words), "p·rano p·wirya", "=p·wirya", "p·wirya p·rano", "o·lembah")
	err = s.read(ctx, func(tx *tx) error {
		tx.row("SELECT names FROM version WHERE n = 1", nil, &names)
		tx.each("SELECT geonames FROM mark ORDER BY n", nil, func(scan func(...any)) bool {
			var n int64
			scan(&n)
			numbers = append(numbers, n)
			return true
		})
		for _, w := range words {
			n := 0
			tx.row("SELECT count(*) FROM named WHERE named MATCH ?", list{quote(w)}, &n)
			found[w] = n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(m.names, "\n"), strings.Split(names, "\n")); d != "" {
		t.Errorf("names (- as saved now, + as migrated)\n%s", d)
	}
	if d := cmp.Diff(want, numbers); d != "" {
		t.Errorf("numbers of places (- as saved now, + as migrated)\n%s", d)
	}
	for _, w := range words {
		want := 1
		if slices.Contains(words[len(words)-3:], w) {
			want = 0
		}
		if found[w] != want {
			t.Errorf("%s finds %d versions, want %d", w, found[w], want)
		}
	}
}

// TestNamesOf holds that names are kept once, bounded, and with nothing in them
// that parts them.
func TestNamesOf(t *testing.T) {
	var marks []dateline.Mark
	for i := range 3 * maxNames {
		value, err := json.Marshal(map[string]any{"name": fmt.Sprintf("A\tB\n%d", i/2)})
		if err != nil {
			t.Fatal(err)
		}
		marks = append(marks, dateline.Mark{Kind: "person", Value: value})
	}
	var m marked
	if err := m.prepare(marks); err != nil {
		t.Fatal(err)
	}
	n := 0
	eachName(m.names, func(letter byte, fields string) {
		if want := fmt.Sprintf("A B %d\t\t", n); letter != 'p' || fields != want {
			t.Errorf("name %d is %c %q, want %q", n, letter, fields, want)
		}
		n++
	})
	if n != maxNames {
		t.Errorf("%d names, want %d", n, maxNames)
	}
}
