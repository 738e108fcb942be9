package search

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dateline/lang"
)

func known(f Field) bool { return slices.Contains(fields, f) }

// example is how a field is written.
func example(f Field) string {
	switch f {
	case FieldOutlet:
		return "outlet:marlow-herald.example"
	case FieldLang:
		return "lang:id"
	case FieldPlace:
		return "place:Suri"
	case FieldPerson:
		return `person:"Rano Wirya"`
	case FieldOrg:
		return `org:"Red Cross"`
	case FieldKind:
		return "kind:" + strings.Join(kindValues, ", kind:")
	case FieldHas:
		return "has:" + strings.Join(hasValues, ", has:")
	case fieldScope:
		return "scope:sentence"
	case fieldAfter, fieldBefore:
		return string(f) + ":2024, " + string(f) + ":2024-01, " + string(f) + ":2024-01-31"
	case fieldFigure:
		return "figure:killed, figure:killed>=10, figure:killed=10..20"
	}
	return "title:flood"
}

// value makes the node of a field that has values of its own.
func (p *parser) value(field Field, start int, text string) Node {
	bad := func(code string) Node {
		p.wrong(start, p.pos, code, p.text[start:p.pos], example(field))
		return nil
	}
	pick := func(values []string) Node {
		v := strings.ToLower(text)
		if slices.Contains(values, v) {
			return Is{field, v}
		}
		if like := nearest(v, values); like != "" {
			p.wrong(start, p.pos, "value-like", string(field)+":"+text, string(field)+":"+like)
			return nil
		}
		return bad("value-unknown")
	}
	switch field {
	case fieldScope:
		switch v := strings.ToLower(text); {
		case !slices.Contains(scopeValues, v):
			return bad("value-unknown")
		case p.inner > 0:
			return bad("scope-inner")
		default:
			p.sentence = v == "sentence"
		}
		return nil
	case FieldHas:
		return pick(hasValues)
	case FieldKind:
		return pick(kindValues)
	case FieldLang:
		if tag := languageTag(text); tag != "" {
			return Is{field, tag}
		}
		if like := languageLike(text); like != "" {
			p.wrong(start, p.pos, "value-like", string(field)+":"+text, string(Is{field, like}.append(nil)))
			return nil
		}
		return bad("lang-none")
	case fieldAfter, fieldBefore:
		d, ok := lang.ParseDate(lang.Fold(text))
		if !ok || d.HasTime || !d.Valid() {
			return bad("date-none")
		}
		return Published{field == fieldBefore, d}
	case fieldFigure:
		return p.figure(start, text)
	}
	return Is{field, text}
}

// figureText reads a figure's kind, operator and number, which may have white
// space around the operator.
func (p *parser) figureText() string {
	start := p.pos
	p.bare()
	for {
		end := p.pos
		p.skipSpace()
		r, n := p.peek()
		last := p.text[end-1]
		if n == 0 || !isOperator(r) && (!strings.ContainsRune("<>=", rune(last)) || !unicode.IsDigit(r)) {
			p.pos = end
			return p.text[start:end]
		}
		before := p.pos
		p.bare()
		if p.pos == before {
			p.pos = end
			return p.text[start:end]
		}
	}
}

func isOperator(r rune) bool { return strings.ContainsRune("<>=≥≤＜＞＝", r) }

var plainOperators = strings.NewReplacer("≥", ">=", "≤", "<=", "＞", ">", "＜", "<", "＝", "=", "=>", ">=", "=<", "<=", "…", "..")

// figure makes the node of "killed>=10".
func (p *parser) figure(start int, text string) Node {
	text = plainOperators.Replace(strings.Join(strings.Fields(text), ""))
	n := Figure{Min: math.Inf(-1), Max: math.Inf(1)}
	i := strings.IndexAny(text, "<>=:")
	if i < 0 {
		i = len(text)
	}
	n.What = strings.ToLower(text[:i])
	if n.What != "" && !slices.Contains(figureValues, n.What) {
		if like := nearest(n.What, figureValues); like != "" {
			p.wrong(start, p.pos, "value-like", "figure:"+n.What, "figure:"+like)
		} else {
			p.wrong(start, p.pos, "figure-unknown", "figure:"+n.What, strings.Join(figureValues, ", "))
		}
		return nil
	}
	rest := text[i:]
	op := rest[:len(rest)-len(strings.TrimLeft(rest, "<>=:"))]
	low, high, ranged := strings.Cut(rest[len(op):], "..")
	v, ok := parseNumber(low)
	switch {
	case rest == "" && n.What != "":
		return n
	case ok && !ranged && op == ">=":
		n.Min = v
	case ok && !ranged && op == ">":
		n.Min, n.MinOpen = v, true
	case ok && !ranged && op == "<=":
		n.Max = v
	case ok && !ranged && op == "<":
		n.Max, n.MaxOpen = v, true
	case ok && (op == "=" || op == ":" || op == "=="):
		n.Min, n.Max = v, v
		if !ranged {
			return n
		}
		if n.Max, ok = parseNumber(high); !ok {
			p.wrong(start, p.pos, "range-half", p.text[start:p.pos], example(fieldFigure))
			return nil
		}
		if n.Min > n.Max {
			p.note(start, p.pos, "range-turned")
			n.Min, n.Max = n.Max, n.Min
		}
	default:
		p.wrong(start, p.pos, "figure-none", p.text[start:p.pos], example(fieldFigure))
		return nil
	}
	return n
}

// parseNumber reads digits with signs between thousands and one before tenths:
// "1,200" and "1.200" are twelve hundred, "1.5" and "1,5" one and a half.
func parseNumber(s string) (float64, bool) {
	s = lang.Fold(s)
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || strings.Trim(digits, "0123456789.,") != "" {
		return 0, false
	}
	groups := strings.FieldsFunc(digits, func(r rune) bool { return r == '.' || r == ',' })
	if len(groups) == 0 || len(digits) != len(strings.Join(groups, ".")) {
		return 0, false
	}
	thousands := len(groups[0]) <= 3
	for _, g := range groups[1:] {
		thousands = thousands && len(g) == 3
	}
	switch {
	case len(groups) > 1 && thousands:
		digits = strings.Join(groups, "")
	case len(groups) == 2:
		digits = groups[0] + "." + groups[1]
	case len(groups) > 2:
		return 0, false
	}
	v, err := strconv.ParseFloat(digits, 64)
	if len(s) > len(strings.TrimPrefix(s, "-")) {
		v = -v
	}
	return v, err == nil
}

// suggestField finds the field that an unknown name may be meant for.
func suggestField(name string) (Field, bool) {
	if f, ok := otherNames[name]; ok {
		return f, true
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	like := nearest(name, names)
	return Field(like), like != ""
}

// nearest returns the value that s is a slip of, or "".
func nearest(s string, values []string) string {
	best, at := "", 3
	for _, v := range values {
		if d := distance(s, v); d < at && d*2 < len(v) {
			best, at = v, d
		}
	}
	return best
}

// distance counts the letters to add, leave out, change, or change places
// with their neighbour, up to 3.
func distance(a, b string) int {
	if d := len(a) - len(b); d > 2 || d < -2 {
		return 3
	}
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	older := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		older, before, row = before, row, older
		row[0] = i + 1
		for j := range len(b) {
			row[j+1] = min(row[j], before[j+1]) + 1
			if a[i] == b[j] {
				row[j+1] = min(row[j+1], before[j])
			} else {
				row[j+1] = min(row[j+1], before[j]+1)
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
	}
	return min(row[len(b)], 3)
}
