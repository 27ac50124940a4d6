/*
 * apitest.h: an app without a socket: tests build requests and pass them to the
 * functions under test.
 */

#ifndef UNIT_API_APITEST_H
#define UNIT_API_APITEST_H

#include "../repo/testdb.h"
#include "api/account.h"
#include "api/app.h"
#include "auth/jwt.h"

#define APITEST_PASSWORD "correct horse"
#define SITE_SECRET "a site's secret of thirty-two bytes"

struct apitest {
	struct testdb *t;
	struct app app; /* has ids, a guard and a key */
	struct jwt_policy own; /* its key, to sign what the app would not */
	char dir[64];
};

/* cmocka's group setup and teardown; *state is a struct apitest. */
int apitest_open(void **state);
int apitest_close(void **state);

/* Makes a request with one FastCGI parameter ("HTTP_...=..."), or none. */
struct request *apitest_request(struct apitest *a, const char *param);
/* Adds a parameter; at most 4. */
void apitest_param(struct request *rq, const char *param);

/* Makes a request from an address; an address, and a name, that no other test
 * uses. */
struct request *apitest_from(struct apitest *a, const char *address);
const char *apitest_address(struct apitest *a);
const char *apitest_name(struct apitest *a);

/* The hash of a token, as stored in the tables. */
struct span apitest_hash(struct apitest *a, const char *token);

/* Opens accounts and logs in; registered users have APITEST_PASSWORD. */
enum err apitest_open_account(struct request *rq, const char *name,
	const char *password, const char *invite, struct grant *out);
struct grant apitest_sign_up(struct apitest *a, const char *name);
enum err apitest_log_in_with(struct request *rq, const char *name,
	const char *password, const char *code, struct grant *out);
enum err apitest_log_in(struct apitest *a, const char *address,
	const char *name, const char *password);

#endif
