package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed document.html
var documentHTML string

//go:embed document.css
var documentCSS []byte

// documentRoutes serve the OpenAPI document and the pages that are made of it.
// They are of the program and not of the record, so anyone may have them.
func (a *API) documentRoutes() {
	doc := a.huma.OpenAPI()
	asJSON, err := json.Marshal(doc)
	if err != nil {
		panic(err) // it is of the program's own types
	}
	asYAML, err := doc.YAML()
	if err != nil {
		panic(err)
	}
	pages := template.Must(template.New("").Parse(documentHTML))
	told := a.document(doc)
	page := func(name string) []byte {
		var b bytes.Buffer
		if err := pages.ExecuteTemplate(&b, name, told); err != nil {
			panic(err)
		}
		return b.Bytes()
	}
	for _, f := range []struct {
		path, media string
		data        []byte
	}{
		{"/{$}", "text/html; charset=utf-8", page("operations")},
		{"/schemas", "text/html; charset=utf-8", page("schemas")},
		{"/document.css", "text/css; charset=utf-8", documentCSS},
		{"/openapi.json", "application/openapi+json", asJSON},
		{"/openapi.yaml", "application/openapi+yaml", asYAML},
	} {
		a.routes = append(a.routes, Route{Method: http.MethodGet, Path: root + f.path, Need: anyone})
		a.mux.HandleFunc("GET "+a.o.Base+root+f.path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", f.media)
			_, _ = w.Write(f.data)
		})
	}
}

// documentPage is what the pages show.
type documentPage struct {
	Info    *huma.Info
	Base    string // the address of all
	Root    string // its path
	Home    string // the address of the pages
	Readers string // that of reading apps
	Groups  []documentGroup
	Schemas []documentSchema
}

type documentGroup struct {
	Name       string
	Operations []documentOperation
}

type documentOperation struct {
	*huma.Operation
	Role, Scope any
	Parameters  []documentField
	Body        []documentField
	Answers     []documentAnswer
	Failures    []string // statuses
	Curl        string
}

type documentAnswer struct {
	Status, Media string
	Type          documentType
}

type documentField struct {
	Name, In, Doc string
	Required      bool
	Type          documentType
}

type documentSchema struct {
	Name, Doc string
	Fields    []documentField
}

// documentType is a type in words; Ref is the schema that it leads to.
type documentType struct {
	Before, Ref, Default string
	Values               []any
}

func (a *API) document(doc *huma.OpenAPI) documentPage {
	p := documentPage{Info: doc.Info, Base: a.link(root, nil), Root: a.o.Base + root, Home: a.link("/", nil), Readers: a.link(readers, nil)}
	var bodies []*huma.Schema
	add := func(op *huma.Operation) {
		if op == nil {
			return
		}
		bodies = append(bodies, a.bodyOf(op))
		i := slices.IndexFunc(p.Groups, func(g documentGroup) bool { return g.Name == op.Tags[0] })
		if i < 0 {
			i, p.Groups = len(p.Groups), append(p.Groups, documentGroup{Name: op.Tags[0]})
		}
		p.Groups[i].Operations = append(p.Groups[i].Operations, a.documentOperation(op))
	}
	paths := make([]string, 0, len(doc.Paths))
	for path := range doc.Paths {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, path := range paths {
		item := doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Patch, item.Put, item.Delete} {
			add(op)
		}
	}
	for name, s := range doc.Components.Schemas.Map() {
		if slices.Contains(bodies, s) {
			continue // it stands with its operation
		}
		out := documentSchema{Name: name, Doc: s.Description, Fields: fieldsOf(s)}
		p.Schemas = append(p.Schemas, out)
	}
	sort.Slice(p.Schemas, func(i, j int) bool { return p.Schemas[i].Name < p.Schemas[j].Name })
	return p
}

func (a *API) documentOperation(op *huma.Operation) documentOperation {
	out := documentOperation{Operation: op, Role: op.Extensions["x-role"], Scope: op.Extensions["x-scope"]}
	for _, f := range op.Parameters {
		if f.In != "header" {
			out.Parameters = append(out.Parameters, documentField{f.Name, f.In, f.Description, f.Required, typeOf(f.Schema)})
		}
	}
	if s := a.bodyOf(op); s != nil {
		out.Body = fieldsOf(s)
	}
	e := a.exampleOf(op)
	parts := []string{"curl"}
	if op.Method != http.MethodGet && (op.Method != http.MethodPost || e.body == "") {
		parts[0] += " -X " + op.Method
	}
	if out.Scope != nil {
		parts[0] += " -H 'Authorization: Bearer TOKEN'"
	}
	if e.query != "" {
		parts = append(parts, "--get --data-urlencode 'q="+e.query+"'")
	}
	if e.body != "" {
		parts = append(parts, "-H 'Content-Type: application/json'", "-d '"+e.body+"'")
	}
	if e.file != "" {
		parts = append(parts, "-o "+e.file)
	}
	parts = append(parts, "'"+a.link(root, nil)+e.path+"'")
	out.Curl = strings.Join(parts, " ")
	if len(out.Curl) > lineLength {
		out.Curl = strings.Join(parts, " \\\n  ")
	}
	for status, r := range op.Responses {
		if !strings.HasPrefix(status, "2") {
			out.Failures = append(out.Failures, status)
			continue
		}
		if len(r.Content) == 0 {
			out.Answers = append(out.Answers, documentAnswer{Status: status, Media: r.Description})
		}
		for media, m := range r.Content {
			out.Answers = append(out.Answers, documentAnswer{status, media, typeOf(m.Schema)})
		}
	}
	sort.Slice(out.Answers, func(i, j int) bool {
		return out.Answers[i].Status+out.Answers[i].Media < out.Answers[j].Status+out.Answers[j].Media
	})
	sort.Strings(out.Failures)
	return out
}

// lineLength is how long an example in one line may be.
const lineLength = 110

// bodyOf is the schema of what an operation takes; nil where it takes nothing.
func (a *API) bodyOf(op *huma.Operation) *huma.Schema {
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return nil
	}
	s := op.RequestBody.Content["application/json"].Schema
	if s.Ref != "" {
		s = a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// fieldsOf are an object's fields, what is required first.
func fieldsOf(s *huma.Schema) (out []documentField) {
	for field, t := range s.Properties {
		out = append(out, documentField{Name: field, Doc: t.Description, Required: slices.Contains(s.Required, field), Type: typeOf(t)})
	}
	sort.Slice(out, func(i, j int) bool {
		if x, y := out[i], out[j]; x.Required != y.Required {
			return x.Required
		}
		return out[i].Name < out[j].Name
	})
	return out
}

// example is a request that one can copy: what stands in it in capitals is to be
// filled in.
type example struct{ path, query, body, file string }

// inExamples are the parts of paths as examples have them.
var inExamples = strings.NewReplacer("{id}", "ID", "{n}", "N", "{version}", "N", "{number}", "1", "{kind}", "person", "{name}", "NAME")

// files are what examples call what is no text.
var files = map[string]string{"downloadCapture": "page.warc.gz", "export": "articles.jsonl"}

func (a *API) exampleOf(op *huma.Operation) (e example) {
	e.path, e.file = inExamples.Replace(op.Path), files[op.OperationID]
	if strings.HasSuffix(op.Path, "/{n}/review") {
		e.path = strings.Replace(e.path, "/N/N/", "/N/INDEX/", 1)
	}
	for _, p := range op.Parameters {
		if p.Name == "q" && len(p.Schema.Examples) > 0 {
			e.query, _ = p.Schema.Examples[0].(string)
		}
	}
	if s := a.bodyOf(op); s != nil {
		fields := map[string]any{}
		for name, f := range s.Properties {
			if len(f.Examples) > 0 {
				fields[name] = f.Examples[0]
			}
		}
		b, err := json.Marshal(fields)
		if err != nil {
			panic(err) // it is of the program's own types
		}
		e.body = string(b)
	}
	return e
}

// typeOf says a schema in words.
func typeOf(s *huma.Schema) documentType {
	switch {
	case s == nil:
		return documentType{}
	case s.Ref != "":
		return documentType{Ref: s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]}
	case s.Type == huma.TypeArray:
		t := typeOf(s.Items)
		t.Before = "list of " + t.Before
		return t
	case s.Type == huma.TypeObject && s.AdditionalProperties != nil:
		if of, ok := s.AdditionalProperties.(*huma.Schema); ok {
			t := typeOf(of)
			t.Before = "object with values " + t.Before
			return t
		}
	case s.Type == "":
		return documentType{Before: "any"}
	}
	t := documentType{Before: s.Type, Values: s.Enum}
	if s.Format == "date-time" || s.Format == "binary" {
		t.Before = s.Format
	}
	if s.Maximum != nil && s.Minimum != nil && *s.Maximum < 1e6 {
		t.Before += fmt.Sprintf(", %v to %v", *s.Minimum, *s.Maximum)
	}
	if s.MaxLength != nil {
		t.Before += fmt.Sprintf(", %d at most", *s.MaxLength)
	}
	if s.Default != nil {
		t.Default = fmt.Sprint(s.Default)
	}
	return t
}
