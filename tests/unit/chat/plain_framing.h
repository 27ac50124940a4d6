/* plain_framing.h: framing in which readers' connections carry the text itself,
 * then "<end>". */

#ifndef TEST_PLAIN_FRAMING_H
#define TEST_PLAIN_FRAMING_H

#include "chat/follower.h"

extern const struct framing plain_framing;

#endif
