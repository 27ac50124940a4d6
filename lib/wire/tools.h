/*
 * tools.h: checks that a model's tool call names an offered tool and that its
 * arguments fit.
 */

#ifndef WIRE_TOOLS_H
#define WIRE_TOOLS_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/ask.h"
#include "wire/settings.h"

#include <stdbool.h>

/* Arguments nested more deeply than this are invalid. The limit leaves room for
 * the message around them within JSON_DEPTH_MAX. */
#define TOOL_DEPTH_MAX 48

/*
 * Appends the arguments to *out* in the format of JavaScript's
 * JSON.stringify(JSON.parse(text)) (blank becomes {}). ERR_NOT_FOUND for a tool
 * that was not offered. ERR_INVALID for arguments that are not JSON, do not fit
 * the tool's schema, or have a key that is dangerous in a browser (__proto__).
 * With an error, *out* is a sentence that explains it to the model.
 */
MUST_USE enum err llm_tool_check(const struct llm_settings *settings,
	struct span name, struct span arguments, struct buf *out);

/* Appends a tool's output in JavaScript's format (blank becomes {}).
 * ERR_INVALID if it is not JSON or dangerous in a browser; ERR_TOO_BIG if it is
 * nested too deeply or larger than JSON_TREE_MAX. */
MUST_USE enum err llm_tool_output(struct span json, struct buf *out);

/* Whether a tool of this name exists for the model. */
bool llm_tool_is_known(const struct llm_settings *settings, struct span name);

/* Whether this request offers tools. If the model must answer in words but
 * cannot be forbidden to call tools, none are offered. */
bool llm_tools_offered(const struct llm_ask *ask);

#endif
