#include "auth/keyring.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#define LOOK_MS 1000

struct keyring {
	pthread_mutex_t mutex;
	/* The arena keeps old rings too: a caller may still use one, and they
	 * are few. */
	struct arena arena;
	const char *path;
	const struct secret_ring *ring;
	const char *refused; /* why the current file cannot be used */
	struct stat seen;
	int64_t looked_ms;
};

static enum err
load(struct keyring *keyring, struct secret_ring *ring)
{
	enum err err = secret_load(&keyring->arena, keyring->path, ring);

	keyring->refused = ring->refused;
	if (err != OK)
		log_error("secret_refused", "file=%s reason=\"%s\"",
			keyring->path, ring->refused);
	return err;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
		a->st_size == b->st_size && a->st_mode == b->st_mode &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Warns that the file is missing: a program that starts now would create
 * another key. */
static void
look_gone(struct keyring *keyring)
{
	if (keyring->seen.st_nlink == 0)
		return;
	keyring->seen = (struct stat){ 0 };
	keyring->refused = "it is gone; put it back before a program starts";
	log_error("secret_refused", "file=%s reason=\"%s\"", keyring->path,
		keyring->refused);
}

/* Remembers what it saw, good or bad, for the next look, so that a bad file is
 * logged only once. */
static void
look(struct keyring *keyring)
{
	struct secret_ring *ring;
	struct stat now;

	keyring->looked_ms = clock_mono_ms();
	if (stat(keyring->path, &now) != 0) {
		look_gone(keyring);
		return;
	}
	if (same_file(&now, &keyring->seen))
		return;
	keyring->seen = now;
	ring = arena_alloc(&keyring->arena, sizeof(*ring));
	if (load(keyring, ring) == OK)
		keyring->ring = ring;
}

enum err
keyring_open(const char *path, struct keyring **out)
{
	struct keyring *keyring = mem_zalloc(sizeof(*keyring));
	struct secret_ring *ring;
	enum err err;

	pthread_mutex_init(&keyring->mutex, NULL);
	keyring->path = path;
	ring = arena_alloc(&keyring->arena, sizeof(*ring));
	err = load(keyring, ring);
	keyring->ring = ring;
	if (err != OK)
		keyring_close(keyring);
	else
		*out = keyring;
	return err;
}

void
keyring_close(struct keyring *keyring)
{
	pthread_mutex_destroy(&keyring->mutex);
	arena_reset(&keyring->arena);
	free(keyring);
}

const struct secret_ring *
keyring_now(struct keyring *keyring)
{
	const struct secret_ring *ring;

	pthread_mutex_lock(&keyring->mutex);
	if (clock_mono_ms() - keyring->looked_ms >= LOOK_MS)
		look(keyring);
	ring = keyring->ring;
	pthread_mutex_unlock(&keyring->mutex);
	return ring;
}

const char *
keyring_refused(struct keyring *keyring)
{
	const char *refused;

	(void)keyring_now(keyring);
	pthread_mutex_lock(&keyring->mutex);
	refused = keyring->refused;
	pthread_mutex_unlock(&keyring->mutex);
	return refused;
}

bool
keyring_changed(struct keyring *keyring, const struct secret_ring *known)
{
	bool changed;

	pthread_mutex_lock(&keyring->mutex);
	look(keyring);
	changed = keyring->ring != known;
	pthread_mutex_unlock(&keyring->mutex);
	return changed;
}
