package browsertest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// sheet is the width of what is printed on A4, in pixels: 210 mm less margins
// of 1 cm at 96 to the inch.
const sheet = 718

// TestPrint looks at pages as they are printed, by who reads in the dark and
// whose printer has black ink and prints no backgrounds.
func TestPrint(t *testing.T) {
	s := newSite(t)
	made := s.furnish(t)
	b := newBrowser(t, s)
	w := b.newTab(t)
	shots := shotFolder(t)
	article := s.changed(t)
	w.as(t, look{1440, "light", "en"})
	w.open(t, article)
	cited := article + eval[string](t, w, `document.querySelector(".text .c").getAttribute("href").replace("#cited", "")`)
	paths := []string{article, cited, "/figures", "/?q=flood", "/places", "/help/query", article + "/versions", made[0]}
	for language, path := range s.articles(t) {
		if language == "ar" || language == "fa" {
			paths = append(paths, path)
		}
	}
	for _, path := range paths {
		w.do(t,
			call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: sheet, Height: 1000, DeviceScaleFactor: 1}),
			call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}))
		w.open(t, path)
		for _, fault := range eval[[]string](t, w, printFaults) {
			t.Errorf("%s: %s", path, fault)
		}
		if printed := eval[string](t, w, `document.querySelector(".printed")?.innerText || ""`); !strings.Contains(printed, s.pages.URL+path) {
			t.Errorf("%s does not say where it is from: %q", path, printed)
		}
		if shots != "" {
			w.shoot(t, filepath.Join(shots, "print-"+fileName(path)+".png"))
		}
		pdf := w.printed(t)
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || bytes.Count(pdf, []byte("/Type /Page\n")) == 0 {
			t.Errorf("%s gives no pages to print: %.40q", path, pdf)
		}
		if shots != "" {
			if err := os.WriteFile(filepath.Join(shots, "print-"+fileName(path)+".pdf"), pdf, 0o644); err != nil {
				t.Error(err)
			}
		}
	}
	// Where a passage is cited, its own address stands in full; rows of figures and
	// items of collections lead to their article by an address that is shown.
	for path, script := range map[string]string{
		cited:      `document.querySelector("#citation").value.includes(` + quoted(cited) + `)`,
		"/figures": `getComputedStyle(document.querySelector("time[title]"), "::after").content.includes("UTC") && getComputedStyle(document.querySelector(".said > a.plain"), "::after").content.includes("/article/")`,
		"/":        `getComputedStyle(document.querySelector("a[rel=next]"), "::after").content.includes("cursor=")`,
		made[0]:    `getComputedStyle(document.querySelector(".item .headline"), "::after").content.includes("/article/")`,
	} {
		w.open(t, path)
		w.until(t, path+" shows addresses", script)
	}
	for _, c := range w.complained() {
		t.Error(c)
	}
}

// printed is the page that is open as a PDF, without backgrounds.
func (w *tab) printed(t *testing.T) []byte {
	t.Helper()
	var pdf []byte
	w.do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		r, err := cdp.Call(ctx, target, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69})
		pdf = r.Data
		return err
	}))
	return pdf
}

// printFaults names what should not be on paper, and what cannot be read there.
const printFaults = `(() => {
	const out = [];
	const shown = (x) => x.getClientRects().length > 0 && getComputedStyle(x).visibility === "visible" && !x.closest(".unseen");
	const name = (x) => x.outerHTML.slice(0, 100);
	for (const x of document.querySelectorAll("nav, header.top, footer, .side, button, input, select, .c, .skip, dialog")) if (shown(x)) out.push("printed: " + name(x));
	const rgb = (c) => { const m = c.match(/[\d.]+/g).map(Number); return c.startsWith("rgb") ? m.slice(0, 3).map((v) => v / 255) : m.slice(0, 3); };
	const light = (c) => { const [r, g, b] = rgb(c).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	if (light(getComputedStyle(document.body).backgroundColor) < 0.99) out.push("the paper is not white");
	const edge = document.documentElement.clientWidth + 1;
	for (const x of document.querySelectorAll("main *")) {
		if (!shown(x)) continue;
		const st = getComputedStyle(x), own = [...x.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
		if (own && !x.closest("svg") && 1.05 / (light(st.color) + 0.05) < 4.5) out.push("too light on paper: " + st.color + " " + name(x));
		const hides = (o) => o !== "visible";
		if (hides(st.overflowX) && x.scrollWidth > x.clientWidth + 1 || hides(st.overflowY) && x.scrollHeight > x.clientHeight + 1) out.push("clipped: " + name(x));
		if (own && [...x.getClientRects()].some((r) => r.right > edge || r.left < -1)) out.push("beyond the paper: " + name(x));
	}
	const kinds = {};
	for (const m of document.querySelectorAll(".text .m")) {
		const st = getComputedStyle(m), kind = m.className.replace("m ", "").split(" ")[0];
		if (st.borderBottomStyle === "none" || parseFloat(st.borderBottomWidth) < 1 || light(st.borderBottomColor) > 0.2) out.push("a mark without a line: " + name(m));
		kinds[kind] = st.borderBottomStyle + " " + st.borderBottomWidth;
	}
	if (new Set(Object.values(kinds)).size < Object.keys(kinds).length) out.push("marks look alike: " + JSON.stringify(kinds));
	return out.slice(0, 20);
})()`
