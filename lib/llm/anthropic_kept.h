/*
 * anthropic_kept.h: what is kept of an Anthropic answer (kept.h), where and as
 * the AI SDK has it, but for *blocks*:
 *
 *	"signature"     of a reasoning part; it goes back as a thinking block
 *	"redactedData"  of a reasoning part without words: a redacted one
 *	"blocks"        of any part: blocks of the provider's own tools that came
 *	                right before it, unchanged; or of an empty text part at the
 *	                end of a step
 *	"paused"        true, beside those: the model asked to be asked to go on
 */

#ifndef LLM_ANTHROPIC_KEPT_H
#define LLM_ANTHROPIC_KEPT_H

#define KEPT_ANTHROPIC "anthropic"
#define KEPT_SIGNATURE "signature"
#define KEPT_REDACTED "redactedData"
#define KEPT_BLOCKS "blocks"
#define KEPT_PAUSED "paused"

#endif
