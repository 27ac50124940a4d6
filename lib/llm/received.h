/*
 * received.h: counts how much of an answer has arrived, and limits it. Headers
 * include those of informational answers and trailers. A body is counted after
 * decoding. It may be RECEIVED_PER_REPLY times llm.reply_max long (a chunk of
 * one letter takes some 300 bytes). Once it exceeds RECEIVED_FREE, it may also
 * be at most RECEIVED_RATIO times what came over the wire, because a higher
 * compression is an attack. Bytes without content in succession are limited to
 * what a server needs that repeats a whole reply several times, with each
 * letter as six bytes: RECEIVED_SILENT times llm.reply_max, or RECEIVED_FREE.
 */

#ifndef LLM_RECEIVED_H
#define LLM_RECEIVED_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#define RECEIVED_HEADERS_MAX 65536u
#define RECEIVED_PER_REPLY 512u
#define RECEIVED_FREE (4u << 20)
#define RECEIVED_RATIO 100u
#define RECEIVED_SILENT 32u

/* The counts of one attempt; initialize with zeros. */
struct received {
	size_t headers, body;
	size_t silent; /* of the body, since the last content */
};

/* Whether *len* more bytes may arrive. */
bool received_header(struct received *received, size_t len);
bool received_body(
	struct received *received, CURL *easy, size_t reply_max, size_t len);

#endif
