/*
 * mem.h: malloc that does not fail. Without memory nothing sensible is left to
 * do: the process ends, its supervisor restarts it, and no acknowledged data is
 * lost.
 */

#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size); /* not zeroed */
void *mem_zalloc(size_t size); /* zeroed */
void *mem_realloc(void *ptr, size_t size);
char *mem_str(const char *text); /* a copy */

/* Call once, at start: makes malloc return large blocks to the system as soon
 * as they are freed. By default it would learn from the first large request to
 * keep later ones, and do so for every thread. */
void mem_open(void);

/* The resident memory of this process in bytes; 0 if unknown. */
size_t mem_resident(void);

/* Returns freed memory to the system, which malloc would otherwise keep for
 * ever. Takes some milliseconds when there is much. */
void mem_give_back(void);

#endif
