/*
 * chat_body.h: the body of POST /api/ai/chat, as useChat of ai 5, 6 and 7
 * sends it, as a turn_post. Everything is checked before anything is stored.
 */

#ifndef API_CHAT_BODY_H
#define API_CHAT_BODY_H

#include "chat/turn.h"
#include "http/request.h"

#define CHAT_MESSAGES_MAX 10000
#define CHAT_ID_MAX 128 /* characters of a client's id */
/* Bytes of one message's parts: they go into MEDIUMTEXT in one packet, both
 * 16 MiB. A body may hold several such messages. */
#define CHAT_PARTS_MAX ((size_t)12 << 20)

/*
 * {messages, sessionId?, id?, trigger?, messageId?}; other members are
 * ignored. A client without a chat id (curl) is not held to unique message
 * ids: it sends an Idempotency-Key when it wants a send to be stored once.
 * All memory is the request's. ERR_INVALID names the member.
 */
MUST_USE enum err chat_body_read(struct request *rq, struct turn_post *out);

#endif
