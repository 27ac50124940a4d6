#include "api/recent.h"

#include "auth/token.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 4096

struct entry {
	/* The token itself is not stored. */
	unsigned char mark[TOKEN_MARK_LEN];
	int64_t asked_ms;
	struct recent_user user;
	char *limits; /* the user's own limits, owned; or NULL */
	bool used;
};

struct recent {
	pthread_mutex_t mutex;
	unsigned char key[TOKEN_KEY_LEN];
	struct entry entries[SLOTS];
};

struct recent *
recent_new(void)
{
	struct recent *recent = mem_zalloc(sizeof(*recent));

	pthread_mutex_init(&recent->mutex, NULL);
	token_key(recent->key);
	return recent;
}

void
recent_free(struct recent *recent)
{
	for (unsigned i = 0; i < SLOTS; i++)
		free(recent->entries[i].limits);
	pthread_mutex_destroy(&recent->mutex);
	free(recent);
}

/* The only entry where *token* can be. */
static struct entry *
slot(struct recent *recent, struct span token,
	unsigned char mark[TOKEN_MARK_LEN])
{
	unsigned index;

	token_mark(recent->key, token, mark);
	memcpy(&index, mark, sizeof(index));
	return &recent->entries[index % SLOTS];
}

static bool
holds(const struct entry *entry, const unsigned char mark[TOKEN_MARK_LEN])
{
	return entry->used && memcmp(entry->mark, mark, TOKEN_MARK_LEN) == 0;
}

bool
recent_get(struct recent *recent, struct arena *arena, struct span token,
	int64_t now_ms, struct recent_user *out)
{
	unsigned char mark[TOKEN_MARK_LEN];
	const struct entry *entry = slot(recent, token, mark);
	bool found;

	pthread_mutex_lock(&recent->mutex);
	found = holds(entry, mark) && now_ms - entry->asked_ms < RECENT_MS;
	if (found) {
		*out = entry->user;
		if (entry->limits != NULL)
			out->limits = arena_str(
				arena, entry->limits, strlen(entry->limits));
	}
	pthread_mutex_unlock(&recent->mutex);
	return found;
}

void
recent_put(struct recent *recent, struct span token, int64_t asked_ms,
	const struct recent_user *user)
{
	unsigned char mark[TOKEN_MARK_LEN];
	struct entry *entry = slot(recent, token, mark);

	pthread_mutex_lock(&recent->mutex);
	memcpy(entry->mark, mark, TOKEN_MARK_LEN);
	entry->asked_ms = asked_ms;
	entry->user = *user;
	entry->user.limits = NULL;
	free(entry->limits);
	entry->limits = user->limits != NULL ? mem_str(user->limits) : NULL;
	entry->used = true;
	pthread_mutex_unlock(&recent->mutex);
}

void
recent_drop(struct recent *recent, uint64_t login_id)
{
	pthread_mutex_lock(&recent->mutex);
	for (unsigned i = 0; i < SLOTS; i++)
		if (recent->entries[i].user.login_id == login_id)
			recent->entries[i].used = false;
	pthread_mutex_unlock(&recent->mutex);
}
