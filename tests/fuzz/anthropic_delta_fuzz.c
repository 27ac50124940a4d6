/* anthropic_delta_fuzz.c: one event of an Anthropic answer, as delta_fuzz.c has it. */

#include "anthropic/wire.h"

#define WIRE wire_anthropic
#include "delta_fuzz.c"
