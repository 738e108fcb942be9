// Package api serves the record to programs: as OpenAPI, to language models by
// MCP, and its own state to Prometheus.
package api
