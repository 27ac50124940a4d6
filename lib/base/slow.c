#include "base/slow.h"

#ifdef FAULTS

#include "base/log.h"

#include <inttypes.h>
#include <time.h>

/* The linker's: where the program begins. */
extern const char __executable_start;

int64_t
slow_begin(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

void
slow_end(int64_t begin, const void *fn)
{
	int64_t took = slow_begin() - begin;

	if (took > SLOW_US)
		log_warn("loop_slow", "us=%" PRId64 " place=0x%" PRIxPTR, took,
			(uintptr_t)fn - (uintptr_t)&__executable_start);
}

#else
typedef int slow_is_empty; /* ISO C wants something in a file */
#endif
