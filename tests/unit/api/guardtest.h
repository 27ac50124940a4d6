/* guardtest.h: logins, tokens and requests that carry them. */

#ifndef GUARDTEST_H
#define GUARDTEST_H

#include "apitest.h"
#include "base/err.h"
#include "repo/login.h"

#define HOUR_S INT64_C(3600)

struct request *guardtest_bearing(struct apitest *a, const char *token);

struct login guardtest_make_login(struct apitest *a);

const char *
guardtest_token_of(struct apitest *a, uint64_t user_id, uint64_t login_id);

const char *guardtest_signed_with(
	struct apitest *a, struct span secret, const char *claims);

enum err guardtest_check(struct apitest *a, const char *token);

#endif
