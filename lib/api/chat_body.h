/*
 * chat_body.h: the body of POST /api/ai/chat, as useChat of ai 5, 6 and 7
 * sends it, as a turn_post. Everything is checked before anything is stored.
 */

#ifndef API_CHAT_BODY_H
#define API_CHAT_BODY_H

#include "chat/turn.h"
#include "http/request.h"

#define CHAT_MESSAGES_MAX 10000

/*
 * {messages, sessionId?, id?, trigger?, messageId?, style?, model?, options?,
 * assistant?, temporary?}, or {message} for one. *temporary*, of a new session:
 * it is in no list and not kept (chat.temporary_hours). *assistant* is what a new session begins
 * with, or this one has begun with. *style*, with the trigger "regenerate-message": another reply that is
 * "shorter", "longer" or "simpler"; the reply's metadata has the word. *model* and
 * *options* (llm/choice.h) are what the session has from now on. All
 * other members are ignored, and what may be left out may be null or "". A
 * client without a chat id (curl) is not held to unique message ids: it sends
 * an Idempotency-Key when it wants a send to be stored once. The body becomes
 * no tree, however large it is: what is stored are its bytes.
 * All memory is the request's. ERR_INVALID names the member; ERR_TOO_BIG.
 */
MUST_USE enum err chat_body_read(struct request *rq, struct turn_post *out);

#endif
