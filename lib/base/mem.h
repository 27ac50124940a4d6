/*
 * mem.h: malloc that does not fail. Without memory there is nothing sensible
 * left to do: the process ends, its supervisor restarts it, and nothing
 * acknowledged is lost by that.
 */

#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size); /* not zeroed */
void *mem_zalloc(size_t size); /* zeroed */
void *mem_realloc(void *ptr, size_t size);
char *mem_str(const char *text); /* a copy */

/* Once, at start: what is large goes back to the system as soon as it is freed.
 * malloc would learn from the first large request to keep the next ones, and
 * for every thread. */
void mem_open(void);

/* What this process has of the machine's memory, in bytes; 0: not known. */
size_t mem_resident(void);

/* malloc keeps what was freed, for ever: gives back what it can. Takes some
 * milliseconds when there is much. */
void mem_give_back(void);

#endif
