/*
 * failure.h: why a transfer failed: the provider's description, and our
 * classification.
 *
 * Providers agree on the status at best. The message is looked for in all the
 * usual places: {"error":{"message"}}, {"error":"..."}, {"message"} beside
 * {"object":"error"} (vLLM), {"detail"} as a string or as a list of {"msg"}
 * (FastAPI), {"errors":[..]} (Cloudflare), {"base_resp":{"status_msg"}}
 * (MiniMax), {"error_msg"} (Qianfan), any of these inside an array (Gemini) or
 * as JSON inside a message (gateways), the title of a page, or plain text.
 */

#ifndef WIRE_FAILURE_H
#define WIRE_FAILURE_H

#include "base/span.h"
#include "wire/event.h"

#include <stdbool.h>
#include <stdint.h>

/* Includes the terminating NUL. */
#define FAILURE_CODE_LEN 64
#define FAILURE_MESSAGE_LEN 1024

struct failure {
	/* the HTTP status; in a stream the status in its error, or 0 */
	long status;
	/* Plain words of [A-Za-z0-9_.-]; "" if absent. */
	char code[FAILURE_CODE_LEN];
	char type[FAILURE_CODE_LEN];
	char param[FAILURE_CODE_LEN];
	/* The provider's own words, truncated. They may contain anything,
	 * including keys and what people wrote. They are for matching only;
	 * failure_log.h prepares them for the log, and people never see
	 * them. */
	char message[FAILURE_MESSAGE_LEN];
	/* delay after which the model may be asked again; 0 if unknown */
	int64_t retry_ms;
};

/* Reads an error's body or an event's data; *status* is 0 if there is none. */
void failure_read(struct failure *out, long status, struct span body);

/* Whether the message, the code or the param contains *words*, ignoring
 * case. */
bool failure_says(const struct failure *failure, const char *words);

/* The fault to report. *otherwise* if neither the words nor a status identify
 * it. */
enum llm_fault
failure_fault(const struct failure *failure, enum llm_fault otherwise);

/* Whether the same request may succeed later, after this HTTP status. */
bool failure_may_pass(long status);

#endif
