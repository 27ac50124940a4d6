#include "auth/secret.h"

#include "auth/token.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Works on the descriptor, because the programs own the folder and could put
 * another file under the name. */
static bool
give_to(int fd, const struct stat *owner)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	return (st.st_uid == owner->st_uid && st.st_gid == owner->st_gid) ||
		fchown(fd, owner->st_uid, owner->st_gid) == 0;
}

/* Writes a new file beside *path*, with mode 0600, this content and the owner
 * from *owner* unless that is NULL. Returns its name, or NULL on failure. */
static char *
write_beside(struct arena *arena, const char *path, struct span text,
	const struct stat *owner)
{
	char *temporary = arena_printf(arena, "%s.XXXXXX", path);
	int fd = mkostemp(temporary, O_CLOEXEC); /* created with mode 0600 */
	bool written;

	if (fd < 0)
		return NULL;
	written = (owner == NULL || give_to(fd, owner)) && file_write(fd, text);
	close(fd);
	if (written)
		return temporary;
	unlink(temporary);
	return NULL;
}

/* Root creates the file for the owner of the folder, the programs' user:
 * returns *st*. Returns NULL for other users, who create it for themselves. */
static const struct stat *
owner_of_folder(struct arena *arena, const char *path, struct stat *st)
{
	char *copy = arena_str(arena, path, strlen(path));

	return geteuid() == 0 && stat(dirname(copy), st) == 0 ? st : NULL;
}

/*
 * The file appears under its name whole or not at all, and only once: it is
 * written under another name and then linked, because a link never replaces a
 * file. If another process was faster, its file counts.
 */
static const char *
make(struct arena *arena, const char *path)
{
	char token[TOKEN_LEN + 2];
	const char *temporary, *why = NULL;
	struct stat folder;

	token_new(token);
	token[TOKEN_LEN] = '\n';
	temporary =
		write_beside(arena, path, (struct span){ token, TOKEN_LEN + 1 },
			owner_of_folder(arena, path, &folder));
	sodium_memzero(token, sizeof(token));
	if (temporary == NULL)
		return strerror(errno);
	if (link(temporary, path) == 0)
		log_info("secret_made", "path=\"%s\"", path);
	else if (errno != EEXIST)
		why = strerror(errno);
	unlink(temporary);
	if (why == NULL)
		file_sync_folder(arena, path);
	return why;
}

static const char *
check_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is not a regular file";
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return "others may read it; run chmod 600 on it";
	if (st.st_size > SECRET_MAX)
		return "it is longer than 4096 bytes";
	return NULL;
}

static const char *
read_file(struct arena *arena, int fd, struct span *out)
{
	char *data = arena_alloc(arena, SECRET_MAX);
	ssize_t n;
	size_t len = 0;
	const char *why = check_file(fd);

	if (why != NULL)
		return why;
	while ((n = read(fd, data + len, SECRET_MAX - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		return strerror(errno);
	if (len > 0 && data[len - 1] == '\n')
		len--;
	if (len < SECRET_MIN)
		return "it is shorter than 32 bytes";
	*out = (struct span){ data, len };
	return NULL;
}

/* ---- the keys of the file */

static void
add_key(struct secret_ring *ring, struct span secret, int64_t retired_s)
{
	static const char KID[] = "lamplight kid";
	struct secret_key *key = &ring->keys[ring->n++];
	unsigned char hash[crypto_generichash_BYTES_MIN];
	crypto_generichash_state state;

	*key = (struct secret_key){ .secret = secret, .retired_s = retired_s };
	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	crypto_generichash_update(
		&state, (const unsigned char *)KID, sizeof(KID));
	crypto_generichash_update(
		&state, (const unsigned char *)secret.data, secret.len);
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2base64(key->kid, sizeof(key->kid), hash,
		SECRET_KID_LEN * 6 / 8,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static struct span
next_line(struct span *rest)
{
	const char *end = memchr(rest->data, '\n', rest->len);
	size_t len = end != NULL ? (size_t)(end - rest->data) : rest->len;
	struct span line = { rest->data, len };

	len += end != NULL;
	*rest = (struct span){ rest->data + len, rest->len - len };
	return line;
}

/* "<unix seconds>:<key>" */
static bool
read_retired(struct span line, struct span *secret, int64_t *retired_s)
{
	size_t n = 0;

	*retired_s = 0;
	for (; n < line.len && n < 12 && isdigit((unsigned char)line.data[n]);
		n++)
		*retired_s = *retired_s * 10 + (line.data[n] - '0');
	if (n == 0 || n == line.len || line.data[n] != ':')
		return false;
	*secret = (struct span){ line.data + n + 1, line.len - n - 1 };
	return *retired_s > 0 && secret->len >= SECRET_MIN;
}

static bool
read_ring(struct span text, struct secret_ring *ring)
{
	struct span first = next_line(&text), secret;
	int64_t retired_s;

	ring->n = 0;
	if (first.len < SECRET_MIN)
		return false;
	add_key(ring, first, 0);
	while (text.len > 0) {
		if (ring->n == SECRET_KEYS_MAX ||
			!read_retired(next_line(&text), &secret, &retired_s))
			return false;
		add_key(ring, secret, retired_s);
	}
	return true;
}

/* Returns why the file cannot be used, or NULL. */
static const char *
load_text(struct arena *arena, const char *path, struct span *out)
{
	const char *why = NULL;
	int fd;

	if (sodium_init() < 0)
		return "libsodium does not start";
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		why = make(arena, path);
		if (why != NULL)
			return why;
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd < 0)
		return strerror(errno);
	why = read_file(arena, fd, out);
	close(fd);
	return why;
}

enum err
secret_load(struct arena *arena, const char *path, struct secret_ring *out)
{
	struct span text = span_of("");
	const char *why = load_text(arena, path, &text);

	*out = (struct secret_ring){ 0 };
	if (why != NULL) {
		out->refused = arena_str(arena, why, strlen(why));
		return ERR_INVALID;
	}
	if (!read_ring(text, out)) {
		out->n = 0;
		add_key(out, text, 0);
	}
	return OK;
}

/* ---- rotation */

enum err
secret_hold(
	struct arena *arena, const char *path, int *held, const char **refused)
{
	char *copy = arena_str(arena, path, strlen(path));
	const char *why = "somebody else is rotating it right now";
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*held = fd;
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return OK;
	if (fd < 0)
		why = strerror(errno);
	else
		close(fd);
	*refused = arena_str(arena, why, strlen(why));
	return ERR_INVALID;
}

static struct span
rotated(struct arena *arena, const struct secret_ring *ring, int64_t now_s,
	int64_t keep_s)
{
	char token[TOKEN_LEN + 1];
	struct buf text = BUF_INIT;
	struct span copy;

	token_new(token);
	buf_printf(&text, "%s\n", token);
	for (unsigned i = 0; i < ring->n && i < SECRET_KEYS_MAX - 1; i++) {
		const struct secret_key *key = &ring->keys[i];

		if (i > 0 && key->retired_s < keep_s)
			continue;
		buf_printf(
			&text, "%" PRId64 ":", i == 0 ? now_s : key->retired_s);
		buf_put_span(&text, key->secret);
		buf_putc(&text, '\n');
	}
	copy = arena_span(arena, buf_span(&text));
	sodium_memzero(text.data, text.len);
	buf_free(&text);
	return copy;
}

/* Returns the reason of a failure, or NULL. Root may rotate the file, while
 * other users read it. */
static const char *
replace(struct arena *arena, const char *path, struct span text)
{
	const char *temporary, *why;
	struct stat st;

	path = file_resolve(arena, path);
	if (path == NULL || stat(path, &st) != 0)
		return strerror(errno);
	temporary = write_beside(arena, path, text, &st);
	if (temporary == NULL)
		return strerror(errno);
	if (rename(temporary, path) == 0) {
		file_sync_folder(arena, path);
		return NULL;
	}
	why = strerror(errno);
	unlink(temporary);
	return why;
}

enum err
secret_rotate(struct arena *arena, const char *path, int64_t now_s,
	int64_t keep_s, const char **refused)
{
	struct secret_ring ring, check;
	const char *why;
	struct span text;
	enum err err = secret_load(arena, path, &ring);

	*refused = ring.refused;
	TRY(err);
	text = rotated(arena, &ring, now_s, keep_s);
	why = text.len > SECRET_MAX || !read_ring(text, &check)
		? "its key cannot stand beside another one, because it is too "
		  "long or has a line break"
		: replace(arena, path, text);
	if (why == NULL)
		return OK;
	*refused = arena_str(arena, why, strlen(why));
	return ERR_INVALID;
}

/* ---- using the keys */

bool
secret_verifies(const struct secret_key *key, int64_t now_s, int64_t ttl_s)
{
	return key->retired_s == 0 || now_s <= key->retired_s + ttl_s;
}

void
secret_derive(const struct secret_key *key, const char *context,
	unsigned char out[SECRET_DERIVED_LEN])
{
	unsigned char master[crypto_kdf_KEYBYTES];

	crypto_generichash(master, sizeof(master),
		(const unsigned char *)key->secret.data, key->secret.len, NULL,
		0);
	crypto_kdf_derive_from_key(out, SECRET_DERIVED_LEN, 1, context, master);
	sodium_memzero(master, sizeof(master));
}
