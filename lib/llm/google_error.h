/*
 * google_error.h: what Google's errors say besides a message: `details`, of
 * google.rpc.RetryInfo and google.rpc.QuotaFailure
 * (https://cloud.google.com/apis/design/errors#error_details). Requests that
 * come too fast and a quota that is used up are refused in the same words.
 */

#ifndef LLM_GOOGLE_ERROR_H
#define LLM_GOOGLE_ERROR_H

#include "json/json.h"

#include <stdint.h>

/* After how many milliseconds the same request may be taken; 0: nothing is said
 * of that, or it is a quota of a day. *body* is an error's, or a list of it. */
int64_t google_error_retry_ms(const struct json *body);

#endif
