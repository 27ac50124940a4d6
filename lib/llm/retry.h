/*
 * retry.h: whether and when a call that failed before its first byte is
 * repeated. Like the `ai` package, it waits 2 s, 4 s, ... (16 s at most) unless
 * the answer says how long.
 */

#ifndef LLM_RETRY_H
#define LLM_RETRY_H

#include "base/span.h"

#include <stdint.h>

/* Nobody waits longer in front of a page, so a longer Retry-After is
 * ignored. */
#define RETRY_AFTER_MAX_MS 30000

/* How long to wait before attempt *attempt* (1 is the first repetition).
 * *asked_ms* is the result of retry_after_ms(), or -1. */
int64_t retry_wait_ms(unsigned attempt, int64_t asked_ms);

/*
 * Reads one header line of an answer. For Retry-After (RFC 9110: whole seconds
 * or a date) or retry-after-ms, returns the delay in milliseconds from *now_s*
 * (seconds since 1970), not negative; -1 for any other line and for an
 * implausible value.
 */
int64_t retry_after_ms(struct span line, int64_t now_s);

#endif
