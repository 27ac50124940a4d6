/*
 * arguments.h: converts the options after a command's name to a JSON object
 * that api/admin_form.h reads: `--max-tokens 4096` becomes maxTokens: 4096. An
 * empty value removes what is set (null).
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
	ARGUMENT_FILE, /* JSON in a file, for values that may be secret */
	ARGUMENT_SWITCH, /* on, off */
	ARGUMENT_PRICE, /* per million tokens: 2.50; in `prices` */
	ARGUMENT_OWN, /* takes a value that the command handles itself */
	ARGUMENT_FLAG, /* the same without a value */
};

struct argument {
	const char *option, *member; /* "--max-tokens", "maxTokens" */
	enum argument_kind kind;
};

/* A member from another source; ignored if absent. */
struct argument_more {
	const char *member;
	struct span text;
	const char *called; /* its name in refusals: "The key" */
};

/* Makes the object from the options and from *more*, which ends with a NULL.
 * ERR_INVALID after reporting what is wrong. */
enum err arguments_read(struct task *task, const struct argument *known,
	size_t n, const struct argument_more *more, const struct json **out);

/* Returns *err*. If the form refused the object (ERR_INVALID), reports the
 * reason in terms of the option: "--base-url is ..." for baseUrl. */
enum err arguments_refused(enum err err, const struct argument *known, size_t n,
	const struct argument_more *more, const struct admin_form *form);

/* The value of an option, "" for a flag; NULL if it is missing. */
const char *argument_of(const struct task *task, const char *option,
	const struct argument *known, size_t n);

#endif
