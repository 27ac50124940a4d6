#include "llm/request.h"

#include "base/log.h"
#include "llm/context.h"
#include "llm/wires.h"
#include "json/json.h"
#include "json/write.h"

enum err
llm_message_read(struct arena *arena, const struct llm_takes *takes,
	struct llm_message *message)
{
	if (message->json != NULL)
		return OK;
	if (json_parse_items(arena, message->parts, &message->json) != OK) {
		log_error("stored_parts_broken", "len=%zu", message->parts.len);
		return ERR_INTERNAL;
	}
	message->size = context_size(takes, message->json);
	return OK;
}

enum err
llm_request(struct arena *arena, const struct llm_ask *ask,
	struct llm_message *messages, size_t n, struct buf *body,
	struct llm_asked *asked)
{
	const struct wire *wire = wire_of(ask->settings->kind);
	struct wire_messages told = { .messages = messages, .n = n };
	struct json_writer w = json_writer(body);

	*asked = (struct llm_asked){
		.takes = ask->takes, .last = ask->last, .fixed = wire->fixed
	};
	for (size_t i = 0; i < n; i++)
		TRY(llm_message_read(arena, &ask->takes, &messages[i]));
	told.first = context_choose(ask, messages, n, asked);
	wire->write(arena, ask, &told, &w, asked);
	return OK;
}
