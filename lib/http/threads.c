#include "http/front_private.h"

#include "base/address.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct threads {
	struct front *front;
	pthread_mutex_t lock; /* guards the queue */
	pthread_cond_t filled;
	/* Linked by link->queue_next: a running connection is in no list. */
	struct link *first, **end;
	size_t n_waiting;
	uint64_t turn; /* the turn of the request that began last */
	uint64_t seed; /* random start of who_of()'s hashes */
	bool closing;
	size_t n_threads;
	pthread_t threads[];
};

/* ---- turns */

/* FNV-1a with a secret start, so that nobody can choose whose turns they
 * use. */
static uint64_t
mix(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 29;
}

/* Identifies the client as well as possible before the request is checked: by
 * its network and its token. */
static uint64_t
who_of(const struct threads *threads, const struct link *link)
{
	struct span rest = buf_span(&link->reader.params), name, value;
	uint8_t network[ADDRESS_NETWORK_LEN] = { 0 };
	uint64_t who = threads->seed;
	char address[64];

	while (record_pair(&rest, &name, &value)) {
		if (span_is(name, "HTTP_AUTHORIZATION"))
			who = mix(who, value.data, value.len);
		if (!span_is(name, "REMOTE_ADDR") ||
			value.len >= sizeof(address))
			continue;
		memcpy(address, value.data, value.len);
		address[value.len] = '\0';
		(void)address_network(address, network);
	}
	return mix(who, network, sizeof(network));
}

/* The turn after the client's last waiting request. */
static uint64_t
turn_of(const struct threads *threads, uint64_t who)
{
	uint64_t turn = threads->turn;

	for (const struct link *link = threads->first; link != NULL;
		link = link->queue_next)
		if (link->who == who)
			turn = MAX(turn, link->turn);
	return turn + 1;
}

/* Takes the first request of the earliest turn; NULL if none is waiting. */
static struct link *
take(struct threads *threads)
{
	struct link **best = &threads->first, *link;

	for (struct link **at = &threads->first; *at != NULL;
		at = &(*at)->queue_next)
		if ((*at)->turn < (*best)->turn)
			best = at;
	link = *best;
	if (link == NULL)
		return NULL;
	*best = link->queue_next;
	if (threads->end == &link->queue_next)
		threads->end = best;
	threads->n_waiting--;
	threads->turn = link->turn;
	return link;
}

/* ---- the threads */

/* The next request of the queue; NULL when no more will come. */
static struct link *
next(struct threads *threads)
{
	struct link *link;

	pthread_mutex_lock(&threads->lock);
	while (threads->first == NULL && !threads->closing)
		pthread_cond_wait(&threads->filled, &threads->lock);
	link = take(threads);
	pthread_mutex_unlock(&threads->lock);
	return link;
}

static void *
run_thread(void *arg)
{
	struct threads *threads = arg;
	struct front *front = threads->front;
	struct fcgi_library *library = fcgi_library_open();
	void *thread = front->hooks.thread_open(front->hooks.arg);
	struct arena arena = ARENA_INIT;
	struct link *link;

	while ((link = next(threads)) != NULL) {
		exchange_run(link, library, thread, &arena);
		if (!link_leave(link))
			loop_post(front->loop, link_answered, link);
	}
	arena_reset(&arena);
	front->hooks.thread_close(thread, front->hooks.arg);
	fcgi_library_close(library);
	return NULL;
}

struct threads *
threads_open(struct front *front)
{
	size_t n = (size_t)front->conf->threads;
	struct threads *threads =
		mem_zalloc(sizeof(*threads) + n * sizeof(pthread_t));

	threads->front = front;
	threads->end = &threads->first;
	if (getrandom(&threads->seed, sizeof(threads->seed), 0) !=
		(ssize_t)sizeof(threads->seed))
		abort();
	pthread_mutex_init(&threads->lock, NULL);
	pthread_cond_init(&threads->filled, NULL);
	for (; threads->n_threads < n; threads->n_threads++)
		if (pthread_create(&threads->threads[threads->n_threads], NULL,
			    run_thread, threads) != 0)
			abort();
	return threads;
}

bool
threads_add(struct threads *threads, struct link *link)
{
	bool room;

	link->who = who_of(threads, link);
	pthread_mutex_lock(&threads->lock);
	room = threads->n_waiting < FRONT_QUEUE_MAX;
	if (room) {
		link->turn = turn_of(threads, link->who);
		link->queue_next = NULL;
		*threads->end = link;
		threads->end = &link->queue_next;
		threads->n_waiting++;
	}
	pthread_mutex_unlock(&threads->lock);
	/* Signal after unlocking, or the woken thread blocks on the lock. */
	if (room)
		pthread_cond_signal(&threads->filled);
	return room;
}

void
threads_close(struct threads *threads)
{
	pthread_mutex_lock(&threads->lock);
	threads->closing = true;
	pthread_cond_broadcast(&threads->filled);
	pthread_mutex_unlock(&threads->lock);
	for (size_t i = 0; i < threads->n_threads; i++)
		pthread_join(threads->threads[i], NULL);
	pthread_cond_destroy(&threads->filled);
	pthread_mutex_destroy(&threads->lock);
	free(threads);
}
