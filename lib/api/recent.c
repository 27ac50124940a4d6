#include "api/recent.h"

#include "auth/token.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 4096

struct entry {
	char hash[TOKEN_HASH_LEN]; /* of the key, which can be long */
	int64_t asked_ms;
	uint64_t value;
	bool used;
};

struct recent {
	pthread_mutex_t mutex;
	struct entry entries[SLOTS];
};

struct recent *
recent_new(void)
{
	struct recent *recent = mem_zalloc(sizeof(*recent));

	pthread_mutex_init(&recent->mutex, NULL);
	return recent;
}

void
recent_free(struct recent *recent)
{
	pthread_mutex_destroy(&recent->mutex);
	free(recent);
}

/* The one place where *key* can be. */
static struct entry *
slot(struct recent *recent, const char *key, char hash[TOKEN_HASH_LEN])
{
	unsigned index;

	token_hash(span_of(key), hash);
	memcpy(&index, hash, sizeof(index));
	return &recent->entries[index % SLOTS];
}

static bool
holds(const struct entry *entry, const char hash[TOKEN_HASH_LEN])
{
	return entry->used && memcmp(entry->hash, hash, TOKEN_HASH_LEN) == 0;
}

bool
recent_get(
	struct recent *recent, const char *key, int64_t now_ms, uint64_t *value)
{
	char hash[TOKEN_HASH_LEN];
	const struct entry *entry = slot(recent, key, hash);
	bool found;

	pthread_mutex_lock(&recent->mutex);
	found = holds(entry, hash) && now_ms - entry->asked_ms < RECENT_MS;
	if (found)
		*value = entry->value;
	pthread_mutex_unlock(&recent->mutex);
	return found;
}

void
recent_put(struct recent *recent, const char *key, int64_t asked_ms,
	uint64_t value)
{
	char hash[TOKEN_HASH_LEN];
	struct entry *entry = slot(recent, key, hash);

	pthread_mutex_lock(&recent->mutex);
	memcpy(entry->hash, hash, TOKEN_HASH_LEN);
	entry->asked_ms = asked_ms;
	entry->value = value;
	entry->used = true;
	pthread_mutex_unlock(&recent->mutex);
}

void
recent_drop(struct recent *recent, const char *key)
{
	char hash[TOKEN_HASH_LEN];
	struct entry *entry = slot(recent, key, hash);

	pthread_mutex_lock(&recent->mutex);
	if (holds(entry, hash))
		entry->used = false;
	pthread_mutex_unlock(&recent->mutex);
}
