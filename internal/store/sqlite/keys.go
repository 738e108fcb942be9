package sqlite

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"dateline"
)

// key is what the address table knows an address by.
type key = []byte

var idEncoding = base32.HexEncoding.WithPadding(base32.NoPadding)

// pageKey is the key of a page's key: the bytes of its id.
func pageKey(k string) key {
	b, _ := idKey(dateline.PageID(k))
	return b
}

// idKey is the key that an id is of, if it is one.
func idKey(id string) (key, bool) {
	if len(id) != 26 {
		return nil, false
	}
	b, err := idEncoding.DecodeString(strings.ToUpper(id))
	return b, err == nil && len(b) == 16
}

// thing is the key by which an outlet or a source that was erased is known.
func thing(kind, name string) key {
	sum := sha256.Sum256([]byte(kind + ":" + name))
	return sum[:16]
}

// erased is the page of what was erased.
const erased = -1

// pageOf is the number of the page that has the key; 0 for none, or erased.
func (t *tx) pageOf(k key) int64 {
	var n int64
	if !t.row("SELECT page FROM address WHERE key = ?", list{k}, &n) {
		return 0
	}
	if n == 0 {
		return erased
	}
	return n
}

// eraseKey remembers that what has the key was erased.
func (t *tx) eraseKey(k key) {
	t.exec("INSERT INTO address (key, page) VALUES (?, 0) ON CONFLICT (key) DO UPDATE SET page = 0", k)
}
