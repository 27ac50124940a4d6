#include "base/slow.h"

#ifdef FAULTS

#include "base/log.h"

#include <inttypes.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* Defined by the linker: the start of the program. */
extern const char __executable_start;

/* How many pages to request to measure the time of one. */
#define TRIED 64

/* The sum of all measurements of this thread that have ended. Without it, a
 * measurement does not contain those made inside it. */
static _Thread_local int64_t measured_us;

static int64_t
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

int64_t
slow_begin(void)
{
	return cpu_us() - measured_us;
}

/* The time that the kernel takes per page right now, in us. */
static double
page_us(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE), len = TRIED * size;
	int64_t begin = cpu_us();
	char *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return SLOW_PAGE_US;
	for (size_t at = 0; at < len; at += size)
		*(volatile char *)(memory + at) = 1;
	munmap(memory, len);
	return (double)(cpu_us() - begin) / TRIED;
}

void
slow_end(int64_t begin, const void *fn)
{
	int64_t took = slow_begin() - begin;

	measured_us += took;
	if (took > SLOW_US &&
		(double)took >
			SLOW_US + SLOW_PAGES * (page_us() - SLOW_PAGE_US))
		log_warn("loop_slow", "us=%" PRId64 " place=0x%" PRIxPTR, took,
			(uintptr_t)fn - (uintptr_t)&__executable_start);
}

#else
typedef int slow_is_empty; /* ISO C requires a declaration in every file */
#endif
