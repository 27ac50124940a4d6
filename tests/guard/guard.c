/*
 * guard.c: does each guarded work twice, first to warm it up and then to be
 * counted; tests/guard/run counts. With an argument it says what the counts
 * depend on, and nothing else.
 */

#include "guarded.h"

#include "base/attr.h"

#include <gnu/libc-version.h>
#include <json-c/linkhash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#if defined(__clang__)
#define COMPILER "clang"
#define COMPILER_VERSION __clang_major__, __clang_minor__, __clang_patchlevel__
#else
#define COMPILER "gcc"
#define COMPILER_VERSION __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__
#endif

static const struct work {
	const char *name;
	void (*fn)(void);
} works[] = {
	{ "list", guarded_list },
	{ "history", guarded_history },
	{ "framing", guarded_framing },
	{ "deltas", guarded_deltas },
	{ "claude", guarded_claude },
	{ "gemini", guarded_gemini },
	{ "tools", guarded_tools },
	{ "parts", guarded_parts },
	{ "journal", guarded_journal },
	{ "words", guarded_words },
	{ "token", guarded_token },
};

void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "guard: %s\n", what);
	exit(EXIT_FAILURE);
}

static void
say_key(void)
{
	struct utsname system;

	must(uname(&system) == 0, "uname");
	printf("%s-%s-%d.%d.%d-glibc-%s\n", system.machine, COMPILER,
		COMPILER_VERSION, gnu_get_libc_version());
}

int
main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		say_key();
		return 0;
	}
	/* The usual hash begins with a random number. */
	must(json_global_set_string_hash(JSON_C_STR_HASH_PERLLIKE) == 0,
		"json_global_set_string_hash");
	prepare_http();
	prepare_stream();
	prepare_words();
	for (size_t i = 0; i < LENGTH(works); i++) {
		works[i].fn();
		works[i].fn();
		printf("%s\n", works[i].name);
	}
	return 0;
}
