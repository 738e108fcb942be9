package places

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/internal/cputime"
	"dateline/lang"
)

// article is a text of our own of some 4,000 characters, for speed.
var article = strings.Repeat(`Three people died when a bus left the road near Redding, Calif., on Monday, police in Shasta County said. The driver, Marla Quenby of Chico, told officers in Sacramento that the brakes had failed. "We heard it from the river," said Tom Ardley, who lives in the village of Igo. The company, Northern Lines of Portland, Ore., runs buses from Seattle to San Diego and into Mexico. Officials from Washington will join the inquiry. Last year a bus of the same company burned in Reno, Nevada, and eleven people from Germany, France and Japan were hurt. `, 7)

var runner = sync.OnceValue(func() *annotate.Runner { return annotate.New(lang.Builtin(), New()) })

func run(text, tag string) []*dateline.Annotation {
	marks, _, err := runner().Annotate(annotate.Input{Text: text, Language: tag})
	if err != nil {
		panic(err)
	}
	return marks
}

func BenchmarkAnnotate(b *testing.B) {
	r := runner()
	none := annotate.New(lang.Builtin())
	for _, bench := range []struct {
		name string
		r    *annotate.Runner
	}{{"tokens", none}, {"places", r}} {
		b.Run(bench.name, func(b *testing.B) {
			in := annotate.Input{Text: article}
			in.Language, _ = lang.Detect(article)
			for b.Loop() {
				if _, _, err := bench.r.Annotate(in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(article))*4000, "us/4000B")
		})
	}
}

// FuzzAnnotate states that any text gets valid marks (the runner checks them),
// and twice the same.
func FuzzAnnotate(f *testing.F) {
	for _, s := range hard() {
		f.Add(s[:min(len(s), 2000)], uint8(0))
	}
	f.Add(strings.Repeat("北京上海", 8)+"\xb0\x8c京上海", uint8(0))
	f.Add(article[:800], uint8(8))
	f.Add("PARIS, Texas -- Kerman, Iran's Bam; Tel-Aviv, l'Aquila, Côte d'Ivoire, موسكو وبيروت 北京市 ガザ地区 กรุงเทพ", uint8(3))
	tags := lang.Builtin().Tags()
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		tag := tags[int(n)%len(tags)]
		r := runner()
		text = strings.ToValidUTF8(text, "?") // All input is; JSON sees to it.
		in := annotate.Input{Title: strings.ToValidUTF8(text[:len(text)/3], ""), Text: text, Language: tag, Dateline: strings.ToValidUTF8(text[:min(len(text), 20)], "")}
		a, _, err := r.Annotate(in)
		if err != nil {
			t.Fatal(err)
		}
		b, _, _ := r.Annotate(in)
		x, _ := json.Marshal(dateline.Annotations{Title: in.Title, Text: text, List: a})
		y, _ := json.Marshal(dateline.Annotations{Title: in.Title, Text: text, List: b})
		if string(x) != string(y) {
			t.Fatalf("marks differ from run to run:\n%s\n%s", x, y)
		}
	})
}

// hard is texts that are hard on whatever looks around a mention or pairs
// them.
func hard() []string {
	return []string{
		strings.Repeat("Springfield ", 5000),
		strings.Repeat("Springfield, Ohio, ", 3000),
		strings.Repeat("Paris and London-Berlin (Rome) “Madrid ", 2000),
		strings.Repeat("New York of de la Bank ", 3000),
		strings.Repeat("12.345 ", 10000),
		strings.Repeat("lembah Danau Lake ", 4000),
		strings.Repeat("北京上海", 8000),
		strings.Repeat("الولايات المتحدة ", 3000),
		strings.Repeat("a", 200000),
		strings.Repeat("A", 200000),
		strings.Repeat("В Нижнем Новгороде ", 3000),
		strings.Repeat("San ", 20000),
	}
}

// TestLinear annotates long texts: twice the text may take twice as long, with
// much room for a busy machine, and a megabyte no more than some seconds.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	tag, _ := lang.Detect(article)
	tags := []string{tag, lang.Builtin().Tags()[0]}
	for i, s := range hard() {
		for _, tag := range tags {
			var took [2]time.Duration
			for k := range took {
				text := strings.Repeat(s, k+1)
				took[k] = time.Hour
				for range 3 {
					start := cputime.Used()
					run(text, tag)
					took[k] = min(took[k], cputime.Used()-start)
				}
			}
			if took[1] > 4*took[0]+250*time.Millisecond {
				t.Errorf("text %d %s: %v, twice the text %v", i, tag, took[0], took[1])
			}
			if perMB := took[0].Seconds() / float64(len(s)) * 1e6; perMB > 3 {
				t.Errorf("text %d %s: %.1f s a megabyte", i, tag, perMB)
			}
		}
	}
}
