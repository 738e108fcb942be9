package browsertest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"dateline"
	"dateline/internal/web"
)

// newsroom is one in which outlets answer at once.
type newsroom struct{ now func() time.Time }

var _ web.Newsroom = newsroom{}

func (newsroom) Discover(_ context.Context, address string, _ time.Time, step func(string)) (web.Preview, error) {
	step(address)
	article, page := "", ""
	if !strings.HasSuffix(address, "/") {
		article, page = "The bridge over the Tarn is closed", address
	}
	return web.Preview{
		Article: article, Page: page,
		Outlet: dateline.Outlet{ID: "obserwator", Name: "The Observer of the River", Home: "https://observer.example/", Language: "en"},
		Sources: []web.PreviewSource{
			{Source: dateline.Source{URL: "https://observer.example/feed.xml", Kind: dateline.SourceFeed}, Entries: 30, Oldest: "2026-03-01", Newest: "2026-03-10", Chosen: true},
			{Source: dateline.Source{URL: "https://observer.example/sitemap.xml", Kind: dateline.SourceSitemap}, Entries: 4000, Oldest: "2019-01-01", Newest: "2026-03-10", Why: "the feed has all of it"},
		},
		Absent: 3, Pages: 30, PerDay: 12.5, PageBytes: 40 << 10,
	}, nil
}

func (newsroom) Keep(context.Context, string) (string, error) { return "nothing", dateline.ErrNotFound }

func (newsroom) Add(context.Context, dateline.Outlet) (int, error) { return 1, nil }

func (newsroom) Try(_ context.Context, address string) (*dateline.Article, error) {
	return nil, fmt.Errorf("%s has no article: %w", address, dateline.ErrUnsupported)
}

func (newsroom) Import(_ context.Context, _ io.Reader, _ time.Time, step func(done, all int)) (web.Imported, error) {
	step(1, 1)
	return web.Imported{Added: 1, Already: 2, Wrong: []string{"ftp://old.example: no address of the web"}, Left: 1}, nil
}

func (newsroom) Export(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, `<?xml version="1.0"?><opml version="2.0"><head/><body/></opml>`)
	return err
}

func (newsroom) Ask(context.Context, string) error { return nil }

func (newsroom) Erase(context.Context, []int64, string) (int, error) { return 1, nil }

func (n newsroom) Hosts(context.Context, dateline.Outlet) ([]web.HostState, error) {
	return []web.HostState{{Name: "observer.example", Next: n.now().Add(time.Minute), Pause: 5 * time.Second, Today: 40, Budget: 2000,
		Robots: []web.RobotsState{{Site: "https://observer.example", Until: n.now().Add(time.Hour), Delay: 10 * time.Second, Rules: "User-agent: *\nDisallow: /private/\nCrawl-delay: 10\n"},
			{Site: "http://observer.example", Until: n.now().Add(time.Minute), Rules: "# expires 2026-03-10T09:00:00Z\n", Missing: n.now().Add(-26 * time.Hour), Why: "the server answered 503"}}}}, nil
}

func (n newsroom) State(context.Context) (web.State, error) {
	return web.State{Since: time.Minute, Free: 40 << 30, LowWater: 1 << 30, Database: 3 << 20, Archive: 20 << 20, Started: n.now().Add(-time.Hour), Backup: web.Backup{At: n.now().AddDate(0, -1, 0), To: "/mnt/usb/dateline-backup"}}, nil
}
