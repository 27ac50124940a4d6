#include "base/fault_clock.h"

#ifdef FAULTS

#include <stdio.h>
#include <stdlib.h>

/* The file is replaced whole, so that nobody reads half a number. */
int64_t
fault_clock(int64_t wall_ms)
{
	const char *path = getenv("LAMPLIGHT_FAULT_CLOCK");
	long long wrong_ms = 0;
	FILE *file;

	file = path != NULL ? fopen(path, "r") : NULL;
	if (file == NULL)
		return wall_ms;
	if (fscanf(file, "%lld", &wrong_ms) != 1)
		wrong_ms = 0;
	fclose(file);
	return wall_ms + wrong_ms;
}

#else

/* ISO C requires a declaration in every file. */
typedef int fault_clock_is_compiled_out;

#endif
