/*
 * chat_body.h: parses the body of POST /api/ai/chat, as sent by useChat of ai
 * 5, 6 and 7, into a turn_post. Everything is checked before anything is
 * stored.
 */

#ifndef API_CHAT_BODY_H
#define API_CHAT_BODY_H

#include "chat/turn.h"
#include "http/request.h"

#define CHAT_MESSAGES_MAX 10000

/*
 * {messages, sessionId?, id?, trigger?, messageId?, style?, model?, options?,
 * assistant?, temporary?}, or {message} for one message. *temporary*, for a new
 * session: it is in no list and deleted early (chat.temporary_hours).
 * *assistant* is the one with which a new session begins, or this one has
 * begun. *style*, with the trigger "regenerate-message", requests another reply
 * that is "shorter", "longer" or "simpler"; the reply's metadata contains the
 * word. *model* and *options* (llm/choice.h) apply to the session from now on.
 * All other members are ignored, and optional ones may be null or "". A client
 * without a chat id (curl) need not use unique message ids: it sends an
 * Idempotency-Key to have a message stored only once. The body never becomes a
 * tree, however large it is: its bytes are stored unchanged. All memory belongs
 * to the request. ERR_INVALID names the member; ERR_TOO_BIG.
 */
MUST_USE enum err chat_body_read(struct request *rq, struct turn_post *out);

#endif
