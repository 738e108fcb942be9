package sqlite

import (
	"context"
	"sync"
	"time"
)

// Answers over many articles are kept for a while: those who look at a page
// and its neighbours ask the same again and again.
//
// One that is older than answersFor is made anew by the first who asks, behind
// their back: they get the old one, so that nobody waits for what is asked all
// the time. Older than answersOld it is of no use.
const (
	answersFor  = 10 * time.Second
	answersOld  = 20 * time.Second
	answersTime = 3 * time.Second // that making one anew may take
	answersKept = 256
	// Answers over fewer articles are made each time: that takes a few
	// milliseconds, and what has come in just now is in them.
	answersFrom = 1000
)

// answers keeps what was found out, until it is old or something is erased.
type answers struct {
	mu   sync.Mutex
	kept map[any]*answer
}

type answer struct {
	done  chan struct{} // closed when it is there
	value any
	err   error
	at    time.Time
	anew  bool // it is being made
}

// remember gives the answer that is kept for key, or has f make it. Who asks the
// same meanwhile waits for that. f says over how many articles its answer is.
func remember[T any](ctx context.Context, s *Store, key any, f func(context.Context) (T, int, error)) (T, error) {
	var none T
	for {
		s.answers.mu.Lock()
		a := s.answers.kept[key]
		if a != nil && !a.at.IsZero() {
			switch age := s.now().Sub(a.at); {
			case age < 0 || age >= answersOld:
				a = nil
			case age >= answersFor && !a.anew:
				a.anew = true
				go renew(context.WithoutCancel(ctx), s, key, a, f)
			}
		}
		if a == nil {
			a = &answer{done: make(chan struct{})}
			s.answers.put(key, a)
			s.answers.mu.Unlock()
			v, n, err := f(ctx)
			s.answers.mu.Lock()
			a.value, a.err, a.at = v, err, s.now()
			if (err != nil || n < answersFrom) && s.answers.kept[key] == a {
				delete(s.answers.kept, key)
			}
			s.answers.mu.Unlock()
			close(a.done)
			return v, err
		}
		s.answers.mu.Unlock()
		select {
		case <-a.done:
			// One whose time ran out says nothing of ours.
			if a.err == nil {
				return a.value.(T), nil
			}
			if ctx.Err() != nil {
				return none, ctx.Err()
			}
		case <-ctx.Done():
			return none, ctx.Err()
		}
	}
}

// renew makes an answer anew and puts it in the place of the old one, if that
// is still there. When the store is closed it ends with its next question.
func renew[T any](ctx context.Context, s *Store, key any, old *answer, f func(context.Context) (T, int, error)) {
	ctx, cancel := context.WithTimeout(ctx, answersTime)
	defer cancel()
	v, n, err := f(ctx)
	s.answers.mu.Lock()
	defer s.answers.mu.Unlock()
	switch {
	case s.answers.kept[key] != old: // something was erased meanwhile
	case err != nil || n < answersFrom:
		delete(s.answers.kept, key)
	default:
		s.answers.kept[key] = &answer{done: old.done, value: v, at: s.now()}
	}
}

// put makes room and keeps an answer, at least until it is there.
func (c *answers) put(key any, a *answer) {
	if c.kept == nil {
		c.kept = map[any]*answer{}
	}
	if len(c.kept) >= answersKept {
		for k, old := range c.kept { // any of those that are there
			if !old.at.IsZero() {
				delete(c.kept, k)
				if len(c.kept) < answersKept {
					break
				}
			}
		}
	}
	c.kept[key] = a
}

// forget lets all answers go, and those that are being made.
func (c *answers) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = nil
}
