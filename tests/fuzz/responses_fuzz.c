/* responses_fuzz.c: the body of an OpenAI Responses answer, as upstream_fuzz.c
 * has it. */

#include "responses/wire.h"

#define WIRE wire_responses
#include "upstream_fuzz.c"
