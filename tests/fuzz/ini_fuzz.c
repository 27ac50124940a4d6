/*
 * ini_fuzz.c: settings files and rules. Must hold for any bytes: a value that
 * is set is read again, and no other key changes; a rule that is accepted has
 * clauses within its limits.
 */

#include "fuzz.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/ini.h"
#include "base/log.h"
#include "conf/own_limits.h"
#include "conf/rule.h"

#define SECTION "llm"
#define KEY "model"
#define VALUE "'a = b # c'"

/* All keys but the one that is set, and how often that one has the value. */
struct seen {
	struct buf others;
	unsigned n;
};

static enum err
see(const struct ini_entry *entry, void *arg)
{
	struct seen *seen = arg;

	must(entry->line > 0, "lines are counted from 1");
	if (strcmp(entry->section, SECTION) == 0 &&
		strcmp(entry->key, KEY) == 0)
		seen->n += strcmp(entry->value, VALUE) == 0;
	else
		buf_printf(&seen->others, "%s|%s|%s\n", entry->section,
			entry->key, entry->value);
	return OK;
}

static void
check_file(struct arena *arena, struct span text)
{
	struct seen before = { .n = 0 }, after = { .n = 0 };

	if (ini_each(arena, "f", text, see, &before) == OK) {
		struct span with = ini_set(arena, text, SECTION, KEY, VALUE);

		must(ini_each(arena, "f", with, see, &after) == OK, "a file");
		must(after.n > 0, "the value is set");
		must(span_equal(
			     buf_span(&before.others), buf_span(&after.others)),
			"other keys stay");
	}
	buf_free(&before.others);
	buf_free(&after.others);
}

static void
check_rule(const char *text)
{
	struct limits_conf limits = { 0 };
	struct rule rule;

	if (rule_parse(text, &rule)) {
		must(rule.n <= RULE_CLAUSES_MAX, "few clauses");
		for (unsigned i = 0; i < rule.n; i++)
			must(rule.clauses[i].max >= 1 &&
					rule.clauses[i].max <= RULE_MAX &&
					rule.clauses[i].period_s >= 0,
				"within limits");
	}
	if (own_limits_refusal("chat", text) == NULL)
		must(strlen(text) <= OWN_LIMITS_VALUE_MAX, "a short value");
	own_limits_apply(text, &limits);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;

	log_level_set(LOG_ERROR + 1);
	check_file(&arena, fuzz_span(data, size));
	check_rule(arena_str(&arena, (const char *)data, size));
	arena_reset(&arena);
	return 0;
}
