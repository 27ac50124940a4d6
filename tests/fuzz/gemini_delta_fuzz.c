/* gemini_delta_fuzz.c: one event of a Gemini answer, as delta_fuzz.c has it. */

#include "gemini/wire.h"

#define WIRE wire_gemini
#include "delta_fuzz.c"
