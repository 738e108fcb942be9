package search

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dateline/lang"
)

// languageTag gives the tag that a value of lang: means, a tag or a language's
// name in its own or in one of the languages of the packs: "Inggris",
// "русский". It is empty for what is neither.
func languageTag(s string) string {
	v := strings.ToLower(strings.ReplaceAll(s, "_", "-"))
	first, _, _ := strings.Cut(v, "-")
	isTag := !strings.ContainsFunc(v, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) && len(v) <= 35
	if isTag && (len(first) == 2 || len(first) == 3) {
		return v
	}
	name := languageName(s)
	for name != "" {
		if tag := languageNames()[name]; tag != "" {
			return tag
		}
		_, name, _ = strings.Cut(name, " ") // "bahasa Indonesia"
	}
	return ""
}

// languageName is a name as it is compared.
func languageName(s string) string { return strings.Join(strings.Fields(lang.Fold(s)), " ") }

// languageLike is a language's name that is written much like a value; "" where
// there is none.
func languageLike(s string) string {
	v := languageName(s)
	if utf8.RuneCountInString(v) < 4 {
		return "" // anything is much like it
	}
	return nearest(v, languagesInOrder())
}

// languagesInOrder are the names, so that of those that are as near the first
// is found.
var languagesInOrder = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(languageNames())) })

// languageNames are the tags of languages by their folded names. A name that
// two have in different languages is that of the one with a pack, else of the
// first.
var languageNames = sync.OnceValue(func() map[string]string {
	var packs, all []language.Tag
	for _, t := range lang.Builtin().Tags() {
		packs = append(packs, language.Make(t))
	}
	all = append(all, packs...)
	known := display.English.Languages()
	for _, b := range language.Supported.BaseLanguages() {
		if t := language.Make(b.String()); known.Name(t) != "" {
			all = append(all, t)
		}
	}
	names := map[string]string{}
	add := func(n display.Namer, t language.Tag) {
		if n == nil {
			return
		}
		name := languageName(n.Name(t))
		if _, have := names[name]; !have && name != "" {
			names[name] = t.String()
		}
	}
	for _, t := range all {
		add(display.Self, t)
	}
	for _, in := range packs {
		n := display.Languages(in)
		for _, t := range all {
			add(n, t)
		}
	}
	return names
})
