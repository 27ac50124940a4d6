/* anthropic_fuzz.c: the body of an Anthropic answer, as upstream_fuzz.c has
 * it. */

#include "anthropic/wire.h"

#define WIRE wire_anthropic
#include "upstream_fuzz.c"
