package lang

import (
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/internal/cputime"
	"dateline/internal/golden"
)

type phraseCase struct {
	line                int
	tag, category, mode string
	rest                string
	block               string
}

func phraseCases(t testing.TB) []phraseCase {
	var cases []phraseCase
	readCases(t, "testdata/phrases.tsv", 5, func(line int, f []string) {
		cases = append(cases, phraseCase{line, f[0], f[1], f[2], f[3], f[4]})
	})
	return cases
}

// packsAsText loads the built-in packs from their files alone.
func packsAsText(t testing.TB) *Packs {
	t.Helper()
	ps, err := LoadPacks(PackFiles())
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

// phrases.bin holds what the packs' files say; -update writes it.
func TestPackedPhrases(t *testing.T) {
	want := packsAsText(t).Phrases()
	packed := want.inside.pack(want.head.pack(nil))
	golden.Bytes(t, "phrases.bin", packed)
	if got := unpackPhrases(Builtin(), packed); !reflect.DeepEqual(got, want) {
		t.Error("unpacking gives other phrases than the packs have")
	}
}

// pack appends the trie in the form that unpack reads.
func (t *phraseTrie) pack(b []byte) []byte {
	put := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	put(len(t.nodes))
	put(len(t.runes))
	put(len(t.ents))
	for i := range t.nodes {
		n := &t.nodes[i]
		ends := int(n.numEnts) << 1
		if n.tailEnds {
			ends |= 1
		}
		put(int(t.labels[i]))
		put(int(n.numKids))
		put(ends)
		put(int(n.ents))
		put(int(n.tailLen))
	}
	for _, r := range t.runes {
		b = utf8.AppendRune(b, r)
	}
	for _, e := range t.ents {
		open := 0
		if e.open {
			open = 1
		}
		put(int(e.category))
		put(int(e.form)<<1 | open)
		put(int(e.lang))
	}
	for _, w := range t.heads {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

func TestPhraseMatch(t *testing.T) {
	yes, no := map[string]int{}, map[string]int{}
	for _, c := range phraseCases(t) {
		m, ok := Phrases().Match(c.block)
		if !ok {
			no[c.tag]++
			if c.category != "" {
				t.Errorf("line %d: %q: no match, want %s %s", c.line, c.block, c.category, c.mode)
			}
			continue
		}
		yes[c.tag]++
		if c.category == "" {
			t.Errorf("line %d: %q: %s %s %q of %s, want no match", c.line, c.block, m.Category, m.Mode, c.block[m.Start:m.End], m.Lang)
			continue
		}
		if m.Category.String() != c.category || m.Mode.String() != c.mode {
			t.Errorf("line %d: %q: %s %s %q of %s, want %s %s", c.line, c.block, m.Category, m.Mode, c.block[m.Start:m.End], m.Lang, c.category, c.mode)
		}
		if rest := strings.Trim(c.block[m.End:], " )]"); c.rest != "" && rest != c.rest {
			t.Errorf("line %d: %q: after the phrase %q, want %q", c.line, c.block, rest, c.rest)
		}
	}
	for tag, p := range packsAsText(t).byTag {
		if len(p.phrases) > 0 && (yes[tag] < 2 || no[tag] < 2) {
			t.Errorf("%s: %d cases that match and %d that do not, want two of each", tag, yes[tag], no[tag])
		}
	}
}

// Every phrase matches itself, in the category it is listed under.
func TestPhrasesMatchThemselves(t *testing.T) {
	ps := packsAsText(t)
	for _, tag := range ps.Tags() {
		for _, p := range ps.byTag[tag].phrases {
			block := strings.NewReplacer(string(anyNumber), "12", string(anyText), "Abc").Replace(p.key)
			if p.open {
				block += " Abc"
			}
			if _, ok := ps.Phrases().MatchOf(block, CategoriesOf(p.category)); !ok {
				t.Errorf("%s: %s phrase %q does not match itself", tag, p.category, p.key)
			}
		}
	}
}

func TestMatchOf(t *testing.T) {
	m, ok := Phrases().MatchOf("Editor: Jane Field", CategoriesOf(Byline))
	if !ok || m.Category != Byline {
		t.Errorf("byline asked for: %v, %v", m, ok)
	}
	if m, ok := Phrases().MatchOf("Editor: Jane Field", CategoriesOf(Share, Cookie)); ok {
		t.Errorf("a category not asked for: %v", m)
	}
}

func TestMatchAllocates(t *testing.T) {
	ps := Phrases()
	for _, c := range phraseCases(t) {
		if n := testing.AllocsPerRun(10, func() { ps.Match(c.block) }); n > 0 {
			t.Fatalf("%q: %v allocations", c.block, n)
		}
	}
}

// Whatever is written, the time is linear in the block's length.
func TestMatchLinear(t *testing.T) {
	for _, unit := range []string{
		" ", "\u200b", ".", "a", "we use ", "read also: ", "شما در حال پاسخ به نظر ", "12", "© ", "{}", "«", "新", "we\u200b ", "By A ", "\xff",
	} {
		block := "Read also" + strings.Repeat(unit, 1<<20/len(unit))
		start := cputime.Used()
		Phrases().Match(block)
		Phrases().Match(block[len("Read also"):])
		FindDateline(block, "", DatelineHints{})
		if d := cputime.Used() - start; d > 2*time.Second {
			t.Errorf("%q repeated over 1 MiB takes %v", unit, d)
		}
	}
}

func FuzzPhrases(f *testing.F) {
	for _, c := range phraseCases(f) {
		f.Add(c.block)
	}
	ps := Phrases()
	f.Fuzz(func(t *testing.T, block string) {
		m, ok := ps.Match(block)
		if !ok {
			return
		}
		if m.Start < 0 || m.Start >= m.End || m.End > len(block) {
			t.Fatalf("%q: span %d to %d", block, m.Start, m.End)
		}
		if utf8.ValidString(block) && !utf8.ValidString(block[m.Start:m.End]) {
			t.Fatalf("%q: span %d to %d cuts a rune", block, m.Start, m.End)
		}
		if m.Lang == "" {
			t.Fatalf("%q: %+v", block, m)
		}
		if m2, _ := ps.Match(block); m2 != m {
			t.Fatalf("%q: twice: %+v, %+v", block, m, m2)
		}
	})
}

func BenchmarkLoadPacks(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ps, err := LoadPacks(PackFiles())
		if err != nil {
			b.Fatal(err)
		}
		ps.Phrases()
	}
}

func BenchmarkPhraseMatch(b *testing.B) {
	ps := Phrases()
	for _, c := range []struct{ name, block string }{
		{"sentence", "Sedikitnya enam orang tewas dalam longsor di Lembah Suri pada Senin."},
		{"read_also", "Baca Juga : Jalan Suri Ditutup"},
		{"share", "Share on Facebook"},
		{"arabic", "قال المتحدث باسم الحكومة إن ستة أشخاص لقوا حتفهم"},
		{"anywhere", "* Your email address will not be published. Required fields are marked *"},
		{"long", strings.Repeat("The council of the valley said on Monday that the road to the upper villages would stay closed until spring. ", 5)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.block)))
			for b.Loop() {
				ps.Match(c.block)
			}
		})
	}
}
