/*
 * failure.h: what went wrong with a transfer, in our words. Of an error's
 * body only the code is looked at: its message may hold anything.
 */

#ifndef LLM_FAILURE_H
#define LLM_FAILURE_H

#include "base/span.h"
#include "llm/event.h"

/* Room for a code and its NUL. */
#define FAILURE_CODE_LEN 64

/* {"error":{"code" or "type"}} when that is a plain word of [a-z0-9_]; ""
 * otherwise. */
void failure_code(struct span body, char code[FAILURE_CODE_LEN]);

/* Of an answer that is not 2xx. */
enum llm_fault failure_of_status(long status, const char *code);

/* Of a transfer that ended with this CURLcode before an answer came. */
enum llm_fault failure_of_curl(int code);

#endif
