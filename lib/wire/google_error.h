/*
 * google_error.h: reads the `details` of Google's errors, google.rpc.RetryInfo
 * and google.rpc.QuotaFailure
 * (https://cloud.google.com/apis/design/errors#error_details), because Google
 * uses the same words for requests that come too fast and for an exhausted
 * quota.
 */

#ifndef WIRE_GOOGLE_ERROR_H
#define WIRE_GOOGLE_ERROR_H

#include "json/json.h"

#include <stdint.h>

/* The delay in milliseconds after which the same request may be accepted; 0 if
 * none is given, or if the quota is a daily one. *body* is an error, or a list
 * of errors. */
int64_t google_error_retry_ms(const struct json *body);

#endif
