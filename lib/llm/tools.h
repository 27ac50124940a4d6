/*
 * tools.h: whether a tool call of a model is one of the tools that it was
 * offered, with arguments that fit.
 */

#ifndef LLM_TOOLS_H
#define LLM_TOOLS_H

#include "base/buf.h"
#include "base/err.h"
#include "llm/ask.h"
#include "llm/settings.h"

#include <stdbool.h>

/* Arguments nested deeper than this are no input. It leaves room for the
 * message around them within JSON_DEPTH_MAX. */
#define TOOL_DEPTH_MAX 48

/*
 * Appends to *out* the arguments as JavaScript's JSON.stringify(
 * JSON.parse(text)) writes them (blank: {}). ERR_NOT_FOUND for a tool that
 * was not offered, ERR_INVALID for arguments that are no JSON, do not fit the
 * tool's schema, or hold a key that is dangerous in a browser (__proto__);
 * *out* then is a sentence that tells the model what is wrong.
 */
MUST_USE enum err llm_tool_check(const struct llm_settings *settings,
	struct span name, struct span arguments, struct buf *out);

/* Appends what a tool gave, as JavaScript writes it (blank: {}). ERR_INVALID
 * when it is no JSON or dangerous in a browser; ERR_TOO_BIG when it is nested
 * too deeply or above JSON_TREE_MAX. */
MUST_USE enum err llm_tool_output(struct span json, struct buf *out);

/* Whether the model is offered a tool of this name. */
bool llm_tool_is_known(const struct llm_settings *settings, struct span name);

/* Whether this request offers tools. A model that shall say something and cannot
 * be told to call nothing is not offered anything. */
bool llm_tools_offered(const struct llm_ask *ask);

#endif
