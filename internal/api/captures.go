package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"dateline"
	"dateline/internal/store"
)

// KeptCapture is one answer of a server, as it is kept.
type KeptCapture struct {
	N         int64     `json:"n"`
	URL       string    `json:"url,omitempty"`
	Status    int       `json:"status,omitempty" doc:"Of HTTP."`
	Digest    string    `json:"digest,omitempty" doc:"Of the payload: sha256: and hexadecimal."`
	Fetched   time.Time `json:"fetched"`
	WARC      string    `json:"warc,omitempty" doc:"The file of the archive."`
	Offset    int64     `json:"offset" doc:"Where in that file the record begins."`
	Truncated string    `json:"truncated,omitempty" doc:"As WARC-Truncated has it."`
	Rights    string    `json:"rights,omitempty" doc:"What the server reserves."`
	Feed      bool      `json:"feed,omitempty" doc:"The payload is that of a feed, and the article the feed's own text."`
	Link      string    `json:"link" doc:"Where a person sees the kept page."`
}

type captureInput struct {
	N int64 `path:"n" minimum:"1" doc:"The capture's number."`
}

// maxCapture is the most that is sent of one capture: pages are 10 MiB at most,
// before they are compressed.
const maxCapture = 64 << 20

func (a *API) captureOperations() {
	a.annotationOperation()
	add(a, about{id: "listCaptures", tag: "Captures", path: "/v1/articles/{id}/captures", need: looking, page: "kept",
		summary: "List the captures of an article's page", more: "Oldest first."},
		func(ctx context.Context, in *idInput) (*answer[List[KeptCapture]], error) {
			p, err := a.page(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			list, err := a.o.Store.Captures(ctx, p.N)
			if err != nil {
				return nil, err
			}
			out := &answer[List[KeptCapture]]{List[KeptCapture]{Items: []KeptCapture{}}}
			for i := range list {
				out.Body.Items = append(out.Body.Items, a.captureOf(&list[i]))
			}
			return out, nil
		})
	add(a, about{id: "showCapture", tag: "Captures", path: "/v1/captures/{n}", need: looking, page: "kept", summary: "Show where a capture is kept"},
		func(ctx context.Context, in *captureInput) (*answer[KeptCapture], error) {
			k, err := a.o.Store.Capture(ctx, in.N)
			if err != nil {
				return nil, fmt.Errorf("capture %d: %w", in.N, absent(err))
			}
			return &answer[KeptCapture]{a.captureOf(&k)}, nil
		})
	add(a, about{id: "downloadCapture", tag: "Captures", path: "/v1/captures/{n}/warc", need: looking, page: "kept", errors: []int{http.StatusGone, http.StatusRequestEntityTooLarge, http.StatusNotImplemented},
		summary: "Download a capture", more: "A WARC file with the record of the answer and of its request, compressed with gzip, a member a record.",
		set: func(op *huma.Operation) {
			op.Responses = map[string]*huma.Response{"200": {Description: "The file.", Content: map[string]*huma.MediaType{
				"application/warc": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
		}},
		func(ctx context.Context, in *captureInput) (*fileOutput, error) {
			k, err := a.o.Store.Capture(ctx, in.N)
			if err != nil {
				return nil, fmt.Errorf("capture %d: %w", in.N, absent(err))
			}
			if a.o.Archive == nil {
				return nil, fmt.Errorf("the archive is not here: %w", dateline.ErrUnsupported)
			}
			var b bytes.Buffer
			e, err := a.o.Archive.Export(&b, "Dateline/"+a.o.Version, a.o.Now())
			if err != nil {
				return nil, err
			}
			if err := e.Add(ctx, k.WARC, k.Offset); err != nil {
				return nil, err
			}
			if b.Len() > maxCapture {
				return nil, fmt.Errorf("capture %d has %d bytes: %w", in.N, b.Len(), dateline.ErrTooLarge)
			}
			return &fileOutput{"application/warc", fmt.Sprintf(`attachment; filename="capture-%d.warc.gz"`, in.N), b.Bytes()}, nil
		})
}

// fileOutput is a file to be saved.
type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (a *API) captureOf(k *store.Kept) KeptCapture {
	return KeptCapture{k.N, k.URL, k.Status, k.Digest, k.Fetched.UTC(), k.WARC, k.Offset, k.Truncated, k.Rights, k.Feed, a.keptLink(k.N)}
}
