#include "llm/made_id.h"

#include <stdlib.h>
#include <sys/random.h>

/* 64 characters would be even; two of 62 are a little more likely, which does
 * not matter for telling calls of one conversation apart. */
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz";

void
made_id(char out[MADE_ID_LEN])
{
	unsigned char bytes[MADE_ID_LEN - 1];

	/* Up to 256 bytes come whole once the pool is ready (getrandom(2)). */
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		abort();
	for (unsigned i = 0; i < sizeof(bytes); i++)
		out[i] = alphabet[bytes[i] % (sizeof(alphabet) - 1)];
	out[sizeof(bytes)] = '\0';
}
