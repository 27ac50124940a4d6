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

/* Identifies the client as well as possible before the request is checked. A
 * client that invents a token for each request still has one network. */
static void
name_asker(const struct threads *threads, struct link *link)
{
	struct span rest = buf_span(&link->reader.params), name, value;
	uint8_t network[ADDRESS_NETWORK_LEN] = { 0 };
	char address[64];

	link->who = threads->seed;
	while (record_pair(&rest, &name, &value)) {
		if (span_is(name, "HTTP_AUTHORIZATION"))
			link->who = mix(link->who, value.data, value.len);
		if (!span_is(name, "REMOTE_ADDR") ||
			value.len >= sizeof(address))
			continue;
		memcpy(address, value.data, value.len);
		address[value.len] = '\0';
		(void)address_network(address, network);
	}
	link->network = mix(threads->seed, network, sizeof(network));
}

/* The request's turn follows the last waiting one of its network, and within the
 * network the last waiting one of the same client. */
static void
give_turns(const struct threads *threads, struct link *link)
{
	const struct link *other = threads->first;

	link->turn = threads->turn;
	link->own_turn = link->own_served = 0;
	for (; other != NULL; other = other->queue_next) {
		if (other->network != link->network)
			continue;
		link->turn = MAX(link->turn, other->turn);
		link->own_served = other->own_served;
		if (other->who == link->who)
			link->own_turn = MAX(link->own_turn, other->own_turn);
	}
	link->turn++;
	link->own_turn = MAX(link->own_turn, link->own_served) + 1;
}

/* Finds the network with the earliest turn and, within it, the client with the
 * earliest turn of its own; NULL if the queue is empty. */
static struct link **
find_next(struct threads *threads)
{
	struct link **best = &threads->first, **own;

	for (struct link **at = best; *at != NULL; at = &(*at)->queue_next)
		if ((*at)->turn < (*best)->turn)
			best = at;
	own = best;
	for (struct link **at = &threads->first; *at != NULL;
		at = &(*at)->queue_next)
		if ((*at)->network == (*best)->network &&
			(*at)->own_turn < (*own)->own_turn)
			own = at;
	if (*best == NULL)
		return NULL;
	/* The served request uses up the network's earliest turn. */
	threads->turn = (*best)->turn;
	(*best)->turn = (*own)->turn;
	return own;
}

/* Takes the next request; NULL if none is waiting. */
static struct link *
take(struct threads *threads)
{
	struct link **place = find_next(threads), *link;

	if (place == NULL)
		return NULL;
	link = *place;
	*place = link->queue_next;
	if (threads->end == &link->queue_next)
		threads->end = place;
	threads->n_waiting--;
	for (struct link *other = threads->first; other != NULL;
		other = other->queue_next)
		if (other->network == link->network)
			other->own_served = link->own_turn;
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

	name_asker(threads, link);
	pthread_mutex_lock(&threads->lock);
	room = threads->n_waiting < FRONT_QUEUE_MAX;
	if (room) {
		give_turns(threads, link);
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
