package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// texts are those of the interface: text/LANGUAGE/AREA.tsv has a key and a text
// a line, parted by a tab; {1}, {2} stand for what is filled in. A language is
// a folder. English is complete: what another one lacks is taken from it.
type texts map[string]map[string]string

const fallback = "en"

func loadTexts() (texts, error) {
	all := texts{}
	names, err := fs.Glob(files, "text/*/*.tsv")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		lang := path.Base(path.Dir(name))
		if all[lang] == nil {
			all[lang] = map[string]string{}
		}
		s := bufio.NewScanner(bytes.NewReader(b))
		for n := 1; s.Scan(); n++ {
			line := s.Text()
			if line == "" || line[0] == '#' {
				continue
			}
			key, text, ok := strings.Cut(line, "\t")
			if _, twice := all[lang][key]; !ok || text == "" || twice {
				return nil, fmt.Errorf("%s:%d: want a new key, a tab, a text", name, n)
			}
			all[lang][key] = text
		}
	}
	return all, nil
}

// find is a text in a language, else in English, else empty.
func (t texts) find(lang, key string) string {
	if s := t[lang][key]; s != "" {
		return s
	}
	return t[fallback][key]
}

func (t texts) text(lang, key string, args []any) string {
	s := t.find(lang, key)
	if s == "" {
		return key // a test sees to it that none is missing
	}
	for i, a := range args {
		s = strings.ReplaceAll(s, fmt.Sprintf("{%d}", i+1), fmt.Sprint(a))
	}
	return s
}
