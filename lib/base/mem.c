#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

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
