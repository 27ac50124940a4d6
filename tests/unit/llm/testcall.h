/*
 * testcall.h: calls to a model that answers, fails or hangs: a server in a
 * thread plays one scripted answer per connection.
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

/* DRIBBLE: endless text. COMMENTS, EMPTIES: no content. TUNNEL: the other end
 * of a CONNECT speaks; SOCKS: that of SOCKS5. */
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
	const char *text; /* UNASKED: sent without reading a request */
	enum ending ending;
};

struct server {
	const struct answer *answers;
	unsigned n_answers;
	unsigned n_asked; /* read only after the join */
	int fd, port;
	int stop_fd; /* becomes readable when the server should stop */
	pthread_t thread;
	char request[4096]; /* the last request */
	char socks[700]; /* name:password host:port */
};

/* The answers belong to the caller and must exist while the server is open. */
void testserver_open(
	struct server *server, const struct answer *answers, unsigned n);
void testserver_close(struct server *server);

/* The configuration for a server at that port; *base_url* receives its
 * address. */
struct llm_conf testserver_conf(int port, char base_url[64]);

struct run {
	struct loop *loop;
	struct llm_client *client;
	struct llm_model *model;
	struct llm_call *call;
	struct llm_result result;
	struct buf text;
	unsigned n_events, n_ends;
	/* the call is cancelled after this event; 0: never */
	unsigned cancel_at;
	unsigned left; /* calls that have not ended yet */
};

/* Makes the model of a configuration, which the caller releases. */
MUST_USE enum err
testrun_model(const struct llm_conf *conf, struct llm_model **out);

void testrun_open(struct run *run, const struct llm_conf *conf);
void testrun_start(struct run *run);
void testrun_close(struct run *run);

#endif
