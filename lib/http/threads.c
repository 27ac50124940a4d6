#include "http/front_private.h"

#include "base/address.h"
#include "base/attr.h"
#include "base/mem.h"
#include "base/turns.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct threads {
	struct front *front;
	pthread_mutex_t lock; /* guards the queue */
	pthread_cond_t filled;
	struct turns *turns; /* struct link */
	bool closing;
	size_t n_threads;
	pthread_t threads[];
};

/* ---- the queue */

/* Identifies the client as well as possible before the request is checked. A
 * client that invents a token for each request still has one network. */
static void
name_asker(const struct threads *threads, struct link *link)
{
	struct span rest = buf_span(&link->reader.params), name, value;
	uint8_t network[ADDRESS_NETWORK_LEN] = { 0 };
	char address[64];
	uint64_t who = 0;

	while (record_pair(&rest, &name, &value)) {
		if (span_is(name, "HTTP_AUTHORIZATION"))
			who = turns_key(
				threads->turns, who, value.data, value.len);
		if (!span_is(name, "REMOTE_ADDR") ||
			value.len >= sizeof(address))
			continue;
		memcpy(address, value.data, value.len);
		address[value.len] = '\0';
		(void)address_network(address, network);
	}
	link->askers[0] =
		turns_key(threads->turns, 0, network, sizeof(network));
	link->askers[1] = who;
}

/* ---- the threads */

/* The next request of the queue; NULL when no more will come. */
static struct link *
next(struct threads *threads)
{
	struct turn *turn;

	pthread_mutex_lock(&threads->lock);
	while ((turn = turns_next(threads->turns)) == NULL && !threads->closing)
		pthread_cond_wait(&threads->filled, &threads->lock);
	pthread_mutex_unlock(&threads->lock);
	return turn != NULL ? CONTAINER_OF(turn, struct link, turn) : NULL;
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
	threads->turns = turns_open();
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
	room = turns_waiting(threads->turns) < FRONT_QUEUE_MAX;
	if (room)
		turns_add(threads->turns, &link->turn, link->askers,
			LENGTH(link->askers));
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
	turns_close(threads->turns);
	free(threads);
}
