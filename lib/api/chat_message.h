/*
 * chat_message.h: one posted message of a chat's body. A part of chat_body.h.
 */

#ifndef API_CHAT_MESSAGE_H
#define API_CHAT_MESSAGE_H

#include "chat/turn.h"
#include "http/request.h"

#define CHAT_ID_MAX 128 /* characters of a client's id */
/* Bytes of one message's parts: they go into MEDIUMTEXT in one packet, both
 * 16 MiB. A body may hold several such messages. */
#define CHAT_PARTS_MAX ((size_t)12 << 20)
/* Bytes of one message's metadata, which is read with every page. */
#define CHAT_METADATA_MAX ((size_t)16 << 10)

/*
 * Reads one message from its checked source text; *path* names it in a
 * refusal. Its parts and metadata stay where they are, byte for byte, but:
 * `content` and `experimental_attachments` of older clients become parts, and
 * members of metadata that are the server's to say are left out. All memory is
 * the request's. ERR_INVALID names the member; ERR_TOO_BIG.
 */
MUST_USE enum err chat_message_read(struct request *rq, struct span raw,
	const char *path, struct turn_message *out);

/* Whether it is text of 0 to CHAT_ID_MAX characters. */
bool chat_id_fits(struct span id);

#endif
