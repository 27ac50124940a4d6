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
extern struct webtest {
	struct buf sent, got;
	const char *method;
	int mark; /* the request's id */
	int flags; /* 1: keep the connection */
	const char *remote, *token; /* of who asks; NULL: not said */
} webtest;

/* Where the program listens. */
extern struct sockaddr_un webtest_address;

/* cmocka's teardown of a test. */
int webtest_clear(void **state);

/* ---- written to webtest.sent */

void webtest_put_record(int type, const void *content, size_t len);
void webtest_put_param(struct buf *buf, const char *name, const char *value);
void webtest_put_begin(void);
/* *length*, *large*: CONTENT_LENGTH and X-Large, when they are not NULL. */
void webtest_put_params(const char *uri, const char *length, const char *large);
void webtest_put_body(const char *body, size_t len);
void webtest_put_request(const char *uri, const char *body);

/* ---- sent */

/* Nothing that is read from it is waited for without an end. */
int webtest_dial(void);
/* The same for requests whose connection is kept; webtest.sent is empty then. */
int webtest_dial_kept(void);
/* Sends these bytes of webtest.sent; whether all could be sent. */
bool webtest_send_from(int fd, size_t from, size_t to);
/* Sends and clears webtest.sent. */
void webtest_send_all(int fd);

/* ---- received */

/* Reads until the program closes, and closes. */
void webtest_receive(int fd);
/* The text of the STDOUT records in webtest.got, when they are followed by the end
 * and nothing else; NULL otherwise. */
const char *webtest_answer(struct buf *text);
/* Reads one record; its type. 0: the connection is closed. */
int webtest_receive_record(int fd, struct buf *content);
/* Reads an answer and no more; its protocol status. */
int webtest_receive_one(int fd, struct buf *text);
/* Reads a byte and closes; whether there was none. */
bool webtest_is_closed(int fd);

void webtest_assert_one(int fd, const char *expected);
void webtest_assert_answer(const char *expected);

/* ---- both, on a connection of its own */

void webtest_exchange(void);
void webtest_ask(const char *expected);
/* Whatever was done to the program, it serves. */
void webtest_assert_alive(void);

#endif
