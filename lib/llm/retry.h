/*
 * retry.h: whether and when a call that failed before its first byte is made
 * again: as the `ai` package does it, 2 s, 4 s, ... unless the answer asked
 * for less.
 */

#ifndef LLM_RETRY_H
#define LLM_RETRY_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Longer than this nobody waits in front of a page: such a wish is ignored. */
#define RETRY_AFTER_MAX_MS 30000

/* Whether an answer with this HTTP status is worth another try. */
bool retry_status(long status);

/* How long to wait before try *attempt* (1: the first again). *asked_ms* is
 * what retry_after_ms() gave, -1 for nothing. */
int64_t retry_wait_ms(unsigned attempt, int64_t asked_ms);

/*
 * Takes one header line of an answer: when it is Retry-After (RFC 9110: whole
 * seconds or a date) or retry-after-ms, gives the milliseconds it asks for
 * from *now_s* (seconds since 1970), not negative. -1 for any other line and
 * for a value that makes no sense.
 */
int64_t retry_after_ms(struct span line, int64_t now_s);

#endif
