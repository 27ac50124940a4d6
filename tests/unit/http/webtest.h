/*
 * webtest.h: a web server that speaks to a program over its socket, in records
 * that are well formed and such that are not.
 */

#ifndef UNIT_HTTP_WEBTEST_H
#define UNIT_HTTP_WEBTEST_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

/* Types of records. */
enum { BEGIN = 1, ABORT, END, PARAMS, STDIN, STDOUT, GET_VALUES = 9, VALUES };

/* What the next request is made of, and what came back. */
extern struct web {
	struct buf sent, got;
	const char *method;
	int mark; /* the request's id */
	int flags; /* 1: keep the connection */
	const char *remote, *token; /* of who asks; NULL: not said */
} web;

/* Where the program listens. */
extern struct sockaddr_un web_address;

/* cmocka's teardown of a test. */
int web_clear(void **state);

/* ---- written to web.sent */

void web_put_record(int type, const void *content, size_t len);
void web_put_param(struct buf *buf, const char *name, const char *value);
void web_put_begin(void);
/* *length*, *large*: CONTENT_LENGTH and X-Large, when they are not NULL. */
void web_put_params(const char *uri, const char *length, const char *large);
void web_put_body(const char *body, size_t len);
void web_put_request(const char *uri, const char *body);

/* ---- sent */

/* Nothing that is read from it is waited for without an end. */
int web_dial(void);
/* The same for requests whose connection is kept; web.sent is empty then. */
int web_dial_kept(void);
/* Sends these bytes of web.sent; whether all could be sent. */
bool web_send_from(int fd, size_t from, size_t to);
/* Sends and clears web.sent. */
void web_send_all(int fd);

/* ---- received */

/* Reads until the program closes, and closes. */
void web_receive(int fd);
/* The text of the STDOUT records in web.got, when they are followed by the end
 * and nothing else; NULL otherwise. */
const char *web_answer(struct buf *text);
/* Reads one record; its type. 0: the connection is closed. */
int web_receive_record(int fd, struct buf *content);
/* Reads an answer and no more; its protocol status. */
int web_receive_one(int fd, struct buf *text);
/* Reads a byte and closes; whether there was none. */
bool web_is_closed(int fd);

void web_assert_one(int fd, const char *expected);
void web_assert_answer(const char *expected);

/* ---- both, on a connection of its own */

void web_exchange(void);
void web_ask(const char *expected);
/* Whatever was done to the program, it serves. */
void web_assert_alive(void);

#endif
