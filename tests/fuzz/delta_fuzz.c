/*
 * delta_fuzz.c: one event of a model's answer. Must hold for any bytes: what
 * the short way of the wire takes means the same the long way.
 *
 * Targets of other wires define WIRE, if need be AFTER, what is played after
 * the event, and include this one.
 */

#include "fuzz.h"

#include "../unit/wire/ways.h"
#include "openai/wire.h"

#ifndef WIRE
#define WIRE wire_openai
#endif
#ifndef AFTER
#define AFTER ""
#endif

/* In an event a line end would be its own. */
static bool
is_line(struct span text)
{
	return text.len > 0 && memchr(text.data, '\n', text.len) == NULL &&
		memchr(text.data, '\r', text.len) == NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span event = fuzz_span(data, size);
	struct buf words = BUF_INIT;

	if (is_line(event) && ways_is_short(&WIRE, event))
		must(ways_agree(&WIRE, event, AFTER, &words), buf_str(&words));
	buf_free(&words);
	return 0;
}
