#include "http/front_private.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct threads {
	struct front *front;
	pthread_mutex_t lock; /* of the queue */
	pthread_cond_t filled;
	struct link *first, *last;
	size_t n_waiting;
	bool closing;
	size_t n_threads;
	pthread_t threads[];
};

/* The next of the queue, NULL when there will be none. */
static struct link *
next(struct threads *threads)
{
	struct link *link;

	pthread_mutex_lock(&threads->lock);
	while (threads->first == NULL && !threads->closing)
		pthread_cond_wait(&threads->filled, &threads->lock);
	link = threads->first;
	if (link != NULL) {
		threads->first = link->queue_next;
		threads->n_waiting--;
	}
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

	pthread_mutex_lock(&threads->lock);
	room = threads->n_waiting < FRONT_QUEUE_MAX;
	if (room) {
		link->queue_next = NULL;
		if (threads->first == NULL)
			threads->first = link;
		else
			threads->last->queue_next = link;
		threads->last = link;
		threads->n_waiting++;
		pthread_cond_signal(&threads->filled);
	}
	pthread_mutex_unlock(&threads->lock);
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
