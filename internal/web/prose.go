package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dateline"
)

// markKinds are the kinds of marks from the top to the bottom: where several
// cover the same words, the first of these gives its colour.
var markKinds = []dateline.AnnotationKind{
	dateline.KindFigure, dateline.KindDate, dateline.KindPerson, dateline.KindPlace, dateline.KindOrganization, dateline.KindQuote,
}

// kindCount is how many marks of a kind an article has.
type kindCount struct {
	Kind dateline.AnnotationKind
	N    int
}

// proseBlock is a block of the text in pieces.
type proseBlock struct {
	Kind   dateline.BlockKind
	Level  int // of a heading, for h2 and below
	Pieces []piece
	Cited  bool // the cited words end in it
}

// piece is a part of a text that no mark's edge is in.
type piece struct {
	Text  string
	Kinds string // of the marks that cover it, for the colour
	Row   int    // where the mark on top is told of, from 1; 0 for no mark
	Rows  string // where each of them is told of, where they are several
	Begin bool   // the mark on top begins here
	Cited bool
	First bool   // of what is cited
	Href  string // the outlet's own link
	Cite  string // in place of all above: the sentence that ends here, "120-240"
}

// covering is a mark in a text that is shown: its bytes and where it is told of.
type covering struct {
	start, end int
	kind       dateline.AnnotationKind
	row        int
}

// pieces parts a text at the edges of what covers it. marks are sorted by
// start. base is where the text begins in that which offsets are of.
func pieces(text string, base int, marks []covering, links []dateline.BlockLink, cited [2]int, ends []sentenceEnd) []piece {
	end := base + len(text)
	edges := []int{base, end, cited[0], cited[1]}
	for _, m := range marks {
		edges = append(edges, m.start, m.end)
	}
	for _, l := range links {
		edges = append(edges, base+l.Start, base+l.End)
	}
	for _, s := range ends {
		edges = append(edges, s.at)
	}
	slices.Sort(edges)
	edges = slices.DeleteFunc(slices.Compact(edges), func(at int) bool {
		return at < base || at > end || at < end && !utf8.RuneStart(text[at-base])
	})
	var out []piece
	var open []covering
	next, link, sentence := 0, 0, 0
	first := true
	for i, at := range edges {
		for ; sentence < len(ends) && ends[sentence].at <= at; sentence++ {
			if i > 0 {
				out = append(out, piece{Cite: ends[sentence].name})
			}
		}
		if i+1 == len(edges) {
			break
		}
		for ; next < len(marks) && marks[next].start <= at; next++ {
			open = append(open, marks[next])
		}
		open = slices.DeleteFunc(open, func(m covering) bool { return m.end <= at })
		p := piece{Text: text[at-base : edges[i+1]-base]}
		if len(open) > 0 {
			p.cover(open, at)
		}
		if at >= cited[0] && at < cited[1] {
			p.Cited, p.First, first = true, first, false
		}
		for link < len(links) && base+links[link].End <= at {
			link++
		}
		if link < len(links) && base+links[link].Start <= at && p.Row == 0 && isWeb(links[link].Href) {
			p.Href = links[link].Href
		}
		out = append(out, p)
	}
	return out
}

// Class is the classes of the piece's element.
func (p piece) Class() string {
	var all []string
	if p.Row > 0 {
		all = append(all, "m "+p.Kinds)
	}
	if p.Cited {
		all = append(all, "cited")
	}
	return strings.Join(all, " ")
}

// cover says what covers a piece that begins at a place.
func (p *piece) cover(open []covering, at int) {
	sorted := slices.Clone(open)
	slices.SortStableFunc(sorted, func(a, b covering) int {
		return cmp.Or(cmp.Compare(slices.Index(markKinds, a.kind), slices.Index(markKinds, b.kind)), cmp.Compare(a.end-a.start, b.end-b.start))
	})
	p.Row, p.Begin = sorted[0].row, sorted[0].start == at
	var rows, kinds []string
	for _, m := range sorted {
		if r := strconv.Itoa(m.row); !slices.Contains(rows, r) {
			rows = append(rows, r)
		}
		if !slices.Contains(kinds, string(m.kind)) {
			kinds = append(kinds, string(m.kind))
		}
	}
	p.Kinds, p.Rows = strings.Join(kinds, " "), strings.Join(rows, " ")
}

// isWeb tells whether an address is one that a reader may be sent to.
func isWeb(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}

// sentenceEnd is where a sentence ends, in bytes, and its range in code points.
type sentenceEnd struct {
	at   int
	name string
}

// sentenceEnds are those of an article's text.
func (c *call) sentenceEnds(a *dateline.Article) []sentenceEnd {
	pack := c.s.Packs.Pack(a.Language)
	if pack == nil {
		return nil
	}
	list := pack.Sentences(a.Text, pack.Tokens(a.Text))
	out := make([]sentenceEnd, 0, len(list))
	at, points := 0, 0
	count := func(to int) int {
		if to > at {
			points += utf8.RuneCountInString(a.Text[at:to])
			at = to
		}
		return points
	}
	for _, s := range list {
		from := count(s.Start)
		out = append(out, sentenceEnd{s.End, strconv.Itoa(from) + "-" + strconv.Itoa(count(s.End))})
	}
	return out
}

// room is how many bytes the parts of an article's page may have that grow
// with it; what else there is takes about as much as is left to 60 KB.
const room = 43_000

// mostMarks is how many marks are shown of a text at most, where all are asked
// for.
const mostMarks = 5000

// maxListed is how many related links and comments of readers are shown.
const maxListed = 30

// What marks and ends of sentences take on the page, about.
const (
	markBytes = 300
	citeBytes = 85
)

// prose makes the marked text, and what is beside it.
func (c *call) prose(p *articlePage) error {
	a := p.Article
	ends := c.sentenceEnds(a)
	marks := a.Annotations
	if c.Query("marks") == "all" {
		marks = marks[:min(len(marks), mostMarks)]
	} else {
		if n := room / 4 / citeBytes; n < len(ends) {
			ends, p.Uncited = ends[:n], true
		}
		left := room - len(a.Text) - len(ends)*citeBytes
		for _, x := range a.Comments[:min(len(a.Comments), maxListed)] {
			left -= min(len(x.Text), maxComment) + 100
		}
		marks = marks[:min(len(marks), max(50, left/markBytes))]
	}
	p.LeftOut = len(a.Annotations) - len(marks)
	for _, k := range markKinds {
		n := 0
		for _, m := range a.Annotations {
			if m.Kind == k {
				n++
			}
		}
		if n > 0 {
			p.Kinds = append(p.Kinds, kindCount{k, n})
		}
	}
	rows, err := c.known(p, marks)
	if err != nil {
		return err
	}
	var title, text []covering
	for i, m := range marks {
		v := covering{m.Start, m.End, m.Kind, rows[i]}
		if m.In == dateline.InTitle {
			title = append(title, v)
		} else {
			text = append(text, v)
		}
	}
	cited, err := c.cited(p)
	if err != nil {
		return err
	}
	p.Title = pieces(a.Title, 0, title, nil, [2]int{}, nil)
	p.Blocks = proseBlocks(a, text, cited, ends)
	return nil
}

// proseBlocks are the blocks of an article.
func proseBlocks(a *dateline.Article, marks []covering, cited [2]int, ends []sentenceEnd) []proseBlock {
	blocks := a.Blocks
	if len(blocks) == 0 && a.Text != "" {
		at := 0
		for s := range strings.SplitSeq(a.Text, "\n\n") {
			blocks = append(blocks, dateline.Block{Kind: dateline.Paragraph, Text: s, Start: at})
			at += len(s) + len("\n\n")
		}
	}
	out := make([]proseBlock, 0, len(blocks))
	sentence := 0
	shown := false
	for _, b := range blocks {
		v := proseBlock{Kind: b.Kind, Level: min(max(b.Level, 2), 6)}
		end := b.Start + len(b.Text)
		links := slices.DeleteFunc(slices.Clone(b.Links), func(l dateline.BlockLink) bool { return l.Start < 0 || l.Start >= l.End || l.End > len(b.Text) })
		slices.SortFunc(links, func(x, y dateline.BlockLink) int { return cmp.Compare(x.Start, y.Start) })
		if b.Start < 0 || end > len(a.Text) || a.Text[b.Start:end] != b.Text {
			v.Pieces = pieces(b.Text, 0, nil, links, [2]int{}, nil)
			out = append(out, v)
			continue
		}
		var mine []covering
		for _, m := range marks {
			if m.start < end && m.end > b.Start {
				mine = append(mine, m)
			}
		}
		for sentence < len(ends) && ends[sentence].at <= b.Start {
			sentence++
		}
		last := sentence
		for last < len(ends) && ends[last].at <= end {
			last++
		}
		v.Pieces = pieces(b.Text, b.Start, mine, links, cited, ends[sentence:last])
		if cited[0] < end && cited[1] > b.Start {
			for i := range v.Pieces {
				v.Pieces[i].First = v.Pieces[i].First && !shown
			}
			shown = true
			v.Cited = cited[1] <= end
		}
		out = append(out, v)
	}
	return out
}
