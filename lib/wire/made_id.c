#include "wire/made_id.h"

#include <stdlib.h>
#include <sys/random.h>

/* With 64 characters all would be equally likely; with 62 some are slightly
 * more likely, which does not matter for distinguishing the calls of one
 * conversation. */
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz";

void
made_id(char out[MADE_ID_LEN])
{
	unsigned char bytes[MADE_ID_LEN - 1];

	/* getrandom(2) returns up to 256 bytes completely once its pool is
	 * ready. */
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		abort();
	for (unsigned i = 0; i < sizeof(bytes); i++)
		out[i] = alphabet[bytes[i] % (sizeof(alphabet) - 1)];
	out[sizeof(bytes)] = '\0';
}
