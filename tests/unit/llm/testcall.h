/*
 * testcall.h: calls to a model that answers, fails and hangs: a server in a
 * thread plays one scripted answer a connection.
 */

#ifndef UNIT_LLM_TESTCALL_H
#define UNIT_LLM_TESTCALL_H

#include "../unit.h"
#include "llm/client.h"

#include <pthread.h>

#define HEAD_200                                                 \
	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" \
	"Connection: close\r\n\r\n"
#define DELTA(text) \
	"data: {\"choices\":[{\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define STOP "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n"
#define DONE "data: [DONE]\n\n"
#define REFUSE(status, headers, body) \
	"HTTP/1.1 " status " x\r\nConnection: close\r\n" headers "\r\n" body

/* DRIBBLE: words without end; COMMENTS, EMPTIES: what says nothing. TUNNEL: the
 * other end of a CONNECT speaks; SOCKS: of a SOCKS5. */
enum ending {
	CLOSE,
	RESET,
	HANG,
	DRIBBLE,
	COMMENTS,
	EMPTIES,
	UNASKED,
	TUNNEL,
	SOCKS
};

struct answer {
	const char *text; /* UNASKED: sent without reading the request */
	enum ending ending;
};

struct server {
	const struct answer *answers;
	unsigned n_answers;
	unsigned n_asked; /* read after the join only */
	int fd, port;
	int stop_fd; /* readable: go away */
	pthread_t thread;
	char request[4096]; /* the last one */
	char socks[700]; /* name:password host:port */
};

/* The answers are those of the caller, for as long as it is open. */
void testserver_open(
	struct server *server, const struct answer *answers, unsigned n);
void testserver_close(struct server *server);

/* For a server at that port; *base_url* is where its address is written. */
struct llm_conf testserver_conf(int port, char base_url[64]);

struct run {
	struct loop *loop;
	struct llm_client *client;
	struct llm_model *model;
	struct llm_call *call;
	struct llm_result result;
	struct buf text;
	unsigned n_events, n_ends;
	unsigned
		cancel_at; /* event after which the call is cancelled; 0: none */
	unsigned left; /* calls that have not ended */
};

/* The model of a configuration, the caller's. */
MUST_USE enum err
testrun_model(const struct llm_conf *conf, struct llm_model **out);

void testrun_open(struct run *run, const struct llm_conf *conf);
void testrun_start(struct run *run);
void testrun_close(struct run *run);

#endif
