#include "auth/password.h"

#include "base/log.h"

#include <sodium.h>
#include <string.h>

#define PASSES 2
#define MEMORY ((size_t)19 << 20) /* bytes */

_Static_assert(PASSWORD_HASH_LEN == crypto_pwhash_STRBYTES,
	"the hash fits the caller's array");

/* The hash, with the parameters above, of random bytes that nobody kept. */
static const char nobody[] =
	"$argon2id$v=19$m=19456,t=2,p=1$5VKHo5d82J7y+J/AttUL0A$S2As2uz/do2W6wKaptiZULOSwDoilzwHxFYfp2geT7Q";

enum err
password_hash(struct span password, char out[PASSWORD_HASH_LEN])
{
	if (crypto_pwhash_str_alg(out, password.data, password.len, PASSES,
		    MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0) {
		log_error("password_not_hashed", "memory=%zu", MEMORY);
		return ERR_BUSY;
	}
	return OK;
}

bool
password_verify(const char *hash, struct span password)
{
	bool same = crypto_pwhash_str_verify(hash != NULL ? hash : nobody,
			    password.data, password.len) == 0;

	return same && hash != NULL;
}

bool
password_outdated(const char *hash)
{
	return crypto_pwhash_str_needs_rehash(
		       hash != NULL ? hash : nobody, PASSES, MEMORY) != 0;
}
