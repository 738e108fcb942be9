package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "dateline"

// sources calls f with every Go file of the module that is not a test.
func sources(t *testing.T, f func(pkg, file string, syntax *ast.File)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || base == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, filepath.FromSlash(name)), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		if pkg == "." {
			pkg = module
		}
		f(pkg, name, syntax)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestImports(t *testing.T) {
	rules, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*Rule{}
	for i := range rules {
		byName[rules[i].Package] = &rules[i]
	}
	seen := map[string]bool{}
	sources(t, func(pkg, file string, syntax *ast.File) {
		seen[pkg] = true
		r := byName[pkg]
		if r == nil {
			t.Errorf("%s: package %s is not in layers.txt", file, pkg)
			return
		}
		for _, imp := range syntax.Imports {
			if p, _ := strconv.Unquote(imp.Path.Value); !r.Allows(module, p) {
				t.Errorf("%s imports %s, which layers.txt does not allow to %s", file, p, pkg)
			}
		}
	})
	for name := range byName {
		if !seen[name] {
			t.Errorf("layers.txt has %s, which is no package", name)
		}
	}
}

// TestLanguagesAreData fails on a language's tag in Go source of the packages
// where what a language knows belongs in its pack.
func TestLanguagesAreData(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("..", "..", "lang", "packs"))
	if err != nil {
		t.Fatal(err)
	}
	tags := map[string]bool{}
	for _, e := range entries {
		if e.IsDir() {
			tags[e.Name()] = true
		}
	}
	if len(tags) < 11 {
		t.Fatalf("only %d language packs", len(tags))
	}
	watched := map[string]bool{"lang": true, "read": true, "annotate": true, "group": true, "search": true}
	sources(t, func(pkg, file string, syntax *ast.File) {
		if !watched[strings.SplitN(pkg, "/", 2)[0]] {
			return
		}
		ast.Inspect(syntax, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(lit.Value)
			if err != nil || pkg == "read" && s == "id" { // the HTML attribute
				return true
			}
			if tags[s] {
				t.Errorf("%s: the language tag %q stands in Go source; move what it decides into the pack", file, s)
			}
			return true
		})
	})
}

func TestRulesAllow(t *testing.T) {
	r := Rule{Package: "read", Inside: []string{"dateline", "lang"}, Others: []string{"golang.org/x/net/html"}}
	for path, want := range map[string]bool{
		"strings": true, "net/http": true, "dateline": true, "dateline/lang": true, "dateline/fetch": false,
		"golang.org/x/net/html": true, "golang.org/x/net/html/atom": true, "golang.org/x/net/idna": false, "golang.org/x/net/htmlx": false,
	} {
		if got := r.Allows(module, path); got != want {
			t.Errorf("Allows(%q) = %v, want %v", path, got, want)
		}
	}
}
