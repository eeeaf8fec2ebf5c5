# Names for what a person types. meson and ninja build, tests/run runs and counts.
# BUILD is the build folder, JOBS how much runs side by side, MINUTES how long fuzz and fault may run.
BUILD ?= build
JOBS ?= 2
export BUILD JOBS
programs = SHUGU="$$(realpath $(BUILD)/shugu)" SHUGU_VERIFY="$$(realpath $(BUILD)/shugu-verify)"

help:
	@echo 'make demo             what stands today, shown (tools/demo installs what it needs first)'
	@echo 'make build            build/shugu and build/shugu-verify'
	@echo 'make quick            unit tests and lint: what each commit leaves green'
	@echo 'make test             everything, also under the sanitizers (tools/test installs first)'
	@echo 'make samples          the scripts under samples/, each as a test'
	@echo 'make lint             how the code is written'
	@echo 'make fuzz MINUTES=1   each fuzz target for so long'
	@echo 'make fault MINUTES=5  kill, fail and fill up the disk; then look what was lost'
	@echo 'make conformance      public vectors and schemas, and readers that others wrote'
	@echo 'make conformance-dsp  the official dataspace test kit'
	@echo 'make dist             the tarball, tested in a bare root'
	@echo 'make browser          the pages in a real browser (tools/setup test installs it)'
	@echo 'make bench            speed and size beside their targets'
	@echo 'make clean            removes $(BUILD)'

$(BUILD)/build.ninja:
	@mkdir -p $(BUILD)
	meson setup $(BUILD)

build: $(BUILD)/build.ninja
	ninja -C $(BUILD) -j$(JOBS)

demo: build
	@$(programs) tools/demo-run

quick:
	@tests/run unit lint

test:
	@tests/run unit asan replay e2e attack samples lint

samples:
	@tests/run samples

lint:
	@tools/lint

fuzz:
	@tests/run fuzz

fault: build
	@$(programs) tests/fault/run

conformance: build
	@$(programs) tests/conformance/run

conformance-dsp: build
	@$(programs) tests/conformance-dsp/run

dist: build
	@tools/dist
	@tests/dist/run

browser: build
	@$(programs) SHUGU_BUILD="$$(realpath $(BUILD))" tests/browser/run

bench: build
	@$(programs) bench/run

clean:
	rm -rf $(BUILD)

.PHONY: help build demo quick test samples lint fuzz fault conformance conformance-dsp browser bench dist clean
