package browsertest

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"dateline/internal/store"
)

// pictures are those of the guide, by name, and what they show.
func (s *site) pictures(t *testing.T) map[string]string {
	t.Helper()
	article := ""
	for h, err := range s.Store.List(t.Context(), store.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if h.Title == "Death toll from Indonesian flood rises to 52" {
			article = "/article/" + h.Page.ID
		}
	}
	return map[string]string{
		"today": "/", "search": "/?q=flood", "article": article, "versions": article + "/versions",
		"figures": "/figures?q=place:Indonesia&what=killed", "places": "/places", "outlets": "/outlets",
	}
}

// guideKB is how much a picture of the guide may have.
const guideKB = 120

// TestGuidePictures makes the pictures of the guide. With DATELINE_GUIDE=1 they
// take the place of those that are there.
func TestGuidePictures(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "docs", "guide", "img")
	s := newSite(t)
	w := newBrowser(t, s).newTab(t)
	w.as(t, look{1200, "light", "en"})
	pictures := s.pictures(t)
	for _, name := range slices.Sorted(maps.Keys(pictures)) {
		w.open(t, pictures[name])
		shot, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
		if err == nil {
			shot, err = smaller(shot)
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(shot) > guideKB<<10 {
			t.Errorf("%s has %d KB; %d at most", name, len(shot)>>10, guideKB)
		}
		if os.Getenv("DATELINE_GUIDE") != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".png"), shot, 0o644); err != nil {
				t.Error(err)
			}
		}
	}
	there, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range there {
		if name := filepath.Base(p); pictures[name[:len(name)-len(".png")]] == "" {
			t.Errorf("nothing makes %s", p)
		}
	}
}

// smaller is a picture in the 48 colours that it has most of; others become the
// nearest of those.
func smaller(shot []byte) ([]byte, error) {
	from, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	count := map[color.RGBA]int{}
	b := from.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			// Near ones are counted as one, so that shades of one colour do not fill the palette.
			c := color.RGBAModel.Convert(from.At(x, y)).(color.RGBA)
			count[color.RGBA{c.R &^ 7, c.G &^ 7, c.B &^ 7, 0xff}]++
		}
	}
	most := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int { return cmp.Compare(count[b], count[a]) })
	palette := color.Palette{}
	for _, c := range most[:min(len(most), 48)] {
		c.R, c.G, c.B = c.R|c.R>>5, c.G|c.G>>5, c.B|c.B>>5
		palette = append(palette, c)
	}
	to := image.NewPaletted(b, palette)
	draw.Draw(to, b, from, b.Min, draw.Src)
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, to)
	return out.Bytes(), err
}
