# `make run` and `make test` first install the Debian packages that are missing. `make test` also creates
# a Python environment in .build.

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
VENV := .build/venv
LISTEN ?= 127.0.0.1:10077
STORE ?=
BREAK ?= drop
FUZZ_ITERATIONS ?= 100000
FUZZ_SEED ?= $(shell od -An -N7 -tu8 /dev/urandom | tr -d ' ')
SOAK_SECONDS ?= 600
# The tests of code that reads bytes through pointers or C. They need no other program than Python.
ENGINE_TESTS := '(ReflexiveCore|Exposition|LinuxSystem|EvidenceStore|OpenTelemetryLogs|RowIndex|Fuzz)Tests'

# Tests that hold deadlines of milliseconds: they run before the others, which keep every thread busy.
DEADLINE_TESTS := MetacognitionTests
# Tests of the real binary: one at a time, but for those that wait most of their time.
END_TO_END_TESTS := ^EndToEndTests
WAITING_TESTS := EndToEndTests/WaitingTests
# The end-to-end tests that mount file systems or become another user, one suite a file.
ROOT_TESTS = $(shell grep -rl 'if: Rights.isRoot' Tests/EndToEndTests | \
  sed 's|.*/||; s|\.swift$$||' | paste -sd '|')

WALLS := --explicit-target-dependency-import-check error

BUILD_PACKAGES := libsqlite3-dev zlib1g-dev libyaml-dev libcrypt-dev libssl-dev pkg-config
BENCH_PACKAGES := wrk golang-go golang-github-prometheus-client-golang-dev
TEST_PACKAGES := $(BUILD_PACKAGES) prometheus prometheus-alertmanager python3 python3-venv \
  curl systemd util-linux mount python3-seccomp slowhttptest chromium openssl nginx-light postgresql pgbouncer
SWIFT_SOURCES := Package.swift Sources Tests Examples Benchmarks

.PHONY: help run sandbox build test test-long fuzz soak test-asan test-tsan lint format bench bench-quick clean \
  screenshots end-to-end-tests waiting-tests \
  build-packages test-packages bench-packages venv

help: ## print this list
	@echo "make TARGET, with one of these targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## run a demo, or with STORE=evidence.db your own database; LISTEN=host:port says where
	@echo "open http://$(LISTEN)/ and http://$(LISTEN)/metrics"
	@exec .build/release/reflexive-exporter $(if $(STORE),serve --store "$(STORE)",demo) \
	  --web.listen-address "$(LISTEN)"

# It needs a real Prometheus and Alertmanager. BREAK is drop, stall, flap, silence or garbage.
sandbox: build test-packages venv ## see a page come to be, from an agent's run to its rows; BREAK=drop says why
	@exec $(VENV)/bin/python3 deploy/sandbox/play.py .build/release/reflexive-exporter --break "$(BREAK)"

# SwiftPM reads Package.swift again when the environment changes. Otherwise the binary would always name
# the commit of the first build.
build: build-packages ## build the release binary, .build/release/reflexive-exporter
	GIT_REVISION="$$(git rev-parse HEAD 2>/dev/null)" \
	  swift build -c release --static-swift-stdlib --product reflexive-exporter

# There while a part of the tests has failed, and the others still run.
FAILED := .build/failed

# A test that hangs ends the run after an hour.
RUN_TESTS = PATH="$(CURDIR)/$(VENV)/bin:$$PATH" timeout --foreground --kill-after=10s 60m \
  "$$(swift build --show-bin-path)/reflexive-exporterPackageTests.xctest" --testing-library swift-testing

# An import that Package.swift does not declare ends the build. All tests run though some fail. Another user
# than root runs the tests that need root through sudo, and fails where that fails: a test that is skipped
# shows nothing.
test: test-packages venv ## build and run every test, with a real Prometheus
	swift build --build-tests $(WALLS)
	rm -f $(FAILED)
	$(RUN_TESTS) --filter '$(DEADLINE_TESTS)' || touch $(FAILED)
	$(RUN_TESTS) --skip '$(DEADLINE_TESTS)' --skip '$(END_TO_END_TESTS)' || touch $(FAILED)
	$(MAKE) --no-print-directory --keep-going --jobs=2 end-to-end-tests waiting-tests || touch $(FAILED)
	test ! -e $(FAILED)
ifneq ($(SUDO),)
	$(SUDO) env $(RUN_TESTS) --filter '$(ROOT_TESTS)'
endif

end-to-end-tests:
	$(RUN_TESTS) --filter '$(END_TO_END_TESTS)' --skip '$(WAITING_TESTS)'

# The tests beside it print, too: this keeps together what these have to say.
waiting-tests:
	@$(RUN_TESTS) --filter '$(WAITING_TESTS)' >.build/$@.log 2>&1; status=$$?; \
	cat .build/$@.log; exit $$status

# `make test` takes a part of the streams of the statistical tests, of the filters that are compared with
# a search through all rows, of the stores that are compared with the alert rules, of the databases that are
# compared with the oracle, of the views of the pages, and of the requests that the OpenAPI document allows,
# and some kills of a receiver; this takes all.
test-long: test-packages venv ## try every stream of the statistical tests, 10,000 filters and 10,000 stores, the API for 5 minutes, 200 kills of a receiver
	swift build --build-tests
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" LONG_TESTS=1 swift test --filter \
	  '(ReflexiveCore|Following|APISchema|APIFilters|Oracle|Pages|Paging|Prometheus|Receiver|Postgres(Writers|Order|Oracle))Tests|CheckTests/verdictsAreWhatTheAlertRulesSay'

# `make test` tries the same inputs every time; this target tries new ones. If an input ends the process,
# it is in .build/fuzz-input.
fuzz: test-packages ## try FUZZ_ITERATIONS new inputs on every reader
	swift build --build-tests
	FUZZ_ITERATIONS=$(FUZZ_ITERATIONS) FUZZ_SEED=$(FUZZ_SEED) FUZZ_TRACE=.build/fuzz-input \
	  swift test --no-parallel --filter FuzzTests

soak: test-packages ## run writers, scrapes and faults for SOAK_SECONDS
	swift build --product reflexive-exporter
	SOAK_SECONDS=$(SOAK_SECONDS) Tests/Soak/soak

test-asan: test-packages ## run the engine tests under AddressSanitizer
	LSAN_OPTIONS="suppressions=$(CURDIR)/Tests/leaks.supp:print_suppressions=0" \
	  swift test --sanitize=address --scratch-path .build-asan --filter $(ENGINE_TESTS)

# The skipped test has a time limit, and ThreadSanitizer makes it several times slower.
test-tsan: test-packages ## run the engine tests under ThreadSanitizer
	TSAN_OPTIONS="halt_on_error=1" \
	  swift test --sanitize=thread --scratch-path .build-tsan --filter $(ENGINE_TESTS) \
	  --skip noTransactionIsHeldForTenthsOfASecond

lint: ## check the style
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)

format: ## correct the style
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

bench: build bench-packages venv ## measure up to 5,000,000 rows, some 30 minutes
	Benchmarks/run

bench-quick: build bench-packages venv ## measure up to 100,000 rows, under two minutes
	Benchmarks/run --quick

screenshots: build test-packages venv ## take the pictures of the README from a demo
	$(VENV)/bin/python docs/screenshots.py .build/release/reflexive-exporter docs

clean: ## remove everything that was built
	rm -rf .build .build-asan .build-tsan

build-packages:
	@$(call install,$(BUILD_PACKAGES))

test-packages:
	@$(call install,$(TEST_PACKAGES))

bench-packages: test-packages
	@$(call install,$(BENCH_PACKAGES))

venv: $(VENV)/installed

$(VENV)/installed: Tests/requirements.txt
	/usr/bin/python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --requirement Tests/requirements.txt
	touch $@

# It asks dpkg first: a machine that has everything needs neither network nor root.
define install
	missing=""; \
	for package in $(1); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' \
	    || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing"; \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing; \
	fi
endef
