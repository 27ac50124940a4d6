/* chat_message.h: one posted message in a chat's body. Part of chat_body.h. */

#ifndef API_CHAT_MESSAGE_H
#define API_CHAT_MESSAGE_H

#include "chat/turn.h"
#include "http/request.h"

#define CHAT_ID_MAX 128 /* length of a client's id, in characters */
/* Limit in bytes of one message's parts, which must fit into MEDIUMTEXT and one
 * packet, each 16 MiB. A body may contain several such messages. */
#define CHAT_PARTS_MAX ((size_t)12 << 20)
/* Limit in bytes of one message's metadata, which is read with every page. */
#define CHAT_METADATA_MAX ((size_t)16 << 10)

/*
 * Reads one message from its checked source text; *path* names it in a refusal.
 * Its parts and metadata are kept byte for byte, with two exceptions: `content`
 * and `experimental_attachments` of older clients become parts, and metadata
 * members that only the server may set are removed. All memory belongs to the
 * request. ERR_INVALID names the member; ERR_TOO_BIG.
 */
MUST_USE enum err chat_message_read(struct request *rq, struct span raw,
	const char *path, struct turn_message *out);

/* Whether it is a text of 0 to CHAT_ID_MAX characters. */
bool chat_id_fits(struct span id);

#endif
