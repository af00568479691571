# The one entry to the project: `make` alone lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# What the formatter looks at.
FORMATTED := Sources Tests Package.swift Benchmarks/Package.swift Benchmarks/Sources Benchmarks/Benchmarks

# `make demo LEADS=FILE.csv.gz` plays a file instead of generated leads.
LEADS ?=
# `make soak SEEDS=N` runs N seeds.
SEEDS ?= 10000

.PHONY: help demo test check fix bench counters docs soak deps

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: deps ## build, play a generated market (or LEADS=FILE.csv.gz), report, verify the log
	swift build -c release
	LEADS="$(LEADS)" Scripts/demo

test: deps ## build everything and run all tests
	swift build --build-tests
	swift test --skip-build --disable-xctest

check: deps ## format, lint, imports, tidy rules, documents and their freshness, cost of the hot paths
	swift format lint --strict --parallel --recursive $(FORMATTED)
	swift build --build-tests
	swift test --skip-build --disable-xctest --filter '^ArchitectureTests\.'
	Scripts/check-generated-documents
	Scripts/count

fix: ## format every source file in place
	swift format format --in-place --parallel --recursive $(FORMATTED)

docs: deps ## regenerate the documents that come from the code
	Scripts/generate-documents

bench: deps ## measure everything that has a speed target, as a table (RUNS, SECONDS_EACH, EVENTS, QUICK=1)
	swift build -c release
	@Scripts/bench

counters: deps ## record anew what the hot paths cost: instructions and allocations, no clock
	Scripts/count --record

soak: deps ## simulate SEEDS seeds (default 10,000) in an optimised build
	LEADMARKET_SIMULATION_SEEDS=$(SEEDS) swift test -c release -Xswiftc -enable-testing \
		--scratch-path .build-soak --disable-xctest --filter '^SimulationTests\.'

deps: ## install the libraries and tools that are missing
	@Scripts/install-dependencies
