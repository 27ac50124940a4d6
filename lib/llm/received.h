/*
 * received.h: how much of an answer has come, and when it is too much. Headers
 * count with those of informational answers and trailers. A body counts as it
 * is after decoding: it may be RECEIVED_PER_REPLY times llm.reply_max (a chunk
 * of one letter takes some 300 bytes), and RECEIVED_RATIO times what came over
 * the wire, once there is more than RECEIVED_FREE of it: what is compressed
 * more was made to be. In a row as much may say nothing as a server needs that
 * repeats a whole reply several times, each letter as six: RECEIVED_SILENT times
 * llm.reply_max, or RECEIVED_FREE.
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

/* Of one try; begins all zero. */
struct received {
	size_t headers, body;
	size_t silent; /* of the body, since anything was said */
};

/* Whether *len* bytes more may come. */
bool received_header(struct received *received, size_t len);
bool received_body(
	struct received *received, CURL *easy, size_t reply_max, size_t len);

#endif
