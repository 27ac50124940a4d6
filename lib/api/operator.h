/*
 * operator.h: whether the operator is asking: for figures that are nobody
 * else's. There is no account for that; a monitor has http.operator_token, or
 * asks from this machine.
 */

#ifndef API_OPERATOR_H
#define API_OPERATOR_H

#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"

/*
 * With http.operator_token set: OK for a request that brings it as its bearer
 * token, from anywhere. Without: OK for one from a loopback address that no
 * proxy has passed on. Else ERR_NOT_FOUND: whoever may not read it need not
 * know that it is there.
 */
MUST_USE enum err
operator_check(const struct http_conf *conf, const struct request *rq);

#endif
