package main

import (
	"bufio"
	"embed"
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"unicode"

	"dateline/lang"
)

// Sentences of our own: each is filled several times with other names. They
// teach how names stand in sentences, not which there are.
//
//go:embed own/*.txt
var ownFiles embed.FS

// fills is how often each sentence is filled.
const fills = 6

// ownTexts returns the filled sentences of all files.
func ownTexts(fills int) ([]text, error) {
	files, err := ownFiles.ReadDir("own")
	if err != nil {
		return nil, err
	}
	var out []text
	for _, f := range files {
		data, err := ownFiles.ReadFile(path.Join("own", f.Name()))
		if err != nil {
			return nil, err
		}
		tag := strings.TrimSuffix(f.Name(), ".txt")
		w := newWriter(tag)
		var lines []string
		in := bufio.NewScanner(strings.NewReader(string(data)))
		for in.Scan() {
			line := in.Text()
			switch {
			case line == "" || line[0] == '#':
			case line[0] == '@':
				for name := range strings.FieldsSeq(line[3:]) {
					w.lists[line[1]] = append(w.lists[line[1]], strings.ReplaceAll(name, "_", " "))
				}
			default:
				lines = append(lines, line)
			}
		}
		for n := range w.times(fills) {
			for i, line := range lines {
				t, err := w.fill(line)
				if err != nil {
					return nil, fmt.Errorf("%s: %q: %w", f.Name(), line, err)
				}
				t.ID = fmt.Sprintf("%s-%d-%d", tag, i, n)
				out = append(out, t)
				if up := strings.ToUpper(t.Text); (i+n)%9 == 0 && len(up) == len(t.Text) {
					t.Text = up
					out = append(out, t)
				}
			}
		}
	}
	return out, nil
}

// times is how often a sentence is filled: less where a corpus teaches the
// language.
func (w *writer) times(fills int) int {
	if n := w.lists['#']; len(n) > 0 {
		return len(n[0])
	}
	return fills
}

// writer fills sentences.
type writer struct {
	tag    string
	script string
	random *rand.Rand
	lists  map[byte][]string
	own    map[byte][]string // persons' names of the language itself
}

func newWriter(tag string) *writer {
	w := &writer{tag: tag, script: lang.Builtin().Pack(tag).Script, random: rand.New(rand.NewPCG(3, 4)), lists: map[byte][]string{}, own: map[byte][]string{}}
	for _, pack := range lang.Builtin().Tags() {
		p := lang.Builtin().Pack(pack)
		rows, _ := p.Rows("names.tsv")
		if p.Script != w.script {
			continue
		}
		for _, r := range rows {
			k := map[string]byte{"given": 'G', "surname": 'S', "organization": 'O', "team": 'T'}[r.Field(0)]
			if k == 'O' && pack != tag {
				continue
			}
			if k != 0 {
				w.lists[k] = append(w.lists[k], r.Forms(1)...)
			}
			if pack == tag && (k == 'G' || k == 'S') {
				w.own[k] = append(w.own[k], r.Forms(1)...)
			}
		}
	}
	return w
}

var slotKinds = map[byte]string{'P': "PER", 'S': "PER", 'N': "PER", 'G': "PER", 'O': "ORG", 'B': "ORG", 'A': "ORG", 'T': "ORG", 'U': "ORG", 'C': "LOC", 'L': "LOC", 'R': "LOC"}

func (w *writer) fill(line string) (text, error) {
	t := text{Lang: w.tag}
	var b strings.Builder
	open, depth := -1, 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '{' && i+2 < len(line) && line[i+2] == '}':
			name := w.name(line[i+1])
			if name == "" {
				return t, fmt.Errorf("no names for {%c}", line[i+1])
			}
			at := b.Len()
			b.WriteString(name)
			if k := slotKinds[line[i+1]]; k != "" && depth == 0 {
				t.Spans = append(t.Spans, span{at, b.Len(), name, k})
			}
			i += 2
		case c == '[':
			open, depth = b.Len(), 1
		case c == '|' && depth == 1:
			kind, _, ok := strings.Cut(line[i+1:], "]")
			if !ok {
				return t, fmt.Errorf("no closing bracket")
			}
			t.Spans = append(t.Spans, span{open, b.Len(), b.String()[open:], kind})
			i += len(kind) + 1
			depth = 0
		default:
			b.WriteByte(c)
		}
	}
	t.Text = b.String()
	return t, nil
}

func (w *writer) pick(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[w.random.IntN(len(list))]
}

// person is a given name or family name, half of the time of the language.
func (w *writer) person(slot byte) string {
	if own := w.own[slot]; len(own) > 50 && w.random.IntN(2) == 0 {
		return w.pick(own)
	}
	return w.pick(w.lists[slot])
}

func (w *writer) name(slot byte) string {
	switch slot {
	case 'P':
		family := w.person('S')
		if w.random.IntN(3) == 0 {
			family = w.invent()
		}
		given := w.person('G')
		if w.script != "Latn" {
			return given + " " + w.person('S')
		}
		if w.random.IntN(12) == 0 {
			family += w.pick([]string{" Jr.", " III", " Jr"})
		}
		switch w.random.IntN(9) {
		case 2:
			family = w.pick(joints) + family
		case 0, 5:
			given = w.invent()
		case 1:
			given += " " + given[:1] + "."
		}
		return given + " " + family
	case 'N':
		if w.script != "Latn" {
			return w.person('S')
		}
		if w.random.IntN(6) == 0 {
			return w.person('S')
		}
		return w.invent()
	case 'B':
		s := w.invent()
		switch w.random.IntN(8) {
		case 0:
			s += " " + w.invent()
		case 1:
			s += " & " + w.invent()
		case 2, 3, 4, 5:
			s += " " + w.pick([]string{"Corp", "Inc", "Ltd", "Co", "Group", "Industries", "Holdings", "Bank", "Plc", "International", "Systems", "Financial"})
		}
		return s
	case 'A':
		if w.script != "Latn" {
			return w.pick(w.lists['O'])
		}
		n := 3 + w.random.IntN(2)
		var b strings.Builder
		for range n {
			b.WriteByte(byte('A' + w.random.IntN(26)))
		}
		return b.String()
	case 'U':
		s := w.invent()
		switch w.random.IntN(4) {
		case 0:
			s += " " + w.pick([]string{"United", "City", "Rovers", "FC", "Athletic"})
		case 1:
			s = w.pick([]string{"FC", "Real", "Sporting", "Dynamo", "Racing", "Spartak"}) + " " + s
		}
		return s
	}
	if slot == 'S' || slot == 'G' {
		return w.person(slot)
	}
	return w.pick(w.lists[slot])
}

// joints stand between given name and family name.
var joints = []string{"van ", "van der ", "von ", "de ", "de la ", "da ", "dos ", "al-", "bin ", "del ", "Van ", "De ", "Al-", "O'", "ben ", "d'"}

var (
	onsets  = strings.Fields("b br c ch d dr f fr g gr h j k kh kl kr l m n p pr r s sch sh st t tr v w y z zh")
	vowels  = strings.Fields("a a e e i i o o u ai ei ou ia")
	codas   = strings.Fields("n r l s t k m nd rt ck ng sch x v n r")
	endings = strings.Fields("ov ova ev enko ski sky son sen berg stein mann er i o a ez es inho ic ovic aya awa moto ström oglu ian yan adze et eau ard")
)

// invent makes up a name.
func (w *writer) invent() string {
	var b strings.Builder
	for range 1 + w.random.IntN(2) {
		b.WriteString(w.pick(onsets))
		b.WriteString(w.pick(vowels))
		if w.random.IntN(2) == 0 {
			b.WriteString(w.pick(codas))
		}
	}
	if w.random.IntN(2) == 0 {
		b.WriteString(w.pick(endings))
	}
	s := b.String()
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}
