package main

import (
	"slices"
	"strings"
	"testing"
)

// rules are of an invented language: tens before digits, joined by "ki".
var rules = strings.ReplaceAll(`{"rbnf": {"rbnf": {"SpelloutRules": {"%spellout-cardinal": [
["-x", "minus →→;"], ["0", "nul;"], ["1", "un;"], ["2", "du;"], ["3", "tri;"], ["4", "kvar;"], ["5", "kvin;"], ["6", "ses;"], ["7", "sep;"], ["8", "ok;"], ["9", "nau;"],
["10", "dek[ ki →→];"], ["20", "←←~dek[ ki →→];"], ["100", "cent[ e →→];"], ["200", "←←cent[ e →→];"],
["1000", "mil[ →→];"], ["2000", "←← mil[ →→];"], ["1000000", "←← $(cardinal,one{miliono}other{milionoj})$[ →→];"], ["1000000000", "=#,##0=;"]
], "_rbnfRulesFile": "xx.txt"}}}}`, "~", "\u00ad")

func TestSpelled(t *testing.T) {
	sets, err := readRBNF([]byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]string{0: "nul", 17: "dek ki sep", 42: "kvar\u00addek ki du", 100: "cent", 101: "cent e un", 999: "naucent e nau\u00addek ki nau", 12345: "dek ki du mil tricent e kvar\u00addek ki kvin"} {
		if got := sets.spell("%spellout-cardinal", n, 0); len(got) != 1 || got[0] != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := sets.spell("%spellout-cardinal", 2e6, 0); !slices.Equal(got, []string{"du miliono", "du milionoj"}) {
		t.Errorf("two million: %q", got)
	}
	if got := sets.spell("%spellout-cardinal", 1e9, 0); got != nil {
		t.Errorf("what is written in digits: %q", got)
	}
	rows := string(spelled(sets))
	for _, want := range []string{"and\t100\te\n", "add\t42\tkvardek ki du\n", "add\t200\tducent\n", "bare\t1000\tmil\n", "scale\t1000000\tmiliono | milionoj\n"} {
		if !strings.Contains(rows, want) {
			t.Errorf("no line %q in\n%s", want, rows)
		}
	}
}
