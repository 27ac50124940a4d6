/*
 * wire.h: the wire of Anthropic Messages, for all compatible servers.
 * https://docs.anthropic.com/en/api/messages
 */

#ifndef ANTHROPIC_WIRE_H
#define ANTHROPIC_WIRE_H

#include "wire/wire.h"

extern const struct wire wire_anthropic;

#endif
