package pipeline_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
)

// TestKill has a program follow outlets, kills it at random moments, starts it
// again, and looks whether all is there once in the end. [TestKillPace] looks at
// pauses.
func TestKill(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a child is given no pipe there")
	}
	outlets, pages, kills := 60, 50, 100
	switch {
	case soaking() > 0:
		outlets, pages, kills = soaking()/200, 100, soaking()/100
	case testing.Short():
		outlets, pages, kills = 12, 25, 10
	}
	farm, err := demo.Start(demo.Options{Seed: 2, Outlets: outlets, Pages: pages, Faults: demo.Faults{Lost: .02, Moved: .05, Slow: .02}})
	if err != nil {
		t.Fatal(err)
	}
	defer farm.Close()
	dir := t.TempDir()
	t.Run("begin", func(t *testing.T) { followFeeds(t, keep(t, dir, farm, time.Millisecond), farm) })

	rnd := rand.New(rand.NewPCG(7, 11))
	l := newLife(t, dir, farm, time.Millisecond)
	// A page is about 25 steps from the feed to the marks, less when many
	// share a commit. So many make the kills end before the pages do.
	most := outlets * pages * 24 / kills
	for range kills {
		if l.run(1+rnd.IntN(most), time.Duration(rnd.Int64N(int64(4*time.Millisecond)))) {
			break
		}
	}
	if l.kills < kills {
		t.Errorf("all was done after %d kills, before there were %d", l.kills, kills)
	}
	for range 2 {
		if !l.run(1<<62, 0) {
			t.Fatal("it ended by itself before all was done")
		}
		l.ahead += 2 * time.Hour // for what was begun alone when it was killed: that waits a while
	}

	p := keep(t, dir, farm, time.Millisecond)
	check(t, p, farm)
	sound(t, p)
	known := captures(t, p)
	for c := range l.acknowledged {
		if !known[c] {
			t.Errorf("the capture at %s was acknowledged and is not known", c)
		}
	}
	settled(t, p, farm)
	asked := map[string]int{}
	for _, h := range farm.Log() {
		if strings.HasPrefix(h.Path, "/news/") && h.Status == 200 {
			asked[h.Host+h.Path]++
		}
	}
	twice := 0
	for _, n := range asked {
		twice += n - 1
	}
	t.Logf("%d kills, %d steps, %d captures acknowledged, %d of %d pages fetched again, restart to working at most %v, %v on average",
		l.kills, l.steps, len(l.acknowledged), twice, outlets*pages, l.slowest.Round(time.Millisecond), (l.waited / time.Duration(len(l.starts))).Round(time.Millisecond))
	if l.slowest > 5*time.Second {
		t.Errorf("a restart took %v", l.slowest)
	}
}

// TestKillPace kills a program again and again while servers ask it to wait:
// no restart makes it ask a host sooner. All pauses are longer than a restart
// takes.
func TestKillPace(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a child is given no pipe there")
	}
	farm, err := demo.Start(demo.Options{Seed: 3, Outlets: 12, Pages: 8, Faults: demo.Faults{Storms: 1, RetryAfter: 2 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	defer farm.Close()
	dir := t.TempDir()
	t.Run("begin", func(t *testing.T) { followFeeds(t, keep(t, dir, farm, time.Second), farm) })
	l := newLife(t, dir, farm, 500*time.Millisecond)
	rnd := rand.New(rand.NewPCG(3, 5))
	for range 15 {
		if l.run(60+rnd.IntN(200), time.Duration(rnd.Int64N(int64(4*time.Millisecond)))) {
			break
		}
	}
	hits := farm.Log()
	l.polite(hits)
	t.Logf("%d kills, %d requests, %d answers lost, restart to working at most %v", l.kills, len(hits), l.lost, l.slowest.Round(time.Millisecond))
}

// place is where a capture is, and of which bytes.
func place(k store.Kept) string { return fmt.Sprintf("%s:%d:%s", k.WARC, k.Offset, k.Digest) }

// captures are the places of all captures that are known.
func captures(t *testing.T, p *pipeline.Pipeline) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for k, err := range p.Store.EachCapture(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		known[place(k)] = true
	}
	return known
}

// life is what is seen of the lives of one record's programs.
type life struct {
	t            *testing.T
	dir          string
	farm         *demo.Farm
	lost         int // answers that were not kept
	kills        int
	steps        int
	slowest      time.Duration
	waited       time.Duration
	acknowledged map[string]bool // captures, by place
	ahead        time.Duration   // of the clock
	pace         time.Duration
	starts       []time.Time
	told         map[string][]told // by lane
}

func newLife(t *testing.T, dir string, farm *demo.Farm, pace time.Duration) *life {
	return &life{t: t, dir: dir, farm: farm, pace: pace, acknowledged: map[string]bool{}, told: map[string][]told{}}
}

// told is that a program had what it knew of a host acknowledged.
type told struct {
	life int
	at   time.Time
}

// polite fails the test for every rule of politeness that was broken. On a busy
// machine a disk may take longer than the pauses that are kept have room for,
// and a server may come to a request a good while after it was made.
func (l *life) polite(hits []demo.Hit) {
	l.t.Helper()
	for _, line := range demo.Judge(l.learned(hits), demo.Rules{Delay: l.pace, Tolerance: max(l.pace/4, 100*time.Millisecond), MaxBackoff: 4 * l.pace, Contact: "(+desk@newsroom.example)"}) {
		// That a host's state was kept is told, not that a page's was with it.
		if !strings.Contains(line, "without the validator") {
			l.t.Error(line)
		}
	}
}

// learned gives the hits as the programs can have learned of them: what an
// answer said that was not kept when its program was killed, nobody knows. That
// it was asked for is known.
func (l *life) learned(hits []demo.Hit) []demo.Hit {
	out := slices.Clone(hits)
	for i := range out {
		h := &out[i]
		// A server may come to a request when who made it is no more.
		life := len(l.starts) - 1
		for life >= 0 && h.Start.Before(l.starts[life]) {
			life--
		}
		lane := fetch.Domain("http://" + h.Host + "/")
		if life < 0 {
			l.t.Fatalf("a request at %v, before any program lived", h.Start)
		}
		if slices.ContainsFunc(l.told[lane], func(k told) bool { return k.life == life && !h.End.IsZero() && !k.at.Before(h.End) }) {
			continue
		}
		l.lost++
		h.ETag, h.Modified, h.RetryAfter = "", "", ""
		if h.Path != "/robots.txt" && h.Location == "" {
			h.Status, h.Ending = 200, demo.Whole
		}
	}
	return out
}

// run starts the program and kills it a moment after so many steps. It tells
// whether the program had done everything.
func (l *life) run(steps int, moment time.Duration) (done bool) {
	l.t.Helper()
	lines, write, err := os.Pipe()
	if err != nil {
		l.t.Fatal(err)
	}
	defer lines.Close()
	cmd := child(l.t, "TestKillChild", childOrder{Dir: l.dir, Farm: l.farm.Outlets(), Ahead: l.ahead, Pace: l.pace})
	cmd.ExtraFiles = []*os.File{write}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.starts = append(l.starts, start)
	write.Close()
	working, killed := false, false
	kill := sync.OnceFunc(func() { killed = cmd.Process.Kill() == nil })
	s := bufio.NewScanner(lines)
	for n := 0; s.Scan(); n++ {
		l.steps++
		switch what, rest, _ := strings.Cut(s.Text(), " "); what {
		case "working":
			took := time.Since(start)
			working, l.slowest, l.waited = true, max(l.slowest, took), l.waited+took
		case "kept":
			l.acknowledged[rest] = true
		case "host":
			lane, at, _ := strings.Cut(rest, " ")
			ns, err := strconv.ParseInt(at, 10, 64)
			if err != nil {
				l.t.Fatal(err)
			}
			l.told[lane] = append(l.told[lane], told{len(l.starts) - 1, time.Unix(0, ns)})
			n-- // it is no step
			l.steps--
		case "done":
			done = true
		}
		if n >= steps && !done && !killed {
			// What is written meanwhile waits in the pipe.
			<-time.After(moment)
			kill()
		}
	}
	err = cmd.Wait()
	switch {
	case killed:
		l.kills++
	case err != nil:
		l.t.Fatalf("the program ended with %v: %s", err, &out)
	}
	if !working {
		l.waited += time.Since(start)
	}
	if i := strings.Index(out.String(), "level=ERROR"); i >= 0 {
		l.t.Errorf("the program says %.500s", out.String()[i:])
	}
	return done
}

// childOrder is what a child of a test is told.
type childOrder struct {
	Dir   string
	Farm  []demo.Info
	Ahead time.Duration // its clock is ahead
	Pace  time.Duration // between requests to a host

	Poison string // the marker of a page that ends the program
}

// now is the clock it is given.
func (o childOrder) now() time.Time { return time.Now().Add(o.Ahead) }

// child is a command that runs a test of this binary as a program of its own.
func child(t testing.TB, test string, order childOrder) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^"+test+"$", "-test.v", "-test.count=1", "-test.timeout=0")
	// In a file: the environment has no room for a large farm.
	file := filepath.Join(t.TempDir(), "order.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "DATELINE_CHILD="+file)
	return cmd
}

// ordered is what the test was told that started this one; without one it is
// skipped.
func ordered(t *testing.T) (order childOrder) {
	t.Helper()
	file := os.Getenv("DATELINE_CHILD")
	if file == "" {
		t.Skip("another test runs this as a program of its own")
	}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &order)
	}
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// TestKillChild follows outlets and says each step on file 3.
func TestKillChild(t *testing.T) {
	order := ordered(t)
	pipe := os.NewFile(3, "steps")
	say := func(format string, args ...any) { fmt.Fprintf(pipe, format+"\n", args...) }
	step := func(op string) error { say("%s", op); return nil }
	p := keepWith(t, order.Dir, order.Farm, order.Pace, archive.Options{Fault: step}, sqlite.Options{Fault: step, Now: order.now})
	p.Now = order.now
	p.Store = &telling{Store: p.Store, say: say}
	p.Options.Revisits = []time.Duration{}
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	say("done")
}

// telling is a store that says what it has acknowledged.
type telling struct {
	store.Store
	say   func(format string, args ...any)
	first sync.Once
}

func (s *telling) working() { s.first.Do(func() { s.say("working") }) }

func (s *telling) Take(ctx context.Context, stages []work.Stage, n int, now, until time.Time) ([]work.Item, error) {
	items, err := s.Store.Take(ctx, stages, n, now, until)
	if len(items) > 0 {
		s.working()
	}
	return items, err
}

func (s *telling) SaveFetch(ctx context.Context, it work.Item, f store.Fetched) error {
	err := s.Store.SaveFetch(ctx, it, f)
	if err == nil {
		for _, k := range f.Captures {
			s.say("kept %s", place(k))
		}
	}
	return s.host(f.Host, err)
}

// host says that what is known of a host was kept.
func (s *telling) host(h *store.Host, err error) error {
	if err == nil && h != nil {
		s.say("host %s %d", h.Name, time.Now().UnixNano())
	}
	return err
}

func (s *telling) PutHost(ctx context.Context, h store.Host) error {
	return s.host(&h, s.Store.PutHost(ctx, h))
}

func (s *telling) Fail(ctx context.Context, it work.Item, reason string, again time.Time, h *store.Host) error {
	return s.host(h, s.Store.Fail(ctx, it, reason, again, h))
}

func (s *telling) SaveVisit(ctx context.Context, it work.Item, v store.Visit) (int, error) {
	n, err := s.Store.SaveVisit(ctx, it, v)
	return n, s.host(v.Host, err)
}

// sound fails the test for everything that verifying finds, and every capture
// that cannot be read.
func sound(t *testing.T, p *pipeline.Pipeline) {
	t.Helper()
	if _, err := p.Archive.Verify(t.Context(), func(x archive.Problem) { t.Error(x) }, nil); err != nil {
		t.Error(err)
	}
	damage, err := p.Store.Check(t.Context())
	if err != nil {
		t.Error(err)
	}
	for _, x := range damage {
		t.Error(x)
	}
	for k, err := range p.Store.EachCapture(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		a, err := p.Archive.Read(t.Context(), k.WARC, k.Offset)
		if err != nil {
			t.Errorf("capture %d of page %d: %v", k.N, k.Page, err)
			continue
		}
		if !k.Feed && a.URL != k.URL {
			t.Errorf("capture %d of %s is one of %s", k.N, k.URL, a.URL)
		}
	}
}

// settled fails the test for work that is left or was given up without need.
func settled(t *testing.T, p *pipeline.Pipeline, farm *demo.Farm) {
	t.Helper()
	never := map[string]bool{}
	patient := 0 // pages that are asked for again over days
	for _, w := range farm.Expect().Never {
		never[w.Key] = true
		if w.Why == "loop" || w.Why == "robots" {
			patient++
		}
	}
	dead, err := p.Store.Dead(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dead {
		if k, _ := dateline.PageKey(d.Subject); !never[k] {
			t.Errorf("%s of %s was given up: %s", d.Stage, d.Subject, d.Reason)
		}
	}
	counts, err := p.Store.Backlog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []work.Stage{work.Fetch, work.Read, work.Annotate} {
		n := counts[s]
		if s == work.Fetch {
			n.Later = max(n.Later-patient, 0)
		}
		if n.Due+n.Later+n.Taken > 0 {
			t.Errorf("%s: %+v is left", s, n)
		}
	}
}
