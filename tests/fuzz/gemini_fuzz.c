/* gemini_fuzz.c: the body of a Gemini answer, as upstream_fuzz.c has it. */

#include "gemini/wire.h"

#define WIRE wire_gemini
#include "upstream_fuzz.c"
