package sqlite

import (
	"context"
	"fmt"
	"strings"

	"dateline/lang"
	"dateline/search"
)

// Absent implements [store.Finder].
func (s *Store) Absent(ctx context.Context, q *search.Query) ([]search.Note, error) {
	if q == nil {
		return nil, nil
	}
	names := namesAsked(q.Root)
	if len(names) == 0 {
		return nil, nil
	}
	var out []search.Note
	err := s.read(ctx, func(t *tx) error {
		for _, n := range names {
			if note, ok := search.Absent(n); ok && !t.has(n) {
				out = append(out, note)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for the names that %s asks for: %w", q, err)
	}
	return out, nil
}

// namesAsked are the fields with values in a part of a query.
func namesAsked(n search.Node) (all []search.Is) {
	var parts []search.Node
	switch n := n.(type) {
	case search.And:
		parts = n
	case search.Or:
		parts = n
	case search.Not:
		parts = []search.Node{n.Node}
	case search.Is:
		return []search.Is{n}
	}
	for _, c := range parts {
		all = append(all, namesAsked(c)...)
	}
	return all
}

// has tells whether any article has a name, or any outlet.
func (t *tx) has(n search.Is) bool {
	var one int
	kind := nameKinds[n.Field]
	switch {
	case kind != "":
		words := nameWords(letters[kind], lang.Fold(n.Value))
		return words != "" && t.row("SELECT 1 FROM named WHERE named MATCH ? LIMIT 1", list{quote(words)}, &one)
	case n.Field == search.FieldLang:
		c := compiler{t: t}
		c.is(n)
		found := false
		t.made("SELECT 1 FROM version v WHERE v.current = 1 AND "+c.sql.String()+" LIMIT 1", c.args, func(func(...any)) bool { found = true; return false })
		return found
	case n.Field == search.FieldOutlet:
		return len(t.outletsCalled(n.Value)) > 0 || t.row("SELECT 1 FROM host WHERE name = ?", list{strings.ToLower(n.Value)}, &one)
	}
	return true
}
