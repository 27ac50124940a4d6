#include "base/arena.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_SIZE 4096
#define ALIGN _Alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) char data[];
};

struct arena_defer {
	struct arena_defer *next;
	void (*cleanup)(void *);
	void *arg;
};

static struct arena_block *
add_block(struct arena *arena, size_t size)
{
	struct arena_block *block = mem_alloc(sizeof(*block) + size);

	block->next = arena->blocks;
	block->used = 0;
	block->size = size;
	arena->blocks = block;
	return block;
}

void *
arena_room(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t need = (size + ALIGN - 1) / ALIGN * ALIGN;
	void *ptr;

	if (block == NULL || block->size - block->used < need)
		block = add_block(arena, MAX(need, (size_t)BLOCK_SIZE));
	ptr = block->data + block->used;
	block->used += need;
	arena->used += need;
	return ptr;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_room(arena, size), 0, size);
}

void *
arena_dup(struct arena *arena, const void *data, size_t len)
{
	void *copy = arena_room(arena, len);

	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

char *
arena_str(struct arena *arena, const char *str, size_t len)
{
	char *copy = arena_room(arena, len + 1);

	if (len > 0)
		memcpy(copy, str, len);
	copy[len] = '\0';
	return copy;
}

struct span
arena_span(struct arena *arena, struct span span)
{
	if (span.data == NULL)
		return span;
	return (struct span){ arena_str(arena, span.data, span.len), span.len };
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	char *str;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		abort();
	str = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(str, (size_t)len + 1, format, again);
	va_end(again);
	return str;
}

void
arena_defer(struct arena *arena, void (*cleanup)(void *), void *arg)
{
	struct arena_defer *defer = arena_alloc(arena, sizeof(*defer));

	defer->cleanup = cleanup;
	defer->arg = arg;
	defer->next = arena->defers;
	arena->defers = defer;
}

static void
run_defers(struct arena *arena)
{
	for (struct arena_defer *d = arena->defers; d != NULL; d = d->next)
		d->cleanup(d->arg);
}

void
arena_reset(struct arena *arena)
{
	struct arena_block *block, *next;

	run_defers(arena);
	for (block = arena->blocks; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	*arena = (struct arena)ARENA_INIT;
}

void
arena_clear(struct arena *arena)
{
	struct arena_block *block = arena->blocks, *next;

	run_defers(arena);
	for (; block != NULL && block->next != NULL; block = next) {
		next = block->next;
		free(block);
	}
	if (block != NULL && block->size > BLOCK_SIZE) {
		free(block);
		block = NULL;
	}
	if (block != NULL)
		block->used = 0;
	*arena = (struct arena){ .blocks = block };
}
