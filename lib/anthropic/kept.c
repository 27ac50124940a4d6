#include "anthropic/kept.h"

#include "wire/sent_call.h"

const struct json *
anthropic_kept(const struct kept_owner *owner, const struct step *step,
	const struct json *part)
{
	const struct json *metadata = json_get(part, "providerMetadata");

	if (metadata == NULL)
		metadata = sent_call_metadata(part);
	return kept_find(metadata, KEPT_ANTHROPIC, owner, step->own);
}
