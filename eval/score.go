package main

import (
	"strings"
	"time"
	"unicode"

	"dateline"
)

// The measures are those of the shared referee. Body: multisets of 4-word
// shingles, precision and recall averaged over pages, F1 of the averages, as
// the public article-extraction benchmark counts. Snippets: whether each
// stands in the body. Title: equal after folding quotes and dashes. Authors:
// F1 of the sets, averaged over pages. Date: the same day, or the same instant.

// tokens cuts a text into runs of letters, digits and underscores.
func tokens(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
}

const shingle = 4

func shingles(t []string) map[string]int {
	m := make(map[string]int, len(t))
	if len(t) == 0 {
		return m
	}
	for i := 0; i < max(1, len(t)-shingle+1); i++ {
		m[strings.Join(t[i:min(len(t), i+shingle)], "\x00")]++
	}
	return m
}

// overlap returns the shared, superfluous and missing shingles.
func overlap(gold, pred map[string]int) (tp, fp, fn int) {
	for k, x := range gold {
		y := pred[k]
		tp += min(x, y)
		fn += max(0, x-y)
	}
	for k, y := range pred {
		fp += max(0, y-gold[k])
	}
	return tp, fp, fn
}

// tally sums the measures over pages.
type tally struct {
	pages              int
	bodyN, precN, recN int
	prec, rec          float64
	snipN, tp, fp, fn  int
	titleN, titleOK    int
	authorsN           int
	authorsF1          float64
	dateN, dateOK      int
	langN, langOK      int
}

// page adds one page and returns what was wrong with it.
func (t *tally) page(g *Gold, a *dateline.Article) miss {
	var m miss
	t.pages++
	if g.Body != "" {
		t.bodyN++
		tp, fp, fn := overlap(shingles(tokens(g.Body)), shingles(tokens(a.Text)))
		m.precision, m.recall = 1, 1
		if fp+fn > 0 {
			m.precision, m.recall = ratio(tp, tp+fp), ratio(tp, tp+fn)
		}
		if tp+fp > 0 {
			t.prec += m.precision
			t.precN++
		}
		if tp+fn > 0 {
			t.rec += m.recall
			t.recN++
		}
	}
	if len(g.With)+len(g.Without) > 0 {
		t.snipN++
		body := fold(a.Text)
		for _, s := range g.With {
			if strings.Contains(body, fold(s)) {
				t.tp++
			} else {
				t.fn++
				m.missing = append(m.missing, s)
			}
		}
		for _, s := range g.Without {
			if strings.Contains(body, fold(s)) {
				t.fp++
				m.superfluous = append(m.superfluous, s)
			}
		}
	}
	if g.Title != "" {
		t.titleN++
		if plain(g.Title) == plain(a.Title) {
			t.titleOK++
		} else {
			m.title = a.Title
			m.badTitle = true
		}
	}
	if len(g.Authors) > 0 {
		t.authorsN++
		f1 := setF1(g.Authors, a.Authors)
		t.authorsF1 += f1
		m.badAuthors = f1 < 1
	}
	if g.Date != "" {
		t.dateN++
		if sameDay(g.Date, a.Published) {
			t.dateOK++
		} else {
			m.badDate = true
		}
	}
	if g.Lang != "" {
		t.langN++
		if len(a.Language) >= 2 && strings.EqualFold(a.Language[:2], g.Lang[:2]) {
			t.langOK++
		}
	}
	return m
}

// miss is what was wrong with a page.
type miss struct {
	precision, recall             float64
	missing, superfluous          []string
	title                         string
	badTitle, badAuthors, badDate bool
}

// measure is one figure of the report.
type measure struct {
	name  string
	value float64
	n     int
}

func (t *tally) measures() []measure {
	var ms []measure
	if t.bodyN > 0 {
		p, r := t.prec/float64(max(1, t.precN)), t.rec/float64(max(1, t.recN))
		f1 := 0.0
		if p+r > 0 {
			f1 = 2 * p * r / (p + r)
		}
		ms = append(ms, measure{"body-f1", f1, t.bodyN}, measure{"body-precision", p, t.bodyN}, measure{"body-recall", r, t.bodyN})
	}
	if t.snipN > 0 {
		ms = append(ms, measure{"snippets-f1", ratio(2*t.tp, 2*t.tp+t.fp+t.fn), t.snipN})
	}
	if t.titleN > 0 {
		ms = append(ms, measure{"title", ratio(t.titleOK, t.titleN), t.titleN})
	}
	if t.authorsN > 0 {
		ms = append(ms, measure{"authors", t.authorsF1 / float64(t.authorsN), t.authorsN})
	}
	if t.dateN > 0 {
		ms = append(ms, measure{"date", ratio(t.dateOK, t.dateN), t.dateN})
	}
	if t.langN > 0 {
		ms = append(ms, measure{"language", ratio(t.langOK, t.langN), t.langN})
	}
	return ms
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

var plainer = strings.NewReplacer("‘", "'", "’", "'", "‚", "'", "‛", "'", "`", "'", "´", "'", "ʼ", "'", "′", "'",
	"“", "'", "”", "'", "„", "'", "‟", "'", "«", "'", "»", "'", "\"", "'", "″", "'", "‹", "'", "›", "'",
	"–", "-", "—", "-", "‑", "-", "−", "-", "…", "...", "\u200b", "", "\u200e", "", "\u200f", "", "\ufeff", "", "\u00ad", "")

func plain(s string) string { return fold(plainer.Replace(s)) }

func setF1(gold, pred []string) float64 {
	set := func(names []string) map[string]bool {
		m := map[string]bool{}
		for _, s := range names {
			if s = strings.ToLower(plain(s)); s != "" {
				m[s] = true
			}
		}
		return m
	}
	g, p := set(gold), set(pred)
	hit := 0
	for k := range p {
		if g[k] {
			hit++
		}
	}
	if hit == 0 {
		return 0
	}
	return 2 * float64(hit) / float64(len(g)+len(p))
}

func sameDay(gold, pred string) bool {
	if len(gold) < 10 || len(pred) < 10 {
		return false
	}
	if gold[:10] == pred[:10] {
		return true
	}
	a, ok := instant(gold)
	b, ok2 := instant(pred)
	return ok && ok2 && a.Equal(b)
}

func instant(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05-07:00", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
