#include "api/recovery_codes.h"

#include "auth/totp.h"

#include <ctype.h>
#include <inttypes.h>

#define RECOVERY_BYTES 15
#define RECOVERY_LETTERS 24 /* their length in base32 */

/* Uses only letters and digits, in upper case, because people copy codes in
 * various forms. */
void
recovery_codes_hash(struct arena *arena, uint64_t user_id, struct span code,
	char out[TOKEN_HASH_LEN])
{
	char *text = arena_alloc(arena, code.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < code.len; i++)
		if (isalnum((unsigned char)code.data[i]))
			text[len++] =
				(char)toupper((unsigned char)code.data[i]);
	token_hash(span_of(arena_printf(
			   arena, "recovery %" PRIu64 " %s", user_id, text)),
		out);
}

/* Writes groups of four. */
static void
new_code(char out[RECOVERY_CODE_LEN + 1])
{
	char random[TOKEN_LEN + 1], hash[TOKEN_HASH_LEN];
	char text[RECOVERY_LETTERS + 1];

	token_new(random);
	token_hash(span_of(random), hash);
	base32((const unsigned char *)hash, RECOVERY_BYTES, text);
	for (unsigned i = 0, at = 0; i < RECOVERY_LETTERS; i++) {
		if (i > 0 && i % 4 == 0)
			out[at++] = '-';
		out[at++] = text[i];
	}
	out[RECOVERY_CODE_LEN] = '\0';
}

enum err
recovery_codes_renew(struct db *db, struct arena *arena, uint64_t user_id,
	struct recovery_codes *out)
{
	char hashes[RECOVERY_CODES_N][TOKEN_HASH_LEN];
	struct span spans[RECOVERY_CODES_N];

	for (unsigned i = 0; i < RECOVERY_CODES_N; i++) {
		new_code(out->list[i]);
		recovery_codes_hash(
			arena, user_id, span_of(out->list[i]), hashes[i]);
		spans[i] = (struct span){ hashes[i], TOKEN_HASH_LEN };
	}
	return recovery_codes_replace(db, user_id, spans, RECOVERY_CODES_N);
}
