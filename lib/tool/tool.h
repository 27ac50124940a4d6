/*
 * tool.h: a tool that runs in the server: one file for each, and one row for
 * it in set.c. It runs in a thread of the pool (pool.h), may wait,
 * and keeps to its patience.
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

/* One call. Its input has passed the tool's schema, but is chosen by a model
 * or a person. */
struct tool_run {
	const struct tool *tool;
	const struct conf *conf;
	struct arena *arena; /* gone after the run */
	const struct json *input;
	struct span input_text, call_id;
	uint64_t user_id, session_id, message_id;
	const struct trace *trace; /* that the call is a part of */
	struct web_patience patience;
};

struct tool {
	const char *name;
	const char *description; /* for the model */
	const char *schema; /* of its arguments: a JSON Schema */
	/* The switch in struct conf that turns it on: an int64_t's offset. */
	size_t key;
	/*
	 * Appends its output, a JSON value, to *out*. Anything but OK: a
	 * failure, with a sentence for the model in *out* (none: a general
	 * one). Neither may hold what is not for the person who asked.
	 */
	enum err (*run)(struct tool_run *run, struct buf *out);
	int64_t timeout_ms;
	size_t output_max; /* bytes */
	bool approval; /* a person is asked before it runs */
	const char *url; /* of the site's own tools */
};

/* time.c: the current time in a time zone. */
enum err tool_time(struct tool_run *run, struct buf *out);

/* page.c: a public page as text. */
enum err tool_page(struct tool_run *run, struct buf *out);

/* http.c: asks tool->url, the operator's own (tools.http_file). */
enum err tool_http(struct tool_run *run, struct buf *out);

#endif
