/* keys.c: rotates the secret file. */

#include "auth/seal.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "lamplight/commands.h"
#include "repo/factor.h"
#include "repo/provider_seal.h"
#include "repo/schema.h"
#include "repo/sealing.h"
#include "repo/user.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FACTORS_AT_ONCE 500
#define MARGIN_S 60
#define LOOKED_S 2 /* longer than auth/keyring waits between two looks */

static enum err
say_refused(struct task *task, enum err err, const char *refused)
{
	if (err != OK)
		fprintf(stderr, TASK_SECRET_REFUSED "\n",
			task->conf.auth.secret_file, refused);
	return err;
}

enum err
task_ring(struct task *task, struct secret_ring *out)
{
	enum err err =
		secret_load(&task->arena, task->conf.auth.secret_file, out);

	return say_refused(task, err, out->refused);
}

/* Users with site tokens have no username. */
static void
say_factor(void *arg, const struct factor *factor)
{
	struct task *task = arg;
	const char *name =
		arena_printf(&task->arena, "%" PRIu64, factor->user_id);
	struct user user;

	if (user_find(task->db, &task->arena, factor->user_id, &user) == OK &&
		user.username != NULL && user.username[0] != '\0')
		name = user.username;
	printf("Note: the second factor of the user %s cannot be decrypted: "
	       "lamplight user no-factor %s removes it.\n",
		name, name);
}

/* *quiet*: the losses were reported before. */
static enum err
reseal(struct task *task, const struct secret_ring *ring,
	const struct factor *factor, bool quiet)
{
	const char *about = factor_about(&task->arena, factor);
	struct span secret;

	if (seal_is_current(ring, factor->sealed))
		return OK;
	/* It was lost before, which is no reason to keep an old key for
	 * everybody. */
	if (seal_open(ring, &task->arena, about, factor->sealed, &secret) !=
		OK) {
		if (!quiet)
			say_factor(task, factor);
		return OK;
	}
	return factor_reseal(
		task->db, factor->id, seal(ring, &task->arena, about, secret));
}

static void
say_lost(void *arg, const char *name)
{
	const bool *quiet = arg;

	if (*quiet)
		return;
	fprintf(stderr,
		"The key of the provider \"%s\" cannot be decrypted: lamplight "
		"provider set sets a new one.\n",
		name);
}

/* Seals everything under the current key. */
static enum err
reseal_all(struct task *task, const struct secret_ring *ring, bool quiet)
{
	struct factor_list factors;
	uint64_t after_id = 0;

	do {
		TRY(factor_list(task->db, &task->arena, after_id,
			FACTORS_AT_ONCE, &factors));
		for (unsigned i = 0; i < factors.n; i++) {
			TRY(reseal(task, ring, &factors.list[i], quiet));
			after_id = factors.list[i].id;
		}
	} while (factors.n == FACTORS_AT_ONCE);
	return provider_seal_anew(
		task->db, &task->arena, ring, say_lost, &quiet);
}

enum err
check_secret(struct task *task, struct secret_ring *ring)
{
	const char *path = task->conf.auth.secret_file;
	bool missed;
	enum err err;

	*ring = (struct secret_ring){ 0 };
	TRY(sealing_any(task->db, &task->arena, &missed));
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		if (!missed)
			return OK;
		fprintf(stderr,
			"The secret file %s (auth.secret_file) is not there. "
			"Put it back: it decrypts what is encrypted in the database. "
			"If it is lost, run: lamplight secret accept\n",
			path);
		return ERR_CONFLICT;
	}
	TRY(task_ring(task, ring));
	err = sealing_check(task->db, &task->arena, ring);
	if (err == ERR_CONFLICT)
		fputs(SEALING_WRONG ".\n", stderr);
	return err;
}

/* Also creates the file if there is none. */
static enum err
right_ring(struct task *task, struct secret_ring *ring)
{
	TRY(check_secret(task, ring));
	return ring->n > 0 ? OK : task_ring(task, ring);
}

/* Seal before the rotation, so that nothing is sealed with the dropped keys;
 * and afterwards, once all programs have looked at the file and can read what
 * the new key seals, so that less is left for the next rotation. */
static enum err
rotate(struct task *task)
{
	const struct auth_conf *conf = &task->conf.auth;
	int64_t now_s = clock_wall_ms() / 1000;
	const char *refused = NULL;
	struct secret_ring ring;
	enum err err;

	/* With a wrong file it would seal with a key that the programs using
	 * the right file do not have. */
	TRY(right_ring(task, &ring));
	TRY(reseal_all(task, &ring, false));
	err = secret_rotate(&task->arena, conf->secret_file, now_s,
		now_s - conf->access_ttl_s - MARGIN_S, &refused);
	TRY(say_refused(task, err, refused));
	sleep(LOOKED_S);
	TRY(task_ring(task, &ring));
	return reseal_all(task, &ring, true);
}

enum err
rotate_secret(struct task *task)
{
	const struct auth_conf *conf = &task->conf.auth;
	const char *refused = NULL;
	int held;
	enum err err;

	TRY(schema_check(task->db, "lamplight"));
	err = secret_hold(&task->arena, conf->secret_file, &held, &refused);
	TRY(say_refused(task, err, refused));
	err = rotate(task);
	close(held);
	TRY(err);
	task_audit("secret_rotated", 0);
	printf("A new key is in use. The old one checks access tokens for %" PRId64
	       " more seconds.\n",
		conf->access_ttl_s);
	return OK;
}

enum err
accept_secret(struct task *task)
{
	struct secret_ring ring;
	bool quiet = false;

	TRY(schema_check(task->db, "lamplight"));
	TRY(task_ring(task, &ring));
	TRY(sealing_accept(task->db, &task->arena, &ring));
	/* Report the secrets that the key does not open. */
	TRY(provider_seal_anew(
		task->db, &task->arena, &ring, say_lost, &quiet));
	TRY(sealing_lost(task->db, &ring, say_factor, task));
	task_audit("secret_accepted", 0);
	puts("The secret file is accepted.");
	return OK;
}

/* A program without a secret file creates one, if it may; root may do so
 * anywhere. */
static enum err
check_place(struct task *task)
{
	const char *path = task->conf.auth.secret_file;
	char *copy = arena_str(&task->arena, path, strlen(path));

	if (geteuid() == 0 || access(path, F_OK) == 0 ||
		access(dirname(copy), W_OK | X_OK) == 0)
		return OK;
	fprintf(stderr,
		"There is no secret file %s (auth.secret_file), and none can "
		"be made there: %s.\n",
		path, strerror(errno));
	return ERR_CONFLICT;
}

enum err
check_keys(struct task *task)
{
	struct provider_secrets secrets;
	struct provider_list all;
	struct secret_ring ring;

	TRY(check_secret(task, &ring));
	TRY(check_place(task));
	puts("Secret file: can decrypt everything.");
	if (ring.n > 0)
		TRY(sealing_lost(task->db, &ring, say_factor, task));
	TRY(provider_list(task->db, &task->arena, &all));
	if (all.n > 0 && ring.n == 0)
		TRY(task_ring(task, &ring));
	for (size_t i = 0; i < all.n; i++)
		if (provider_open(
			    &ring, &task->arena, &all.list[i], &secrets) != OK)
			printf("Note: the key of the provider \"%s\" cannot be "
			       "decrypted: lamplight provider set sets a new "
			       "one.\n",
				all.list[i].name);
	return OK;
}
