/*
 * operator.h: whether a request comes from the operator, for figures that
 * nobody else may see. There is no account for that; a monitor has
 * http.operator_token, or asks from this machine.
 */

#ifndef API_OPERATOR_H
#define API_OPERATOR_H

#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"

/*
 * With http.operator_token set: OK for a request with this bearer token, from
 * anywhere. Without: OK for a request from a loopback address that no proxy has
 * forwarded. Otherwise ERR_NOT_FOUND: others need not know that the route
 * exists.
 */
MUST_USE enum err
operator_check(const struct http_conf *conf, const struct request *rq);

#endif
