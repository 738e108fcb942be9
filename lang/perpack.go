package lang

import "sync"

// PerPack keeps what is made of each pack: it is made when first asked for,
// once. It is safe for concurrent use.
type PerPack[T any] struct {
	// Make makes the value of a pack; nil is that of no language. What it
	// returns is used even with an error, which tells of lines left out.
	Make func(p *Pack) (T, error)

	mu sync.Mutex
	of map[*Pack]func() (T, error)
}

// Of returns the value of a pack and what was wrong with the pack's tables.
func (c *PerPack[T]) Of(p *Pack) (T, error) {
	c.mu.Lock()
	f := c.of[p]
	if f == nil {
		if c.of == nil {
			c.of = map[*Pack]func() (T, error){}
		}
		f = sync.OnceValues(func() (T, error) { return c.Make(p) })
		c.of[p] = f
	}
	c.mu.Unlock()
	return f()
}
