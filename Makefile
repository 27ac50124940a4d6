# Lamplight. `make help` lists what this file can do.
#
# Sources are found by wildcard: a new lib/x/y.c, cgi-bin/y.c, bin/y.c or tests/unit/x/y_test.c needs no line here.

VARIANT ?= release
B := build/$(VARIANT)

# Where `make up` and `make run` put a running Lamplight, and its address.
PORT ?= 8080
SERVER ?= nginx
VAR ?= var
# The private database of tests: mariadb or mysql.
DB ?= mariadb
export PORT SERVER VAR VARIANT DB

# If bin/deps has fetched a Node.js, it comes first.
export PATH := $(CURDIR)/build/node/bin:$(PATH)

# ---- flags

CC ?= cc
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual \
	-Wwrite-strings -Wformat=2 -Wundef -Wvla -Wswitch-enum -Wimplicit-fallthrough -Werror=implicit-function-declaration -Werror=int-conversion
ifneq ($(CI),)
WARNINGS += -Werror
endif

# Those flags that this compiler knows: clang 14 cannot initialize variables, and only x86 has shadow stacks.
known = $(foreach flag,$(1),$(shell echo 'int x;' | $(CC) -Werror $(flag) -x c -c -o /dev/null - 2>/dev/null && echo $(flag)))
HARDENING = $(eval HARDENING := -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $$(call known,-fstack-clash-protection \
	-fcf-protection -mbranch-protection=standard -ftrivial-auto-var-init=zero))$(HARDENING)
SANITIZE_asan := -fsanitize=address,undefined -fno-sanitize-recover=all
SANITIZE_tsan := -fsanitize=thread
FLAGS_release = -O2 $(HARDENING)
FLAGS_asan := -O1 -fno-omit-frame-pointer $(SANITIZE_asan) -DFAULTS
# The release build with the fault points of lib/base/fault.h, for tests/fault.
FLAGS_fault = $(FLAGS_release) -DFAULTS
FLAGS_tsan := -O1 -fno-omit-frame-pointer $(SANITIZE_tsan) -DFAULTS
# Counts what runs and how often, for `make coverage`.
FLAGS_coverage := -O0 --coverage -fprofile-update=atomic -DFAULTS
SANITIZE_coverage := --coverage
# For tests/fuzz alone: libFuzzer is clang's.
SANITIZE_fuzz := $(SANITIZE_asan) -fsanitize=fuzzer
FLAGS_fuzz := -O1 -fno-omit-frame-pointer $(SANITIZE_asan) -fsanitize=fuzzer-no-link
ifeq ($(VARIANT),fuzz)
CC := clang
endif
ifeq ($(origin FLAGS_$(VARIANT)),undefined)
$(error VARIANT is one of release, asan, tsan, fault, fuzz, coverage; not "$(VARIANT)")
endif

# Evaluated once, and only when something is compiled, because bin/deps may have to install pkg-config first.
PACKAGES := json-c libjwt libcurl libsodium mysqlclient
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PACKAGES)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PACKAGES)))$(PKG_LIBS)

CFLAGS ?= -g
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(FLAGS_$(VARIANT)) $(WARNINGS) -fno-common -fPIE -pthread -Ilib -Ibin $(PKG_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = -pie -pthread -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITIZE_$(VARIANT)) $(LDFLAGS)
LIBS = $(PKG_LIBS) -lfcgi -lunistring -lm

# ---- what depends on what

LIB_SRC := $(wildcard lib/*/*.c)
CGI_SRC := $(wildcard cgi-bin/*.c)
BIN_SRC := $(wildcard bin/*.c)
UNIT_SRC := $(wildcard tests/unit/*_test.c tests/unit/*/*_test.c)
BENCH_SRC := $(wildcard tests/bench/*.c)
BENCH_HELP_SRC := $(wildcard tests/bench/lib/*.c)
GUARD_SRC := $(wildcard tests/guard/*.c)
FUZZ_SRC := $(wildcard tests/fuzz/*_fuzz.c)
FUZZ_HELP_SRC := tests/unit/wire/play.c tests/unit/wire/ways.c
UNIT_HELP_SRC := $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c tests/unit/*/*.c))
BIN_PART_SRC := $(wildcard bin/*/*.c)
SRC := $(BENCH_SRC) $(BENCH_HELP_SRC) $(GUARD_SRC) $(FUZZ_SRC) $(LIB_SRC) $(CGI_SRC) $(BIN_SRC) $(BIN_PART_SRC) $(UNIT_SRC) $(UNIT_HELP_SRC)

LIB := $(B)/liblamplight.a
CGI := $(CGI_SRC:%.c=$(B)/%.fcgi)
BIN := $(BIN_SRC:%.c=$(B)/%)
UNIT := $(UNIT_SRC:%.c=$(B)/%)
UNIT_HELP := $(UNIT_HELP_SRC:%.c=$(B)/obj/%.o)

# All processors, unless make got a -j.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

PAGE := htdocs/dist/index.html
PAGE_SRC := $(shell find htdocs -type f -not -path 'htdocs/node_modules/*' -not -path 'htdocs/dist/*' 2>/dev/null)

.PHONY: bench-programs test-cluster audit coverage hooks mutants owners bench bench-growth bench-wires lighthouse measure all programs man handbook page deps run up down reload migrate logs install install-files deb dist repo test-install test check torture fuzz fuzz-run guard guard-accept guard-program unit unit-programs lint \
	lint-format lint-cppcheck lint-tidy format asan tsan clean help
.DELETE_ON_ERROR:
.SECONDARY:

all: programs

programs: $(LIB) $(CGI) $(BIN) man
	@:

# The manuals; that of the settings is generated from their file.
MAN := $(wildcard docs/man/*.[1-8]) build/man/lamplight.conf.5
man: $(MAN)
	@:

build/man/lamplight.conf.5: conf/lamplight.conf docs/man/lamplight.conf.5.awk
	@mkdir -p $(@D)
	$(Q)awk -f docs/man/lamplight.conf.5.awk conf/lamplight.conf >$@

# make V=1 shows the commands.
Q = $(if $(V),,@echo "  $(@:$(B)/%=%)";)

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A case that is in no table of its test would never run.
$(B)/obj/tests/%.o: ALL_CFLAGS += -Werror=unused-function

# The version of this release; written only if it has changed.
build/version: FORCE
	@mkdir -p $(@D); version=$${VERSION:-$$(bin/version)}; [ "$$(cat $@ 2>/dev/null)" = "$$version" ] || \
		{ echo "$$version" >$@.$$$$ && mv $@.$$$$ $@; }
FORCE:
.PHONY: FORCE
$(B)/obj/bin/lamplight.o: build/version
$(B)/obj/bin/lamplight.o: ALL_CFLAGS += -DLAMPLIGHT_VERSION='"$(shell cat build/version)"'

# It includes that file with .incbin, which the compiler does not see.
$(B)/obj/lib/api/openapi.o: docs/openapi.json

# Appears complete or not at all, because another make may be linking.
$(LIB): $(LIB_SRC:%.c=$(B)/obj/%.o)
	$(Q)rm -f $@.$$$$ && ar rcs $@.$$$$ $^ && mv $@.$$$$ $@

LINK = @mkdir -p $(@D)$(newline)$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LIBS)
define newline


endef

$(B)/cgi-bin/%.fcgi: $(B)/obj/cgi-bin/%.o $(LIB)
	$(LINK)

$(B)/bin/%: $(B)/obj/bin/%.o $(LIB)
	$(LINK)

$(B)/tests/bench/%: $(B)/obj/tests/bench/%.o $(BENCH_HELP_SRC:%.c=$(B)/obj/%.o) $(LIB)
	$(LINK)

$(B)/tests/guard/guard: $(GUARD_SRC:%.c=$(B)/obj/%.o) $(LIB)
	$(LINK)

$(B)/tests/fuzz/%: $(B)/obj/tests/fuzz/%.o $(FUZZ_HELP_SRC:%.c=$(B)/obj/%.o) $(LIB)
	$(LINK)

$(B)/tests/%_test: $(B)/obj/tests/%_test.o $(UNIT_HELP) $(LIB)
	$(LINK)

$(B)/bin/demo-llm: $(patsubst %.c,$(B)/obj/%.o,$(wildcard bin/demo-llm/*.c))
$(B)/bin/lamplight: $(patsubst %.c,$(B)/obj/%.o,$(wildcard bin/lamplight/*.c))
$(B)/bin/demo-llm: LIBS += -levent
$(UNIT): LIBS += -lcmocka

# ---- the page

NPM_DONE := htdocs/node_modules/.package-lock.json

page: $(if $(wildcard htdocs/package.json),$(PAGE))
	@:

$(NPM_DONE): htdocs/package.json htdocs/package-lock.json
	$(Q)cd htdocs && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): $(NPM_DONE) $(PAGE_SRC)
	$(Q)cd htdocs && npm run build --silent
	@touch $@

# Builds the handbook as static HTML in build/handbook, for any web server or none (docs/handbook/pages.mjs).
handbook: man
	@bin/deps run handbook
	@[ docs/handbook/node_modules/.package-lock.json -nt docs/handbook/package-lock.json ] || \
		npm ci --prefix docs/handbook --ignore-scripts --no-audit --no-fund --loglevel=error
	@rm -rf build/handbook
	$(Q)cd docs/handbook && npm run -s build
	@echo "made: build/handbook/index.html"

# ---- running it

deps:
	@bin/deps run

run: deps
	@$(MAKE) --no-print-directory $(JOBS) page programs
	@bin/run

up: deps
	@$(MAKE) --no-print-directory $(JOBS) page programs
	@bin/up

down:
	@bin/down

reload: programs page
	@bin/reload

migrate: programs
	@bin/migrate

logs:
	@tail -n 20 -F $(VAR)/log/*.log

# ---- installing it, after `make programs page handbook`; this builds nothing, so root may run it

PREFIX ?= /usr/local
DESTDIR ?=
INSTALL ?= install
TO = $(DESTDIR)$(PREFIX)
UNITS = $(TO)/lib/systemd/system
# The folder in which Debian's zsh looks.
ZSH = share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
# The files of conf/ and the manuals contain the paths of a package.
RELOCATE = sed 's@/usr/\(bin/lamplight\|lib/lamplight\|share/lamplight\)@$(PREFIX)/\1@g'

install:
	@umask 022 && $(MAKE) --no-print-directory install-files

install-files:
	@for file in $(CGI) $(BIN) $(PAGE) $(MAN) build/handbook/index.html; do \
		[ -e $$file ] || { echo "make install: $$file is not built: make programs page handbook" >&2; exit 1; }; done
	$(INSTALL) -d $(TO)/bin $(TO)/lib/lamplight/bin $(TO)/lib/lamplight/cgi-bin $(TO)/share/lamplight/sql
	$(INSTALL) -m 755 $(B)/bin/lamplight $(TO)/bin/lamplight
	$(INSTALL) -m 755 $(filter-out $(B)/bin/lamplight,$(BIN)) bin/worker $(TO)/lib/lamplight/bin
	$(INSTALL) -m 755 $(CGI) $(TO)/lib/lamplight/cgi-bin
	$(INSTALL) -m 644 $(wildcard sql/*.sql) $(TO)/share/lamplight/sql
	rm -rf $(TO)/share/lamplight/htdocs
	cp -R htdocs/dist $(TO)/share/lamplight/htdocs
	chmod -R u=rwX,go=rX $(TO)/share/lamplight/htdocs
	for dir in . nginx apache; do $(INSTALL) -d $(TO)/share/lamplight/$$dir && for file in lamplight.conf lamplight-fastcgi.conf fcgid.conf htaccess; do \
		[ ! -e conf/$$dir/$$file ] || $(RELOCATE) conf/$$dir/$$file >$(TO)/share/lamplight/$$dir/$$file; done; done
	$(INSTALL) -m 755 conf/under $(TO)/share/lamplight/under
	$(INSTALL) -d $(TO)/share/lamplight/monitoring $(TO)/share/doc/lamplight
	$(INSTALL) -m 644 conf/monitoring/alerts.yml conf/monitoring/grafana.json conf/monitoring/prometheus.yml $(TO)/share/lamplight/monitoring
	rm -rf $(TO)/share/doc/lamplight/handbook
	cp -R build/handbook $(TO)/share/doc/lamplight/handbook
	chmod -R u=rwX,go=rX $(TO)/share/doc/lamplight/handbook
	$(INSTALL) -d $(UNITS)/lamplight.target.wants $(UNITS)/lamplight@chat.service.d $(TO)/lib/sysusers.d $(TO)/lib/tmpfiles.d
	for unit in lamplight.target lamplight@.socket lamplight@.service lamplight@chat.service.d/memory.conf; do \
		$(RELOCATE) conf/systemd/$$unit >$(UNITS)/$$unit; done
	for program in $(basename $(notdir $(CGI))); do ln -sf ../lamplight@.socket $(UNITS)/lamplight.target.wants/lamplight@$$program.socket; done
	$(INSTALL) -m 644 conf/systemd/sysusers.conf $(TO)/lib/sysusers.d/lamplight.conf
	$(INSTALL) -m 644 conf/systemd/tmpfiles.conf $(TO)/lib/tmpfiles.d/lamplight.conf
	for page in $(MAN); do $(INSTALL) -d $(TO)/share/man/man$${page##*.} && $(RELOCATE) $$page >$(TO)/share/man/man$${page##*.}/$${page##*/}; done
	$(INSTALL) -D -m 644 conf/completion/lamplight.bash $(TO)/share/bash-completion/completions/lamplight
	$(INSTALL) -D -m 644 conf/completion/_lamplight $(TO)/$(ZSH)/_lamplight

# Makes build/deb/lamplight_VERSION_ARCH.deb, for this machine's Debian or for another one: SUITE=trixie.
deb:
	@bin/deps run deb $(if $(SUITE),debootstrap)
	@$(MAKE) --no-print-directory page handbook
	@SUITE="$(SUITE)" bin/make-deb

# Makes build/dist/lamplight-VERSION-linux-ARCH.tar.gz, with the libraries of this machine's Debian.
dist:
	@bin/deps run dist
	@$(MAKE) --no-print-directory $(JOBS) page programs handbook
	@bin/make-dist

# Makes build/apt, a signed apt repository of the packages in build/deb (KEY=, URL=: bin/make-repo).
repo:
	@bin/deps run repo
	@KEY="$(KEY)" URL="$(URL)" bin/make-repo

# Tests each way of installing it, from nothing to a chat (tests/install); WALKS="tree" chooses. Not a part of `make test`.
WALKS ?=
test-install:
	@bin/deps run install
	@$(MAKE) --no-print-directory $(JOBS) page programs handbook
	@tests/install/run $(WALKS)

# ---- checking it

test:
	@bin/deps run test
	@$(MAKE) --no-print-directory $(JOBS) page programs unit-programs bench-programs
	@tests/all

check:
	@bin/deps run test
	@$(MAKE) --no-print-directory $(JOBS) programs unit-programs bench-programs
	@tests/all check

# Injects faults under load until each has been injected RUNS times, on SITES side by side. ROWS="kill:1000,*",
# WIRES=anthropic,gemini and SEED=5 choose, JSON=FILE keeps the totals (tests/fault/torture.mjs).
RUNS ?= 200
SITES ?= 3
# Then runs attacks beside people, each for this long (tests/fault/attacks.test.mjs).
ATTACK_SECONDS ?= 60
torture:
	@bin/deps run test
	@[ -d tests/node_modules ] || npm ci --prefix tests --ignore-scripts --loglevel=error
	@tests/fault/torture.mjs --runs $(RUNS) --jobs $(SITES) $(if $(ROWS),--rows "$(ROWS)") $(if $(WIRES),--wires "$(WIRES)") $(if $(SEED),--seed $(SEED)) \
		$(if $(JSON),--json "$(JSON)") $(if $(filter-out release,$(VARIANT)),--variant $(VARIANT))
	$(if $(ROWS),,@ATTACK_SECONDS=$(ATTACK_SECONDS) TEST_FILE_MS=7200000 tests/run fault/attacks.test.mjs)

# Tests hosts on a cluster of databases whose nodes die: Galera, and a MySQL group. Needs root.
test-cluster: programs
	@bin/deps run test cluster debootstrap
	@[ -d tests/node_modules ] || npm ci --prefix tests --ignore-scripts --loglevel=error
	@tests/cluster/run

# Tests with the address sanitizer who owns what in live streams; a part of `make test` in every variant.
OWNERS := $(addprefix build/asan/tests/unit/chat/,stream_test stream_replay_test hub_bytes_test hub_test)
owners:
	@$(MAKE) --no-print-directory $(JOBS) VARIANT=asan $(OWNERS)
	@tests/unit/run $(OWNERS)

# Measures the page with Lighthouse, which must reach 95 / 100 / 100, on a machine that does nothing else.
lighthouse:
	@$(MAKE) --no-print-directory measure PARTS=lighthouse STRICT=1

# Measures the page; tests/browser/measure/run lists the PARTS.
PARTS ?=
measure:
	@bin/deps run test
	@$(MAKE) --no-print-directory programs page
	@[ -d tests/node_modules ] || npm ci --prefix tests --ignore-scripts --loglevel=error
	@STRICT=$(STRICT) tests/browser/measure/run $(PARTS)

unit-programs: programs $(UNIT)
	@:

bench-programs: $(BENCH_SRC:%.c=$(B)/%)
	@:

# Measures each work beside its peer and the floors, in turn, and prints one table; tests/bench/lib/settings.mjs explains
# PARTS, ROUNDS, SIDES, SECONDS, STREAMS, RATE and GROWTH. tests/bench/report turns the result into tables and pictures for
# the documents.
bench:
	@bin/deps run bench
	@$(MAKE) --no-print-directory programs bench-programs
	@PARTS="$(PARTS)" ROUNDS="$(ROUNDS)" SIDES="$(SIDES)" SECONDS="$(SECONDS)" STREAMS="$(STREAMS)" RATE="$(RATE)" GROWTH="$(GROWTH)" \
		tests/bench/run

# Counts the instructions of a few works and compares them with the stored counts (tests/guard/run).
guard-program:
	@$(MAKE) --no-print-directory VARIANT=release build/release/tests/guard/guard

guard: guard-program
	@tests/guard/run

guard-accept: guard-program
	@tests/guard/run accept

# Measures what requests cost with a thousand messages, with a million, and with a session of 100,000 (the head of
# tests/bench/growth).
bench-growth:
	@bin/deps run test
	@$(MAKE) --no-print-directory programs bench-programs
	@tests/bench/growth

# Measures what a token costs, depending on the wire of its model (the head of tests/bench/wires.mjs).
bench-wires:
	@bin/deps run test
	@$(MAKE) --no-print-directory programs
	@tests/bench/wires.mjs

# Each target of tests/fuzz for SECONDS (20); tests/fuzz/run.
FUZZ := $(FUZZ_SRC:%.c=$(B)/%)
fuzz:
	@bin/deps run test
	@$(MAKE) --no-print-directory $(JOBS) VARIANT=fuzz fuzz-run

fuzz-run: $(FUZZ)
	@FUZZ_SECONDS=$(or $(SECONDS),20) tests/fuzz/run $(B)/tests/fuzz

unit: unit-programs
	@tests/unit/run $(UNIT)

# Lists the changes of FILE that no C test notices.
mutants:
	@bin/deps run test
	@tests/mutants/run $(FILE)

# Runs the suite with the sanitizers' builds; any report fails the run.
asan tsan:
	@$(MAKE) --no-print-directory VARIANT=$@ test

# Lists the lines of C that the tests run, all tests but those of the page. Drops the counts of earlier runs.
coverage:
	@bin/deps run test
	@find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory $(JOBS) VARIANT=coverage programs unit-programs
	@VARIANT=coverage tests/all check || true
	@VARIANT=coverage tests/run start/start.test.mjs || true
	@VARIANT=coverage tests/run nomodel/nomodel.test.mjs || true
	@tests/coverage

# For editors and clangd.
compile_commands.json: Makefile $(SRC)
	@{ for file in $(SRC); do printf '{"directory":"%s","file":"%s","command":"%s"},\n' "$(CURDIR)" "$$file" \
		"$(CC) $(subst ",\",$(ALL_CFLAGS)) -c $$file"; done; } | sed '1s/^/[/; $$s/,$$/]/' >$@

# Runs the gates that take seconds before each commit.
hooks:
	@hooks=$$(git rev-parse --git-path hooks) && mkdir -p "$$hooks" && ln -sf "$(CURDIR)/tests/lint/pre-commit" "$$hooks/pre-commit" && \
		echo "made: $$hooks/pre-commit"

C_FILES = $(SRC) $(wildcard lib/*/*.h bin/*/*.h)

lint:
	@bin/deps run test
	@tests/lint/run

lint-format:
	@clang-format --dry-run --Werror $(C_FILES)

format:
	clang-format -i $(C_FILES)

# To cppcheck, every "out" parameter that crosses a file looks uninitialized; clang-tidy follows them.
lint-cppcheck:
	@cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
		--suppress=uninitvar --suppress=ctuuninitvar -D_GNU_SOURCE -Ilib -Ibin lib cgi-bin bin

# Checks each file once, until it or one of its headers changes. Each file has its own process, because clang-tidy 14 mixes up
# the va_lists of files that it reads together. With more nodes than that the analyzer takes five times as long, and finds the
# same.
TIDY := $(patsubst %.c,build/tidy/%.ok,$(LIB_SRC) $(CGI_SRC) $(BIN_SRC) $(BIN_PART_SRC))
TIDY_CFLAGS = $(filter-out -ftrivial-auto-var-init=zero,$(ALL_CFLAGS)) -Xclang -analyzer-config -Xclang max-nodes=50000
lint-tidy:
	@$(MAKE) --no-print-directory $(JOBS) --keep-going VARIANT=release $(TIDY)

build/tidy/by: FORCE
	@mkdir -p $(@D); by=$$(clang-tidy --version); [ "$$(cat $@ 2>/dev/null)" = "$$by" ] || echo "$$by" >$@
build/tidy/%.ok: $(B)/obj/%.o .clang-tidy build/tidy/by
	@mkdir -p $(@D)
	@said=$$(clang-tidy --quiet --warnings-as-errors='*' $*.c -- $(TIDY_CFLAGS) 2>/dev/null) || { echo "$$said"; exit 1; }
	@touch $@

# Lists what Lamplight consists of (CycloneDX), and the known vulnerabilities in that.
audit: deps
	@$(MAKE) --no-print-directory programs
	@bin/sbom >build/sbom.json && echo "made: build/sbom.json"
	@for folder in htdocs tests tests/bench bin/node docs/handbook; do echo "npm audit: $$folder"; npm audit --prefix $$folder || failed=1; done; [ -z "$$failed" ]

help:
	@echo 'make run        install what is missing, build, start here; Ctrl-C stops'
	@echo 'make up, down   the same in the background; make reload: take a new build or configuration without a cut'
	@echo 'make test       everything; make check: the quick part; make unit: the C tests; DB=mysql: on a MySQL server'
	@echo 'make bench      how fast, beside a Node program and the floors, one table: PARTS="list history chat first streams growth"'
	@echo 'make guard      instruction counts against those that are kept; make guard-accept keeps those of now'
	@echo 'make bench-wires    what a token costs the chat worker, by the wire of its model'
	@echo 'make bench-growth   what requests cost with a thousand messages and with a million; BIG=1000000: with ten million'
	@echo 'make torture    faults under load, RUNS=200 times each: a table of what was violated; VARIANT=asan: sanitized'
	@echo 'make fuzz       bytes nobody sends, SECONDS=20 for each parser in tests/fuzz'
	@echo 'make lighthouse the page in Lighthouse, 95 / 100 / 100 at least'
	@echo 'make measure    the page: Lighthouse, the first paint, a long session; PARTS="lighthouse opening long"'
	@echo 'make audit      what it is made of as build/sbom.json (CycloneDX), and npm audit'
	@echo 'make mutants    which changes of FILE=lib/auth/jwt.c no C test notices'
	@echo 'make coverage   which lines of C the tests run; make hooks: gates before each commit; make compile_commands.json'
	@echo 'make handbook   the handbook as static HTML in build/handbook; make man: the manuals'
	@echo 'make lint       what reads the source (tests/lint): floors, lengths, settings, documents, shell, scripts, format, C'
	@echo 'make asan tsan  make test under the sanitizers'
	@echo 'make all        build only; make logs: follow the logs; make migrate: the tables; make format; make clean'
	@echo 'make install    what is built, DESTDIR= PREFIX=/usr/local; as conf/systemd wants it; make test-install walks it'
	@echo 'make deb        the Debian package, as build/deb/lamplight_*.deb; make dist: a tarball for any Linux'
	@echo 'make repo       a signed apt repository of these packages, as build/apt: KEY=FINGERPRINT URL=https://...'
	@echo 'PORT=8080 SERVER=nginx|apache|fcgid VAR=var LISTEN=127.0.0.1 BASE_PATH=/ VARIANT=release|asan|tsan'

-include $(SRC:%.c=$(B)/obj/%.d)

clean:
	rm -rf build/version build/deb build/dist build/man build/handbook build/tidy build/release build/asan build/tsan build/fault build/fuzz build/coverage compile_commands.json htdocs/dist
