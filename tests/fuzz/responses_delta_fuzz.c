/* responses_delta_fuzz.c: one event of a Responses answer, as delta_fuzz.c has it. */

#include "../unit/responses/after.h"
#include "responses/wire.h"

#define WIRE wire_responses
#define AFTER RESPONSES_AFTER
#include "delta_fuzz.c"
