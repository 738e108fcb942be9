package pipeline_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/pipeline"
)

// TestRound drains with intervals much shorter than the round takes: no source
// is asked twice, that one fails is told once, and so is a page that is gone
// from the first.
func TestRound(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	var items []string
	for i := range 8 {
		path := fmt.Sprintf("/story/%d", i)
		items = append(items, itemOf(path, ""))
		if i > 0 {
			s.story(path)
		}
	}
	s.serve("/feed.xml", feedOf(items...))
	s.answer("/dead.xml", func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) })
	p := keepSites(t, time.Now, []dateline.Source{{URL: "/feed.xml", Kind: dateline.SourceFeed}, {URL: "/dead.xml", Kind: dateline.SourceFeed}}, s)
	p.Pace = fetch.Pace{Delay: 30 * time.Millisecond}
	p.Options.Interval, p.Options.MinInterval, p.Options.MaxInterval = time.Millisecond, time.Millisecond, time.Millisecond
	told := make(chan pipeline.News, 100)
	p.Tell = func(n pipeline.News) { told <- n }
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(told)
	if feed, dead := s.times("/feed.xml"), s.times("/dead.xml"); feed != 1 || dead != 1 {
		t.Errorf("the feed was asked %d times, the dead one %d", feed, dead)
	}
	count := map[string]int{}
	for n := range told {
		switch {
		case n.Source != 0:
			count["source: "+n.Outcome]++
		case n.Version == 0:
			count["page: "+n.Outcome]++
		default:
			count["version"]++
		}
	}
	if count["source: the server answered 404"] != 1 || count["page: gone"] != 1 || count["version"] != 7 || len(count) != 3 {
		t.Errorf("told %v", count)
	}
}
