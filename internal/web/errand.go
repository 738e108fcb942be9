package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"time"

	"dateline"
)

// errand is what the newsroom was asked for and what takes longer than a page
// may. It goes on by itself; its page says how far it is, and in the end what
// came of it. Errands are forgotten when the program ends: what they did is in
// the store, and what they had begun to erase is erased at the next start.
type errand struct {
	ID     string
	Kind   string // preview, try, import, erase
	About  string // the address, file or name
	Began  time.Time
	cancel context.CancelFunc

	mu     sync.Mutex
	steps  []string
	done   int
	all    int
	ended  time.Time
	result any
	err    error
}

// errands are those that are under way or ended not long ago.
type errands struct {
	mu      sync.Mutex
	all     map[string]*errand
	over    bool           // none is begun any more
	running sync.WaitGroup // counted up under mu, before over
}

// How many errands there may be, and how long their pages stay.
const (
	errandsAtOnce = 4
	errandsKept   = 50
	errandsStay   = time.Hour
	errandLasts   = 30 * time.Minute
)

// send begins an errand. ErrLater is that too many are under way.
func (s *Server) send(kind, about string, do func(ctx context.Context, e *errand) (any, error)) (*errand, error) {
	ctx, cancel := context.WithTimeout(context.Background(), errandLasts)
	e := &errand{ID: rand.Text(), Kind: kind, About: about, Began: s.Now(), cancel: cancel}
	if err := s.errands.keep(e, s.Now()); err != nil {
		cancel()
		return nil, err
	}
	go func() {
		defer s.errands.running.Done()
		defer cancel()
		result, err := func() (result any, err error) {
			defer func() {
				if x := recover(); x != nil {
					s.Log.Error("fault of the program", "errand", kind, "panic", x)
					err = fmt.Errorf("a fault of the program: %v", x)
				}
			}()
			return do(ctx, e)
		}()
		e.mu.Lock()
		defer e.mu.Unlock()
		e.result, e.err, e.ended = result, err, s.Now()
	}()
	return e, nil
}

func (l *errands) keep(e *errand, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return mistaken(dateline.ErrLater, "ending")
	}
	if l.all == nil {
		l.all = map[string]*errand{}
	}
	running := 0
	var oldest *errand
	for id, have := range l.all {
		ended := have.state().Ended
		switch {
		case ended.IsZero():
			running++
		case now.Sub(ended) > errandsStay:
			delete(l.all, id)
		case oldest == nil || ended.Before(oldest.state().Ended):
			oldest = have
		}
	}
	if running >= errandsAtOnce {
		return mistaken(dateline.ErrLater, "busy", running)
	}
	if len(l.all) >= errandsKept && oldest != nil {
		delete(l.all, oldest.ID)
	}
	l.all[e.ID] = e
	l.running.Add(1)
	return nil
}

// Stop ends what takes long, and waits until it has ended, or the context has.
// What was done until then is whole. None is begun any more.
func (s *Server) Stop(ctx context.Context) error {
	l := &s.errands
	l.mu.Lock()
	l.over = true
	for _, e := range l.all {
		e.cancel()
	}
	l.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		l.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("end what takes long: %w", ctx.Err())
	}
}

func (l *errands) find(id string) (*errand, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.all[id]; e != nil {
		return e, nil
	}
	return nil, dateline.ErrNotFound
}

// step notes what is done at the moment.
func (e *errand) step(what string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.steps = append(e.steps, what); len(e.steps) > 50 {
		e.steps = e.steps[1:]
	}
}

func (e *errand) count(done, all int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.done, e.all = done, all
}

// errandState is an errand as it is at one moment.
type errandState struct {
	*errand
	Steps     []string
	Done, All int
	Ended     time.Time
	Result    any
	Err       error
}

func (e *errand) state() errandState {
	e.mu.Lock()
	defer e.mu.Unlock()
	return errandState{e, append([]string(nil), e.steps...), e.done, e.all, e.ended, e.result, e.err}
}

// errand shows one.
func (c *call) errand() error {
	e, err := c.s.errands.find(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	st := e.state()
	if st.Ended.IsZero() && c.r.Header.Get("HX-Request") == "" {
		c.w.Header().Set("Refresh", "2") // for who has no JavaScript; others ask by themselves
	}
	return c.page(http.StatusOK, "errand", view{Title: c.T("errand."+e.Kind, e.About)}, st)
}

// stopErrand ends one that is under way.
func (c *call) stopErrand() error {
	e, err := c.s.errands.find(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	e.cancel()
	return c.redirect("/outlets")
}

// toErrand begins an errand and sends the reader to its page.
func (c *call) toErrand(kind, about string, do func(ctx context.Context, e *errand) (any, error)) error {
	if c.s.Newsroom == nil {
		return notFollowed()
	}
	e, err := c.s.send(kind, about, do)
	if err != nil {
		return err
	}
	return c.redirect("/outlets/errands/" + e.ID)
}
