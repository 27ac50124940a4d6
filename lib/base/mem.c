#include "base/mem.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGE (256 << 10)

static void *
checked(void *ptr)
{
	if (ptr == NULL) {
		fputs("level=error event=out_of_memory\n", stderr);
		abort();
	}
	return ptr;
}

void *
mem_alloc(size_t size)
{
	return checked(malloc(size > 0 ? size : 1));
}

void *
mem_zalloc(size_t size)
{
	return checked(calloc(1, size > 0 ? size : 1));
}

void *
mem_realloc(void *ptr, size_t size)
{
	return checked(realloc(ptr, size > 0 ? size : 1));
}

void
mem_open(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGE);
	mallopt(M_TRIM_THRESHOLD, 4 * LARGE);
}

size_t
mem_resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char line[128] = "", *second;

	if (file == NULL)
		return 0;
	second = fgets(line, sizeof(line), file) != NULL ? strchr(line, ' ')
							 : NULL;
	fclose(file);
	return second == NULL
		? 0
		: strtoul(second, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

void
mem_give_back(void)
{
	malloc_trim(0);
}

char *
mem_str(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(mem_alloc(size), text, size);
}
