/*
 * failure.h: what went wrong with a transfer: what the provider said of it,
 * and what that is in our words.
 *
 * Providers agree on the status at best. The message is looked for where the
 * field puts it: {"error":{"message"}}, {"error":"..."}, {"message"} beside
 * {"object":"error"} (vLLM), {"detail"} as text or as a list of {"msg"}
 * (FastAPI), {"errors":[..]} (Cloudflare), {"base_resp":{"status_msg"}}
 * (MiniMax), {"error_msg"} (Qianfan), any of it inside of an array (Gemini) or
 * as JSON inside of a message (gateways), a page's title, the plain text.
 */

#ifndef LLM_FAILURE_H
#define LLM_FAILURE_H

#include "base/span.h"
#include "llm/event.h"

#include <stdbool.h>
#include <stdint.h>

/* Room for a word and its NUL. */
#define FAILURE_CODE_LEN 64
#define FAILURE_MESSAGE_LEN 1024

struct failure {
	long status; /* of HTTP; in a stream what its error says, or 0 */
	/* Plain words of [A-Za-z0-9_.-], "" for none. */
	char code[FAILURE_CODE_LEN];
	char type[FAILURE_CODE_LEN];
	char param[FAILURE_CODE_LEN];
	/* The provider's own words, cut: they may hold anything, what people
	 * wrote and keys included. For matching; into the log by failure_log.h
	 * only, to people never. */
	char message[FAILURE_MESSAGE_LEN];
	int64_t retry_ms; /* after which it may be asked again; 0: not said */
};

/* Reads an error's body, or an event's data; *status* 0 when there is none. */
void failure_read(struct failure *out, long status, struct span body);

/* Whether the message, the code or the param holds *words*, in any case. */
bool failure_says(const struct failure *failure, const char *words);

/* What it is for people. *otherwise* when the words tell nothing and there is
 * no status. */
enum llm_fault
failure_fault(const struct failure *failure, enum llm_fault otherwise);

/* Of a transfer that ended with this CURLcode before an answer came. */
enum llm_fault failure_of_curl(int code);

#endif
