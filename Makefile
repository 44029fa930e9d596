# `make run` and `make test` install what is missing (Debian packages, a Python environment in
# .build), build, and do what they say.

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
VENV := .build/venv
LISTEN ?= 127.0.0.1:10077
STORE ?=
FUZZ_ITERATIONS ?= 100000
FUZZ_SEED ?= $(shell od -An -N7 -tu8 /dev/urandom | tr -d ' ')
SOAK_SECONDS ?= 600
# What reads bytes through pointers or C, and the tests that take no program of their own.
ENGINE_TESTS := '(ReflexiveCore|Exposition|LinuxSystem|EvidenceStore|Fuzz)Tests'

WALLS := --explicit-target-dependency-import-check error

BUILD_PACKAGES := libsqlite3-dev zlib1g-dev libyaml-dev libcrypt-dev pkg-config
BENCH_PACKAGES := wrk golang-go golang-github-prometheus-client-golang-dev
TEST_PACKAGES := $(BUILD_PACKAGES) prometheus prometheus-alertmanager python3 python3-venv \
  curl systemd util-linux mount python3-seccomp slowhttptest chromium openssl
SWIFT_SOURCES := Package.swift Sources Tests Benchmarks

.PHONY: run build test fuzz soak test-asan test-tsan lint format bench bench-quick clean \
  build-packages test-packages bench-packages venv

run: build
	@echo "open http://$(LISTEN)/ and http://$(LISTEN)/metrics"
	@exec .build/release/reflexive-exporter $(if $(STORE),serve --store "$(STORE)",demo) \
	  --web.listen-address "$(LISTEN)"

# The package's description is read anew when the environment has changed: else it would go on
# naming the commit of the first build.
build: build-packages
	GIT_REVISION="$$(git rev-parse HEAD 2>/dev/null)" \
	  swift build -c release --static-swift-stdlib --product reflexive-exporter

# A target that imports what Package.swift does not let it depend on ends the build. A test that
# hangs ends the run.
test: test-packages venv
	swift build --build-tests $(WALLS)
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" timeout --foreground --kill-after=10s 60m swift test $(WALLS)

# Other inputs than those of `make test`, which has the same every time. One that ends the process is
# left in .build/fuzz-input.
fuzz: test-packages
	swift build --build-tests
	FUZZ_ITERATIONS=$(FUZZ_ITERATIONS) FUZZ_SEED=$(FUZZ_SEED) FUZZ_TRACE=.build/fuzz-input \
	  swift test --no-parallel --filter FuzzTests

soak: test-packages
	swift build --product reflexive-exporter
	SOAK_SECONDS=$(SOAK_SECONDS) Tests/Soak/soak

test-asan: test-packages
	LSAN_OPTIONS="suppressions=$(CURDIR)/Tests/leaks.supp:print_suppressions=0" \
	  swift test --sanitize=address --scratch-path .build-asan --filter $(ENGINE_TESTS)

# A bound on time means nothing at a tenth of the speed.
test-tsan: test-packages
	TSAN_OPTIONS="halt_on_error=1" \
	  swift test --sanitize=thread --scratch-path .build-tsan --filter $(ENGINE_TESTS) \
	  --skip noTransactionIsHeldForTenthsOfASecond

lint:
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)

format:
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

bench: build bench-packages venv
	Benchmarks/run

bench-quick: build bench-packages venv
	Benchmarks/run --quick

clean:
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

# Asks dpkg first: a machine that has everything needs no network and no root.
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
