/*
 * kept.h: the opaque state of an Anthropic answer (wire/kept.h), stored in
 * the place and form of the AI SDK, except for *blocks*:
 *
 *	"signature"     of a reasoning part; sent back as a thinking block
 *	"redactedData"  of a reasoning part without text; sent back as a
 *	                redacted thinking block
 *	"blocks"        of any part: blocks of the provider's own tools that
 *	                came right before it, unchanged; or of an empty text
 *	                part at the end of a step
 *	"paused"        true, beside those: the model wants to be asked again
 */

#ifndef ANTHROPIC_KEPT_H
#define ANTHROPIC_KEPT_H

#include "wire/kept.h"
#include "wire/turns.h"

#define KEPT_ANTHROPIC "anthropic"
#define KEPT_SIGNATURE "signature"
#define KEPT_REDACTED "redactedData"
#define KEPT_BLOCKS "blocks"
#define KEPT_PAUSED "paused"

/* The state that *owner* has in this part of the step; NULL if there is
 * none. */
const struct json *anthropic_kept(const struct kept_owner *owner,
	const struct step *step, const struct json *part);

#endif
