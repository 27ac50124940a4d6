#include "responses/kept.h"

#include "wire/sent_call.h"

const struct json *
responses_kept(
	const struct kept_owner *owner, const struct step *step, size_t part)
{
	const struct json *json = json_at(step->parts, part);
	const struct json *metadata = json_get(json, "providerMetadata");

	if (metadata == NULL)
		metadata = sent_call_metadata(json);
	return kept_find(metadata, RESPONSES_KEPT_BY, owner, step->own);
}
