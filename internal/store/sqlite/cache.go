package sqlite

import (
	"context"
	"sync"
	"time"
)

// Answers over many articles are kept for a while: those who look at a page
// and its neighbours ask the same again and again.
//
// One that is older than answersFor, or than answersTimes what it took to make,
// is made anew by the first who asks, behind their back: they get the old one, so
// that nobody waits for what is asked all the time. At twice that age it is of no
// use. One that there was no time to make of all is made again so, after a pause in
// which others who came with the first get their answers. They are made anew one after the other, so that there is always room to read what
// takes no time.
const (
	answersFor   = 10 * time.Second
	answersTimes = 60
	answersTime  = 6 * time.Second // that making one anew may take
	answersPause = time.Second
	answersKept  = 256
	// Answers over fewer articles are made each time: that takes a few
	// milliseconds, and what has come in just now is in them.
	answersFrom = 1000
)

// answers keeps what was found out, until it is old or something is erased.
type answers struct {
	mu     sync.Mutex
	kept   map[any]*answer
	behind sync.Mutex // held while one is made anew
}

type answer struct {
	done  chan struct{} // closed when it is there
	value any
	err   error
	at    time.Time
	good  time.Duration // for how long it is
	anew  bool          // it is being made
}

// making says how an answer is made, and of what it was.
type making struct {
	behind bool // nobody waits for it
	over   int  // articles
	part   bool // there was no time for all of them
}

// remember gives the answer that is kept for key, or has f make it. Who asks the
// same meanwhile waits for that.
func remember[T any](ctx context.Context, s *Store, key any, f func(context.Context, *making) (T, error)) (T, error) {
	var none T
	for {
		s.answers.mu.Lock()
		a := s.answers.kept[key]
		if a != nil && !a.at.IsZero() {
			switch age := s.now().Sub(a.at); {
			case age < 0 || age >= 2*a.good:
				a = nil
			case age >= a.good && !a.anew:
				a.anew = true
				go renew(context.WithoutCancel(ctx), s, key, a, f)
			}
		}
		if a == nil {
			a = &answer{done: make(chan struct{})}
			s.answers.put(key, a)
			s.answers.mu.Unlock()
			var m making
			start := s.now()
			v, err := f(ctx, &m)
			s.answers.mu.Lock()
			a.value, a.err, a.at = v, err, s.now()
			a.good = max(answersFor, answersTimes*a.at.Sub(start))
			switch {
			case s.answers.kept[key] != a:
			case err != nil || m.over < answersFrom:
				delete(s.answers.kept, key)
			case m.part:
				a.anew = true
				time.AfterFunc(answersPause, func() { renew(context.WithoutCancel(ctx), s, key, a, f) })
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
func renew[T any](ctx context.Context, s *Store, key any, old *answer, f func(context.Context, *making) (T, error)) {
	s.answers.behind.Lock()
	defer s.answers.behind.Unlock()
	s.answers.mu.Lock()
	kept := s.answers.kept[key] == old
	s.answers.mu.Unlock()
	if !kept {
		return // it was erased, or made room for others, while this waited
	}
	ctx, cancel := context.WithTimeout(ctx, answersTime)
	defer cancel()
	m := making{behind: true}
	start := s.now()
	v, err := f(ctx, &m)
	s.answers.mu.Lock()
	defer s.answers.mu.Unlock()
	switch {
	case s.answers.kept[key] != old: // something was erased meanwhile
	case err != nil || m.over < answersFrom:
		delete(s.answers.kept, key)
	default:
		now := s.now()
		s.answers.kept[key] = &answer{done: old.done, value: v, at: now, good: max(answersFor, answersTimes*now.Sub(start))}
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
