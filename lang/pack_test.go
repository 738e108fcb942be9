package lang

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

func packFS(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

func TestBuiltinPacks(t *testing.T) {
	ps := packsAsText(t)
	for _, tag := range ps.Tags() {
		p := ps.Pack(tag)
		if p.Name == "" || p.Script == "" {
			t.Errorf("%s: no name or script", tag)
		}
		seen := map[string]bool{}
		for _, ph := range p.phrases {
			k := ph.category.String() + "\t" + string(rune(ph.form)) + "\t" + ph.key
			if seen[k] && ph.form == formAnywhere {
				t.Errorf("%s: %s phrase %q is listed twice", tag, ph.category, ph.key)
			}
			seen[k] = true
		}
	}
}

func TestLoadPacksErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"phrases.tsv", "# fine\nshare\twhole\n", "xx/phrases.tsv:2: 2 columns, want 3"},
		{"phrases.tsv", "share\twhole\tShare\ttoo\n", "xx/phrases.tsv:1: 4 columns, want 3"},
		{"phrases.tsv", "sharing\twhole\tShare\n", `unknown category "sharing"`},
		{"phrases.tsv", "share\tsome\tShare\n", `unknown mode "some"`},
		{"phrases.tsv", "share\twhole\tShare {x} now\n", "a placeholder is {} or {n}"},
		{"phrases.tsv", "share\twhole\t{} now\n", "begins with {}"},
		{"phrases.tsv", "share\twhole\t...\n", "has no text"},
		{"phrases.tsv", "share\tanywhere\tand\n", "too weak"},
		{"phrases.tsv", "share\twhole\tb\xff\n", "xx/phrases.tsv:1: not UTF-8"},
		{"phrases.tsv", "share\t\tShare\n", "column 2 is empty"},
		{"pack.tsv", "tag\tyy\n", `tag "yy" in the folder of "xx"`},
		{"pack.tsv", "direction\tup\n", `direction "up"`},
		{"pack.tsv", "colour\tred\n", `unknown key "colour"`},
		{"pack.tsv", "parent\tzz\n", `no pack for parent "zz"`},
		{"pack.tsv", "parent\txx\n", "circle"},
		{"abbrev.txt", "Dr. Prof\n", `"Prof" has no full stop`},
		{"dateline.tsv", "form\twave\n", `unknown form "wave"`},
		{"dateline.tsv", "city\tSuri\n", `unknown kind "city"`},
		{"dateline.tsv", "place\tSuri | | Obertal\n", "empty name"},
		{"byline.tsv", "writer\tby\n", `group "writer"`},
		{"byline.tsv", "by\tby | | story by\n", "an empty phrase"},
		{"byline.tsv", "by\tStory by\n", "not in lower case"},
	} {
		ps, err := LoadPacks(packFS("xx/"+c.name, c.text))
		if err != nil {
			t.Errorf("%s %q: %v", c.name, c.text, err)
			continue
		}
		err = errors.Join(ps.Problems()...)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "xx/"+c.name) {
			t.Errorf("%s %q: error %v, want %q and the file", c.name, c.text, err, c.want)
		}
	}
}

func TestOverlay(t *testing.T) {
	base := packFS(
		"xx/pack.tsv", "tag\txx\nname\tTest\nscript\tLatn\n",
		"xx/phrases.tsv", "share\twhole\tPass on\n",
		"xx/abbrev.txt", "Dr. Mr.\n",
		"xx/months.tsv", "not ours\n",
	)
	ps, err := LoadPacks(base)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := ps.Phrases().Match("PASS ON!"); !ok {
		t.Error("the phrase of the base is not matched")
	}
	ps, err = LoadPacks(base, packFS(
		"xx/phrases.tsv", "share\twhole\tHand over\n",
		"xx-YY/pack.tsv", "tag\txx-YY\nparent\txx\n",
		"yy/phrases.tsv", "",
	))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := ps.Phrases().Match("Pass on"); ok {
		t.Error("the overlay's file did not replace the base's")
	}
	if m, ok := ps.Phrases().Match("Hand over"); !ok || m.Lang != "xx" {
		t.Errorf("the phrase of the overlay: %v, %v", m, ok)
	}
	if p := ps.Pack("xx"); p.Name != "Test" || len(p.Abbreviations) != 2 {
		t.Errorf("files the overlay lacks are gone: %+v", p)
	}
	for tag, want := range map[string]string{"XX_yy": "xx-YY", "xx-ZZ": "xx", "xx-yy-u-x": "xx-YY", "zz": "", "": ""} {
		got := ""
		if p := ps.Pack(tag); p != nil {
			got = p.Tag
		}
		if got != want {
			t.Errorf("pack for %q: %q, want %q", tag, got, want)
		}
	}
}

// No packs, no features, no errors.
func TestNoPacks(t *testing.T) {
	ps, err := LoadPacks(packFS("README.md", "text"))
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := ps.Phrases().Match("Share"); ok {
		t.Errorf("matched %v", m)
	}
	if d, at := ps.FindDateline("OBERTAL, Jan 24 (ABC) - The bridge is open.", "", DatelineHints{}); at == 0 || d.Agency != "ABC" {
		t.Errorf("a dateline that its form shows: %v, %d", d, at)
	}
}
