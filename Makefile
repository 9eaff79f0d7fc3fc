# Few targets, each what a person types. `make demo` and `make test` are the two that the README names.

CACHE   ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/keymaker
TOOLS   := $(CACHE)/tools
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
GOFUMPT := $(TOOLS)/gofumpt-v0.9.2
CHECK   := $(TOOLS)/staticcheck-v0.6.1

.PHONY: demo test build contracts clients merkle postgres ollama lint bench bench-fork bench-rewards bench-settlement train audit clean

demo: build contracts ## take requests through the whole way on embedded chains
	@bin/keymaker demo

test: postgres lint contracts clients merkle ollama ## run everything that exists
	go test -timeout 20m ./...

build: ## build bin/keymaker
	@command -v $(CC) >/dev/null || { echo "SQLite needs a C compiler: apt-get install gcc libc6-dev"; exit 1; }
	@echo "building bin/keymaker (the first build compiles go-ethereum and SQLite: some minutes)"
	@CGO_ENABLED=1 scripts/progress go build -ldflags "-X main.version=$(VERSION)" -o bin/keymaker ./cmd/keymaker

contracts: build ## fetch the contract artifacts by exact version and checksum
	@bin/keymaker contracts fetch

clients: ## install the exact viem, ethers and cast that servers are tried with
	@go run ./internal/clients/fetch

merkle: ## install the exact Merkle tree library and distributor that trees of claims are tried with
	@go run ./rewards/tree/reference/fetch

postgres: ## look for the PostgreSQL that the usage ledger is tried on; tests start their own
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "the usage ledger is tried on a real PostgreSQL: apt-get install postgresql"; exit 1; }

ollama: ## build the real Ollama unless one is installed, and create the small test model
	@scripts/ollama

lint: $(GOFUMPT) $(CHECK) ## gofumpt, go vet, staticcheck
	@test -z "$$($(GOFUMPT) -l . | tee /dev/stderr)" || { echo "run: gofumpt -w ."; exit 1; }
	go vet ./...
	$(CHECK) ./...

bench: contracts ## every figure of docs/benchmarks.md
	go test -run '^$$' -bench . -benchtime 2s ./...

bench-fork: contracts ## keymaker fork beside anvil and Hardhat; ARGS=--json for programs
	@go build -o bin/bench-fork ./bench/forks
	@bin/bench-fork $(ARGS)

bench-rewards: ## the tree of a million claims and all its proofs, beside the library's; ARGS="-library 1000000" for as many there
	@go build -o bin/bench-rewards ./bench/rewards
	@bin/bench-rewards $(ARGS)

bench-settlement: ## ten million entries settled in a process of its own: time and memory; ARGS="-n 1000000 -claimants 100000"
	@go build -o bin/bench-settlement ./bench/settlement
	@bin/bench-settlement $(ARGS)

train: ## train the own planner again from agent/own/corpus: half an hour on two idle cores; can be stopped and goes on
	@scripts/train

bench-planners: ollama ## ways to ask a small model for a plan, on a labelled file: ARGS="-limit 20 intents/testdata/sentences.jsonl"
	@go build -o bin/bench-planners ./bench/planners
	@bench/planners/run $(ARGS)

audit: ## known vulnerabilities of what is linked (needs the open network)
	go run golang.org/x/vuln/cmd/govulncheck@v1.1.4 ./...

clean:
	rm -rf bin dist

$(GOFUMPT):
	@mkdir -p $(TOOLS) && GOBIN=$(TOOLS) go install mvdan.cc/gofumpt@v0.9.2 && mv $(TOOLS)/gofumpt $@

$(CHECK):
	@mkdir -p $(TOOLS) && GOBIN=$(TOOLS) go install honnef.co/go/tools/cmd/staticcheck@v0.6.1 && mv $(TOOLS)/staticcheck $@
