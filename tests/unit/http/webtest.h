/*
 * webtest.h: a web server that sends well-formed and malformed records to a
 * program over its socket.
 */

#ifndef UNIT_HTTP_WEBTEST_H
#define UNIT_HTTP_WEBTEST_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

/* Record types. */
enum { BEGIN = 1, ABORT, END, PARAMS, STDIN, STDOUT, GET_VALUES = 9, VALUES };

/* The parts of the next request, and the received data. */
extern struct webtest {
	struct buf sent, got;
	const char *method;
	int mark; /* the request's id */
	int flags; /* 1: keep the connection */
	const char *remote, *token; /* of the client; NULL: not sent */
} webtest;

/* The program's socket. */
extern struct sockaddr_un webtest_address;

/* cmocka's teardown of a test. */
int webtest_clear(void **state);

/* ---- writing to webtest.sent */

void webtest_put_record(int type, const void *content, size_t len);
void webtest_put_param(struct buf *buf, const char *name, const char *value);
void webtest_put_begin(void);
/* *length*, *large*: CONTENT_LENGTH and X-Large, unless NULL. */
void webtest_put_params(const char *uri, const char *length, const char *large);
void webtest_put_body(const char *body, size_t len);
void webtest_put_request(const char *uri, const char *body);

/* ---- sending */

/* Every read from it has a timeout. */
int webtest_dial(void);
/* The same for requests on a kept connection; webtest.sent is empty
 * afterwards. */
int webtest_dial_kept(void);
/* Sends these bytes of webtest.sent; returns whether all could be sent. */
bool webtest_send_from(int fd, size_t from, size_t to);
/* Sends and clears webtest.sent. */
void webtest_send_all(int fd);

/* ---- receiving */

/* Reads until the program closes the connection, then closes it, too. */
void webtest_receive(int fd);
/* The text of the STDOUT records in webtest.got, if they are followed by
 * exactly the end records; otherwise NULL. */
const char *webtest_answer(struct buf *text);
/* Reads one record; returns its type, or 0 if the connection is closed. */
int webtest_receive_record(int fd, struct buf *content);
/* Reads exactly one answer; returns its protocol status. */
int webtest_receive_one(int fd, struct buf *text);
/* Reads a byte and closes the connection; returns whether there was none. */
bool webtest_is_closed(int fd);

void webtest_assert_one(int fd, const char *expected);
void webtest_assert_answer(const char *expected);

/* ---- both, on a new connection */

void webtest_exchange(void);
void webtest_ask(const char *expected);
/* Asserts that the program still serves requests. */
void webtest_assert_alive(void);

#endif
