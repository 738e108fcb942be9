package sqlite

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
)

// randomID is an id nobody guesses: 80 random bits in base 32.
func randomID() string { return strings.ToLower(rand.Text()[:16]) }

// byName sorts by names as package lang folds them.
func byName[T any](all []T, name, id func(*T) string) {
	slices.SortFunc(all, func(a, b T) int {
		return cmp.Or(strings.Compare(lang.Fold(name(&a)), lang.Fold(name(&b))), strings.Compare(id(&a), id(&b)))
	})
}

const collectionColumns = "c.id, c.name, c.note, c.query, c.public, c.by, c.created, c.changed, (SELECT count(*) FROM item i WHERE i.collection = c.n)"

func intoCollection(c *store.Collection) list {
	return list{&c.ID, &c.Name, &c.Note, &c.Query, &c.Public, &c.By, toTime(&c.Created), toTime(&c.Changed), &c.Items}
}

// PutCollection implements [store.Shelves].
func (s *Store) PutCollection(ctx context.Context, c store.Collection) (store.Collection, error) {
	id, now := c.ID, ms(s.now())
	if id == "" {
		id = randomID()
	}
	var out store.Collection
	err := s.write(ctx, func(t *tx) error {
		if strings.TrimSpace(c.Name) == "" {
			return fmt.Errorf("%w: a collection needs a name", dateline.ErrInvalid)
		}
		if c.ID == "" {
			t.exec("INSERT INTO collection (id, name, note, query, public, by, created, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)", id, c.Name, c.Note, c.Query, c.Public, c.By, now)
		} else {
			t.exec("UPDATE collection SET name = ?, note = ?, query = ?, public = ?, changed = ? WHERE id = ?", c.Name, c.Note, c.Query, c.Public, now, id)
		}
		out = t.collection(id)
		return nil
	})
	if err != nil {
		return store.Collection{}, fmt.Errorf("keep collection %.80q: %w", c.Name, err)
	}
	return out, nil
}

// collection reads a collection; that it is missing is an error.
func (t *tx) collection(id string) store.Collection {
	var c store.Collection
	if !t.row("SELECT "+collectionColumns+" FROM collection c WHERE c.id = ?", list{id}, intoCollection(&c)...) {
		t.fail(dateline.ErrNotFound)
	}
	return c
}

// collectionN is the number of a collection; that it is missing is an error.
func (t *tx) collectionN(id string) int64 {
	var n int64
	if !t.row("SELECT n FROM collection WHERE id = ?", list{id}, &n) {
		t.fail(dateline.ErrNotFound)
	}
	return n
}

// Collection implements [store.Shelves].
func (s *Store) Collection(ctx context.Context, id string) (store.Collection, error) {
	var c store.Collection
	err := s.read(ctx, func(t *tx) error {
		c = t.collection(id)
		return nil
	})
	if err != nil {
		return store.Collection{}, fmt.Errorf("read collection %.40q: %w", id, err)
	}
	return c, nil
}

// ListCollections implements [store.Shelves].
func (s *Store) ListCollections(ctx context.Context) ([]store.Collection, error) {
	var out []store.Collection
	err := s.read(ctx, func(t *tx) error {
		t.each("SELECT "+collectionColumns+" FROM collection c", nil, func(scan func(...any)) bool {
			var c store.Collection
			scan(intoCollection(&c)...)
			out = append(out, c)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	byName(out, func(c *store.Collection) string { return c.Name }, func(c *store.Collection) string { return c.ID })
	return out, nil
}

// DropCollection implements [store.Shelves].
func (s *Store) DropCollection(ctx context.Context, id string) error {
	err := s.write(ctx, func(t *tx) error {
		n := t.collectionN(id)
		if t.err == nil && !t.missing("SELECT 1 FROM edition WHERE collection = ?", n) {
			return fmt.Errorf("%w: it has editions, which others may cite", dateline.ErrRefused)
		}
		t.exec("DELETE FROM collection WHERE n = ?", n) // with items
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove collection %.40q: %w", id, err)
	}
	return nil
}

// PutItem implements [store.Shelves].
func (s *Store) PutItem(ctx context.Context, collection string, i store.Item) error {
	now := ms(s.now())
	added := now
	if !i.Added.IsZero() {
		added = ms(i.Added)
	}
	err := s.write(ctx, func(t *tx) error {
		c := t.collectionN(collection)
		if t.err == nil && t.missing("SELECT 1 FROM version WHERE n = ?", i.Version) {
			return dateline.ErrNotFound
		}
		t.exec("INSERT INTO item (collection, version, note, by, added) VALUES (?, ?, ?, ?, ?) ON CONFLICT (collection, version) DO UPDATE SET note = excluded.note",
			c, i.Version, i.Note, i.By, added)
		t.exec("UPDATE collection SET changed = ? WHERE n = ?", now, c)
		return nil
	})
	if err != nil {
		return fmt.Errorf("add version %d to collection %.40q: %w", i.Version, collection, err)
	}
	return nil
}

// DropItem implements [store.Shelves].
func (s *Store) DropItem(ctx context.Context, collection string, version int64) error {
	now := ms(s.now())
	err := s.write(ctx, func(t *tx) error {
		c := t.collectionN(collection)
		if t.exec("DELETE FROM item WHERE collection = ? AND version = ?", c, version) == 0 && t.err == nil {
			return dateline.ErrNotFound
		}
		t.exec("UPDATE collection SET changed = ? WHERE n = ?", now, c)
		return nil
	})
	if err != nil {
		return fmt.Errorf("take version %d out of collection %.40q: %w", version, collection, err)
	}
	return nil
}

// Items implements [store.Shelves].
func (s *Store) Items(ctx context.Context, collection string) ([]store.Item, error) {
	var out []store.Item
	err := s.read(ctx, func(t *tx) error {
		var hits []store.Hit
		t.each("SELECT "+hitColumns+", i.version, i.note, i.by, i.added FROM item i JOIN version v ON v.n = i.version"+hitTables+"WHERE i.collection = ? ORDER BY i.n",
			list{t.collectionN(collection)}, func(scan func(...any)) bool {
				var i store.Item
				var h store.Hit
				scanHit(scan, &h, &i.Version, &i.Note, &i.By, toTime(&i.Added))
				out, hits = append(out, i), append(hits, h)
				return true
			})
		t.number(hits)
		for i := range hits {
			out[i].Hit = hits[i]
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read items of collection %.40q: %w", collection, err)
	}
	return out, nil
}

// PutEdition implements [store.Shelves].
func (s *Store) PutEdition(ctx context.Context, collection string, e store.Edition) (store.Edition, error) {
	sum := sha256.Sum256(e.Data)
	digest := digestPrefix + hex.EncodeToString(sum[:])
	err := s.write(ctx, func(t *tx) error {
		c := t.collectionN(collection)
		if t.err == nil && e.Digest != "" && e.Digest != digest {
			return fmt.Errorf("%w: the digest of its data is %s", dateline.ErrInvalid, digest)
		}
		if e.At.IsZero() {
			e.At = s.now()
		}
		e.At, e.Number = at(ms(e.At)), 0
		t.row("SELECT coalesce(max(number), 0) + 1 FROM edition WHERE collection = ?", list{c}, &e.Number)
		t.exec("INSERT INTO edition (collection, number, at, by, digest, data) VALUES (?, ?, ?, ?, ?, ?)", c, e.Number, ms(e.At), e.By, digest, blob(e.Data))
		return nil
	})
	if err != nil {
		return store.Edition{}, fmt.Errorf("keep edition of collection %.40q: %w", collection, err)
	}
	e.Digest = digest
	return e, nil
}

// Edition implements [store.Shelves].
func (s *Store) Edition(ctx context.Context, collection string, number int) (store.Edition, error) {
	var e store.Edition
	err := s.read(ctx, func(t *tx) error {
		if !t.row("SELECT number, at, by, digest, data FROM edition WHERE collection = ? AND number = ?", list{t.collectionN(collection), number},
			&e.Number, toTime(&e.At), &e.By, &e.Digest, &e.Data) && t.err == nil {
			return dateline.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return store.Edition{}, fmt.Errorf("read edition %d of collection %.40q: %w", number, collection, err)
	}
	return e, nil
}

// Editions implements [store.Shelves].
func (s *Store) Editions(ctx context.Context, collection string) ([]store.Edition, error) {
	var out []store.Edition
	err := s.read(ctx, func(t *tx) error {
		t.each("SELECT number, at, by, digest FROM edition WHERE collection = ? ORDER BY number", list{t.collectionN(collection)}, func(scan func(...any)) bool {
			var e store.Edition
			scan(&e.Number, toTime(&e.At), &e.By, &e.Digest)
			out = append(out, e)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list editions of collection %.40q: %w", collection, err)
	}
	return out, nil
}
