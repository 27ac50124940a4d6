/*
 * tool.h: a tool that runs in the server: one file for each, and one entry for
 * it in set.c. It runs in a thread of the pool (pool.h), may block, and must
 * respect its timeout.
 */

#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/trace.h"
#include "conf/conf.h"
#include "llm/web.h"
#include "json/json.h"

#include <stdbool.h>
#include <stdint.h>

struct tool;

/* One call. The input matches the tool's schema, but a model or a person has
 * chosen it. */
struct tool_run {
	const struct tool *tool;
	const struct conf *conf;
	struct arena *arena; /* freed after the run */
	const struct json *input;
	struct span input_text, call_id;
	uint64_t user_id, session_id, message_id;
	const struct trace *trace; /* the trace that the call belongs to */
	struct web_patience patience;
};

struct tool {
	const char *name;
	const char *description; /* shown to the model */
	const char *schema; /* a JSON Schema of its arguments */
	/* The switch that turns the tool on: the offset of an int64_t in struct
	 * conf. */
	size_t key;
	/*
	 * Appends the output, a JSON value, to *out*. Any result but OK is a
	 * failure; *out* is then a sentence for the model, or empty for a
	 * general one. Neither may contain anything that the user must not see.
	 */
	enum err (*run)(struct tool_run *run, struct buf *out);
	int64_t timeout_ms;
	size_t output_max; /* bytes */
	bool approval; /* a person must approve each call */
	const char *url; /* for the site's own tools */
};

/* time.c: the current time in a time zone. */
enum err tool_time(struct tool_run *run, struct buf *out);

/* page.c: a public page as text. */
enum err tool_page(struct tool_run *run, struct buf *out);

/* http.c: calls tool->url, which the operator has configured
 * (tools.http_file). */
enum err tool_http(struct tool_run *run, struct buf *out);

#endif
