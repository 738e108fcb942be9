package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a chromium that reaches a site and nothing else: what it asks of
// anybody else comes to a proxy that keeps the address.
type browser struct {
	site    *site
	ctx     context.Context
	mu      sync.Mutex
	strange []asked // of others
}

type asked struct{ method, address, host string }

func newBrowser(t *testing.T, s *site) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		absent(t, "no chromium to look at pages with: %v", err)
	}
	b := &browser{site: s}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		b.strange = append(b.strange, asked{r.Method, r.URL.String(), r.URL.Hostname()})
		b.mu.Unlock()
		http.Error(w, "nobody", http.StatusBadGateway)
	}))
	t.Cleanup(proxy.Close)
	bypass := "<-loopback>;" + strings.TrimPrefix(s.pages.URL, "http://") + ";" + strings.TrimPrefix(s.replay.URL, "http://")
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.ProxyServer(proxy.URL), chromedp.Flag("proxy-bypass-list", bypass),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-domain-reliability", true), chromedp.Flag("no-pings", true),
		chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(cancel)
	b.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(b.ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return b
}

// own are the ends of hosts that chromium asks by itself, whatever it shows.
var own = []string{".google.com", ".googleapis.com", ".gstatic.com"}

// askedNobody fails where others were asked for anything.
func (b *browser) askedNobody(t *testing.T) {
	t.Helper()
	for _, a := range b.others() {
		t.Errorf("another was asked: %s %s", a.method, a.address)
	}
}

// others is what was asked of others since the last call, but for what the
// browser asks by itself.
func (b *browser) others() []asked {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.strange
	b.strange = nil
	return slices.DeleteFunc(all, func(a asked) bool {
		return slices.ContainsFunc(own, func(end string) bool { return strings.HasSuffix(a.host, end) })
	})
}

// tab is a page that is looked at. What the browser complains of is kept.
type tab struct {
	*browser
	ctx        context.Context
	mu         sync.Mutex
	complaints []string
}

func (b *browser) newTab(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	w := &tab{browser: b, ctx: ctx}
	complain := func(format string, args ...any) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.complaints = append(w.complaints, fmt.Sprintf(format, args...))
	}
	origins := []string{b.site.pages.URL + "/", b.site.replay.URL + "/", "data:", "about:"}
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			if ev.Entry.Level == log.EntryLevelVerbose {
				return // advice
			}
			complain("%s: %s %s", ev.Entry.Level, ev.Entry.Text, ev.Entry.URL)
		case *runtime.EventConsoleAPICalled:
			for _, a := range ev.Args {
				complain("console.%s: %s%s", ev.Type, a.Value, a.Description)
			}
		case *runtime.EventExceptionThrown:
			complain("exception: %s", (&chromedp.ExceptionError{ExceptionDetails: ev.ExceptionDetails}).Error())
		case *page.EventJavascriptDialogOpening:
			complain("dialog: %s", ev.Message)
			go chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
				_, err := cdp.Call(ctx, t, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
				return err
			}))
		case *network.EventRequestWillBeSent:
			for _, o := range origins {
				if strings.HasPrefix(ev.Request.URL, o) {
					return
				}
			}
			complain("request: %s", ev.Request.URL)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// complained is what the browser complained of since the last call.
func (w *tab) complained() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.complaints
	w.complaints = nil
	return all
}

// do carries out steps, within half a minute.
func (w *tab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("%v; the browser says %q", err, w.complained())
	}
}

// open goes to a path of the pages and waits until it is there.
func (w *tab) open(t *testing.T, path string) {
	t.Helper()
	w.do(t, chromedp.Navigate(w.site.pages.URL+path))
}

// look is how a page is looked at.
type look struct {
	width    int
	scheme   string // light, dark
	language string // of the interface
}

func (l look) String() string { return fmt.Sprintf("%d-%s-%s", l.width, l.scheme, l.language) }

func (w *tab) as(t *testing.T, l look) {
	t.Helper()
	w.do(t,
		call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(l.width), Height: 900, DeviceScaleFactor: 1, Mobile: l.width < 500}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: l.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}),
		call(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": l.language}}))
}

// call is a command of the protocol whose answer is of no interest.
func call[P, R any](c cdp.Command[P, R], p P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, p)
		return err
	})
}

// eval is the value of a script in the page. The longest page takes axe-core
// three seconds where nobody else uses the machine.
func eval[T any](t *testing.T, w *tab, script string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 2*time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%.200s: %v", script, err)
	}
	return v
}

// until waits for a script in the page to be true.
func (w *tab) until(t *testing.T, what, script string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+script+")"))
		cancel()
		if err == nil && ok {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%s: %s does not come true: %v; the browser says %q", what, script, err, w.complained())
			return
		}
	}
}
