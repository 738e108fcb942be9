# Every target in one line; `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test eval train data phrases fuzz soak bench lint release

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: ## follow invented outlets, and show them in a browser
	go run ./cmd/dateline demo

test: ## run every test
	go test ./...

eval: ## score reading on the gold corpora beside the checkout (../shared/eval), and its speed
	go run ./eval

train: ## learn the block model again from those corpora (about half an hour on two cores)
	go run ./eval train

data: ## make the generated tables again from their pinned packages
	go run ./cmd/gendata

phrases: ## pack the phrases of the language packs, after a change of one
	go test ./lang -run TestPackedPhrases -update

FUZZTIME ?= 60s
fuzz: ## fuzz everything that reads strangers' bytes, FUZZTIME each (60s, or 4000x for a count)
	@for f in $$(grep -rlE '^func Fuzz' --include=*_test.go .); do \
	  for t in $$(grep -oE '^func Fuzz[A-Za-z]+' $$f | cut -c6-); do \
	    echo "$$f $$t"; go test $$(dirname $$f) -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x \
	    $(if $(FUZZCORPUS),-args -test.fuzzcachedir=$(FUZZCORPUS)/$$t) || exit 1; done; done

SOAK ?= 100000
soak: ## long tests: memory is flat over SOAK pages (100000), nothing lost through SOAK/100 kills, a fault at every write
	DATELINE_SOAK=$(SOAK) go test -count=1 -timeout 24h -v -run '^(TestFlat|TestKill|TestFaults)$$' ./internal/pipeline

bench: ## the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

lint: ## format, vet, staticcheck, known vulnerabilities
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	go vet ./...
	go tool staticcheck ./...
	go tool govulncheck ./...

release: ## build for every platform into bin/
	@for os in linux darwin windows; do for arch in amd64 arm64; do \
	  echo $$os/$$arch; CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch go build -trimpath -o bin/ ./cmd/dateline && \
	  (cd bin && { [ ! -f dateline ] || mv dateline dateline-$$os-$$arch; } && { [ ! -f dateline.exe ] || mv dateline.exe dateline-$$os-$$arch.exe; }) || exit 1; done; done
