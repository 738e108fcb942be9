package main

import ("testing";"dateline/read")

func BenchmarkFundus(b *testing.B) {
	cp, err := load("../../shared/eval/read", "fundus")
	if err != nil { b.Skip(err) }
	for b.Loop() { for _, g := range cp.gold { read.Page(read.Source{Name: g.ID, URL: g.URL, Body: g.page, Fetched: g.Crawled}, nil) } }
}
