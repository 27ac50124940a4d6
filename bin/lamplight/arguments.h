/*
 * arguments.h: the options behind a command's name, as the members of a JSON
 * object that api/admin_form.h reads: `--max-tokens 4096` is maxTokens: 4096.
 * An empty value takes away what is there (null).
 */

#ifndef LAMPLIGHT_ARGUMENTS_H
#define LAMPLIGHT_ARGUMENTS_H

#include "api/admin_form.h"
#include "lamplight/commands.h"
#include "json/json.h"

enum argument_kind {
	ARGUMENT_TEXT,
	ARGUMENT_NUMBER,
	ARGUMENT_JSON,
	ARGUMENT_FILE, /* the JSON in a file, for what may be secret */
	ARGUMENT_SWITCH, /* on, off */
	ARGUMENT_PRICE, /* of a million tokens: 2.50; a member of `prices` */
	ARGUMENT_OWN, /* with a value, and for the command to look at */
	ARGUMENT_FLAG, /* the same without a value */
};

struct argument {
	const char *option, *member; /* "--max-tokens", "maxTokens" */
	enum argument_kind kind;
};

/* A member that comes otherwise; absent: it is none. */
struct argument_more {
	const char *member;
	struct span text;
	const char *called; /* where it is refused: "The key" */
};

/* Makes the object, of the options and of *more*, which ends with a NULL. Says
 * what is wrong, with ERR_INVALID. */
enum err arguments_read(struct task *task, const struct argument *known,
	size_t n, const struct argument_more *more, const struct json **out);

/* Passes *err* on. What the form refused (ERR_INVALID) is said by what was
 * typed: "--base-url is ..." for "baseUrl" is ... */
enum err arguments_refused(enum err err, const struct argument *known, size_t n,
	const struct argument_more *more, const struct admin_form *form);

/* The value of an option, "" for a flag; NULL: it is not there. */
const char *argument_of(const struct task *task, const char *option,
	const struct argument *known, size_t n);

#endif
