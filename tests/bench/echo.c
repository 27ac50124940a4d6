/*
 * echo.c: what libfcgi allows, as its manual uses it: a few threads that
 * accept, read a request and answer what the file says, without a database or
 * a check; a new connection for every request.
 *
 * 	echo FILE	its listening socket is descriptor 0
 */

#include "lib/canned.h"

#include <fcgiapp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 4

static struct buf answer;

static void *
serve(void *arg)
{
	FCGX_Request request;

	(void)arg;
	if (FCGX_InitRequest(&request, 0, 0) != 0)
		abort();
	while (FCGX_Accept_r(&request) == 0) {
		FCGX_PutStr(answer.data, (int)answer.len, request.out);
		FCGX_Finish_r(&request);
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	if (argc != 2 || FCGX_Init() != 0)
		return EXIT_FAILURE;
	canned_read(argv[1], &answer);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, serve, NULL) != 0)
			return EXIT_FAILURE;
	pthread_join(threads[0], NULL);
	return EXIT_SUCCESS;
}
