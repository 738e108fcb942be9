package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dateline/internal/work"
)

// metrics are what Prometheus is told. Labels are the program's own words: no
// string from outside is one, so there are never many.
type metrics struct {
	api      *API
	registry *prometheus.Registry
	requests *prometheus.HistogramVec // by route and status
	now      func() time.Time
}

// What is told of the record, each time it is asked for.
var (
	workDesc     = prometheus.NewDesc("dateline_work", "Units of work by stage and state.", []string{"stage", "state"}, nil)
	outletsDesc  = prometheus.NewDesc("dateline_outlets", "Outlets that are followed.", nil, nil)
	pagesDesc    = prometheus.NewDesc("dateline_pages", "Pages that are known.", nil, nil)
	articlesDesc = prometheus.NewDesc("dateline_articles", "Articles that are kept.", nil, nil)
	versionsDesc = prometheus.NewDesc("dateline_versions", "Versions of articles that are kept.", nil, nil)
	capturesDesc = prometheus.NewDesc("dateline_captures", "Captures that are kept.", nil, nil)
	deadDesc     = prometheus.NewDesc("dateline_dead_letters", "Units of work that were given up.", nil, nil)
	freeDesc     = prometheus.NewDesc("dateline_disk_free_bytes", "Bytes that the disk still takes.", nil, nil)
	upDesc       = prometheus.NewDesc("dateline_record_up", "Whether the record could be asked for these.", nil, nil)
)

func newMetrics(a *API) *metrics {
	m := &metrics{api: a, registry: prometheus.NewRegistry(), now: time.Now}
	m.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "dateline_http_request_duration_seconds", Help: "How long requests took, by route and status.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 3, 10},
	}, []string{"route", "status"})
	m.registry.MustRegister(m.requests, m, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Front serves the metrics at /metrics to who may manage, and all else as next
// does, with how often and how long that is. It lets reading apps show tokens in
// their own way, and has what refuses programs say so in theirs.
func (a *API) Front(next http.Handler) http.Handler {
	told := a.o.Guard.Handler(a.guardedHTTP(managing, "", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second})))
	pages, apps, operations := a.metrics.measure(next), a.reader.Login(next), problems(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == a.o.Base+"/metrics" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
			w.Header().Set("X-Content-Type-Options", "nosniff")
			told.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, a.o.Base+root+"/v1/"):
			operations.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, a.o.Base+root+"/"):
			apps.ServeHTTP(w, r) // which measures by operation
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// MetricsRoute is who may ask for what [API.Front] adds.
func (a *API) MetricsRoute() Route {
	return Route{Method: http.MethodGet, Path: "/metrics", Need: managing}
}

// measure counts requests and times them, by the pattern that the multiplexer
// below finds.
func (m *metrics) measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := m.now()
		rec := &recorder{ResponseWriter: w}
		defer func() {
			route := strings.Replace(r.Pattern, m.api.o.Base+"/", "/", 1)
			if route == "" {
				route = "other"
			}
			m.requests.WithLabelValues(route, strconv.Itoa(rec.status())).Observe(m.now().Sub(start).Seconds())
		}()
		next.ServeHTTP(rec, r)
	})
}

// recorder keeps the status of an answer.
type recorder struct {
	http.ResponseWriter
	code int
}

func (r *recorder) status() int {
	if r.code == 0 {
		return http.StatusOK
	}
	return r.code
}

func (r *recorder) WriteHeader(code int) {
	if r.code == 0 && code >= 200 {
		r.code = code
	}
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Describe says what Collect tells.
func (m *metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{workDesc, outletsDesc, pagesDesc, articlesDesc, versionsDesc, capturesDesc, deadDesc, freeDesc, upDesc} {
		ch <- d
	}
}

// Collect asks the record. What cannot be had is left out.
func (m *metrics) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	gauge := func(d *prometheus.Desc, n float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, n, labels...)
	}
	t, err := m.api.o.Store.Totals(ctx)
	if err == nil {
		gauge(outletsDesc, float64(t.Outlets))
		gauge(pagesDesc, float64(t.Pages))
		gauge(articlesDesc, float64(t.Articles))
		gauge(versionsDesc, float64(t.Versions))
		gauge(capturesDesc, float64(t.Captures))
	}
	up := err == nil
	counts, err := m.api.o.Store.Backlog(ctx)
	if err == nil {
		dead := 0
		for _, s := range work.Stages {
			c := counts[s]
			dead += c.Dead
			gauge(workDesc, float64(c.Due), string(s), "due")
			gauge(workDesc, float64(c.Later), string(s), "later")
			gauge(workDesc, float64(c.Taken), string(s), "taken")
			gauge(workDesc, float64(c.Dead), string(s), "dead")
		}
		gauge(deadDesc, float64(dead))
	}
	up = up && err == nil
	if m.api.o.Newsroom != nil {
		if free, err := m.api.o.Newsroom.Free(ctx); err == nil && free >= 0 {
			gauge(freeDesc, float64(free))
		}
	}
	n := 0.0
	if up {
		n = 1
	}
	gauge(upDesc, n)
}
