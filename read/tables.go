package read

import (
	"net/url"
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline"
)

// A table of figures is of the body as a whole or not at all: the classifier
// sees its cells one by one, and short ones look like nothing. What it thinks
// of the cells, and where the table stands, decide.

// What a table of the body must be like.
const (
	leastTableRows = 2
	nearTable      = 3   // blocks between the body and a table at its head or foot
	farTable       = 3   // levels up to where the body stands
	leastTable     = 0.1 // the greatest probability among its cells
	mostCellWords  = 12  // on average
)

// keepTables keeps or drops each table as a whole. first and last are the first
// and last block of the body; the new ones are returned.
func (p *page) keepTables(first, last int) (from, to int) {
	from, to = first, last
	for i := range p.elems {
		e := &p.elems[i]
		if e.node.DataAtom != atom.Table || e.paraWords*2 > e.words || !p.isGrid(e) || p.tells(e) {
			continue
		}
		e.grid = true
		body := p.bodyTable(e, first, last)
		if over := e.first - 1; body && over >= 0 && over != p.title && p.elems[p.blocks[over].elem].parent == e.parent && p.headingLevel(int(over)) >= 2 && !p.blocks[over].phrase.found {
			p.blocks[over].role = kept
		}
		for k := e.first; k <= e.last; k++ {
			b := &p.blocks[k]
			switch {
			case p.elems[b.elem].tags&inCell == 0: // its caption
				if body && b.role == dropped {
					b.role = caption
				}
			case body && !b.phrase.is(furniture):
				b.role = kept
				from, to = min(from, int(k)), max(to, int(k))
			default:
				b.role = dropped
			}
		}
	}
	return from, to
}

// tells tells whether a cell of a table holds a paragraph of the body, so that
// the table is but the page's layout.
func (p *page) tells(e *elem) bool {
	for k := e.first; k <= e.last; k++ {
		if b := &p.blocks[k]; b.role == kept && b.stats.words > 2*mostCellWords && b.prose() {
			return true
		}
	}
	return false
}

// isGrid tells whether a table holds no other, and most of its rows have the
// same number of short cells, two or more.
func (p *page) isGrid(e *elem) bool {
	rows, odd, all := 0, 0, 0
	columns := -1
	var spans []int // columns that cells of rows above take of the next rows
	table := e.node
	var walk func(n *html.Node) bool
	walk = func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Table:
				return false
			case atom.Tr:
				cells := 0
				if len(spans) > 0 {
					cells, spans = spans[0], spans[1:]
				}
				for d := c.FirstChild; d != nil; d = d.NextSibling {
					if d.DataAtom == atom.Td || d.DataAtom == atom.Th {
						wide := cellSpan(d, "colspan")
						cells += wide
						all++
						for k := range cellSpan(d, "rowspan") - 1 {
							if k == len(spans) {
								spans = append(spans, 0)
							}
							spans[k] += wide
						}
					}
				}
				if cells == 0 {
					break
				}
				if rows++; columns < 0 || rows == 2 && cells > columns {
					columns = cells // a first row may be a title
				}
				if cells != columns {
					odd++
				}
			}
			if c.FirstChild != nil && !walk(c) {
				return false
			}
		}
		return true
	}
	if !walk(table) {
		return false
	}
	return rows >= leastTableRows && columns >= 2 && odd*3 <= rows && int(e.words) <= all*mostCellWords && e.linkWords*2 <= e.words
}

// mostSpan bounds the columns and rows that cells may take.
const mostSpan = 100

// cellSpan is how many columns or rows a cell takes.
func cellSpan(cell *html.Node, name string) int {
	n, err := strconv.Atoi(attr(cell, name))
	if err != nil {
		return 1
	}
	return max(1, min(n, mostSpan))
}

// headed tells whether the first row of a table names its columns.
func headed(table *html.Node) bool {
	for d := range table.Descendants() {
		if d.DataAtom == atom.Th || d.DataAtom == atom.Td {
			return d.DataAtom == atom.Th
		}
	}
	return false
}

// bodyTable tells whether a table is part of the body.
func (p *page) bodyTable(e *elem, first, last int) bool {
	if int(e.first) > last+nearTable+1 || int(e.last) < first-nearTable-1 ||
		e.tags&(inNav|inAside|inFooter|inForm|inHidden|inDialog) != 0 || e.acc&(clComment|clRelated|clShare|clNewsletter|clAd|clModal) != 0 {
		return false
	}
	if p.between(e) || p.follows(e) && e.linkWords == 0 && headed(e.node) {
		return true
	}
	most := float32(0)
	for k := e.first; k <= e.last; k++ {
		most = max(most, p.blocks[k].prob)
	}
	return e.up <= farTable && most >= leastTable
}

// tableRow makes the text of a table's row: its cells with tabs between them,
// the empty ones too and those that wider and taller cells take. Where the cells' texts begin is given to place.
func (p *page) tableRow(row int32, place func(block int32, at int)) string {
	tr := &p.elems[row]
	var text []byte
	k := tr.first
	column, tabs, held := 0, 0, heldColumns(tr.node)
	for c := tr.node.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		for column < len(held) && held[column] {
			column++
		}
		for ; tabs < column; tabs++ {
			text = append(text, '\t')
		}
		column += cellSpan(c, "colspan")
		for begin := len(text); k <= tr.last && p.cellOf(p.blocks[k].elem) == c; k++ {
			if p.blocks[k].role != kept {
				continue
			}
			if len(text) > begin {
				text = append(text, ' ')
			}
			place(k, len(text))
			text = append(text, p.blockText(int(k))...)
		}
	}
	return string(text)
}

// heldColumns are the columns of a row that cells of rows above it take, which
// are empty in it.
func heldColumns(row *html.Node) (held []bool) {
	var above []*html.Node
	for r := row.PrevSibling; r != nil && len(above) < mostSpan; r = r.PrevSibling {
		if r.DataAtom == atom.Tr {
			above = append(above, r)
		}
	}
	left := []int{} // rows that each column is still held for
	for i := len(above) - 1; i >= 0; i-- {
		at := 0
		for c := above[i].FirstChild; c != nil && at < mostSpan; c = c.NextSibling {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			for at < len(left) && left[at] > 0 {
				left[at]--
				at++
			}
			rows := cellSpan(c, "rowspan")
			for range cellSpan(c, "colspan") {
				if at == len(left) {
					left = append(left, 0)
				}
				left[at] = rows - 1
				at++
			}
		}
		for ; at < len(left); at++ {
			left[at] = max(0, left[at]-1)
		}
	}
	for _, n := range left {
		held = append(held, n > 0)
	}
	return held
}

// cellOf is the cell that an element is or stands in, nil for none.
func (p *page) cellOf(e int32) *html.Node {
	for ; e >= 0; e = p.elems[e].parent {
		switch n := p.elems[e].node; n.DataAtom {
		case atom.Td, atom.Th:
			return n
		case atom.Table:
			return nil
		}
	}
	return nil
}

// rowBlock makes the block of a table's row.
func (p *page) rowBlock(row int32, base *url.URL) dateline.Block {
	out := dateline.Block{Kind: dateline.TableRow}
	out.Text = p.tableRow(row, func(k int32, at int) {
		for _, l := range p.blockLinks(&p.blocks[k], base) {
			l.Start += at
			l.End += at
			out.Links = append(out.Links, l)
		}
	})
	return out
}

// gridRow is the row of a table of rows and columns that an element stands in,
// -1 for none.
func (p *page) gridRow(e int32) int32 {
	row := p.rowOf(e)
	for t := row; t >= 0; t = p.elems[t].parent {
		if p.elems[t].node.DataAtom == atom.Table {
			if p.elems[t].grid {
				return row
			}
			break
		}
	}
	return -1
}

// rowOf is the row that an element stands in, -1 for none.
func (p *page) rowOf(e int32) int32 {
	for e >= 0 {
		switch p.elems[e].node.DataAtom {
		case atom.Tr:
			return e
		case atom.Table:
			return -1
		}
		e = p.elems[e].parent
	}
	return -1
}
