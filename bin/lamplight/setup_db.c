/* setup_db.c: ensures that the database accepts us and has its tables. */

#include "auth/token.h"
#include "base/file.h"
#include "lamplight/setup.h"
#include "repo/account.h"
#include "repo/worker.h"

#include <string.h>
#include <unistd.h>

#define SECRET_MAX_LEN ((size_t)4096)

static void
say_reason(const struct db *db)
{
	if (db_reason(db) != NULL)
		fprintf(stderr, "%s\n", db_reason(db));
}

static bool
answers(const struct db_conf *conf, bool aloud)
{
	struct db *db = db_new(conf);
	int64_t now_ms;
	bool ok = worker_clock(db, &now_ms) == OK;

	if (!ok && aloud)
		say_reason(db);
	db_free(db);
	return ok;
}

/* Root's account on a server of this machine, which its socket identifies by
 * name. */
static struct db_conf
root_of(const struct setup *setup)
{
	struct db_conf root = setup->conf.db;

	root.user = "root";
	root.password = "";
	root.name = "";
	return root;
}

static bool
is_set(struct setup *setup, const char *key)
{
	return setup_given(setup, key)[0] != '\0';
}

/* Whether anybody has set how the programs connect. */
static bool
is_described(struct setup *setup)
{
	return is_set(setup, "db.host") || is_set(setup, "db.password") ||
		is_set(setup, "db.password_file");
}

/* ---- created by root */

/* Uses the password of an interrupted earlier run; otherwise makes a new one.
 * The characters at its end satisfy common password rules. */
static enum err
choose_password(struct setup *setup, const char **out)
{
	const char *path =
		arena_printf(&setup->arena, "%s/db.password", setup->folder);
	char token[TOKEN_LEN + 1];
	struct span left;

	if (file_read(&setup->arena, path, SECRET_MAX_LEN, &left) == OK &&
		left.len > TOKEN_LEN) {
		*out = arena_str(
			&setup->arena, left.data, strcspn(left.data, "\r\n"));
	} else {
		token_new(token);
		*out = arena_printf(&setup->arena, "%s.aA1", token);
	}
	return setup_put_made(setup, "db.password", *out);
}

static enum err
refuse_account(const char *user)
{
	fprintf(stderr,
		"The database has an account %s@localhost already. Give its "
		"password (db.password=-), or another db.user and db.name, or "
		"drop it: DROP USER %s@localhost\n",
		user, user);
	return ERR_CONFLICT;
}

static enum err
make_account(struct setup *setup, struct db *db)
{
	const struct db_conf *conf = &setup->conf.db;
	const char *left =
		arena_printf(&setup->arena, "%s/db.password", setup->folder);
	const char *password;
	bool found;

	if (!account_name(conf->name) || !account_name(conf->user)) {
		fputs("db.name and db.user are of up to 32 letters, digits and "
		      "_ here.\n",
			stderr);
		return ERR_INVALID;
	}
	TRY(account_find(db, conf->user, &found));
	if (found && access(left, F_OK) != 0)
		return refuse_account(conf->user);
	TRY(choose_password(setup, &password));
	TRY(account_make(db, &setup->arena, conf->name, conf->user, password));
	return setup_reload(setup);
}

static enum err
make_database(struct setup *setup)
{
	struct db_conf root = root_of(setup);
	struct db *db = db_new(&root);
	enum err err = make_account(setup, db);

	if (err == ERR_BUSY || err == ERR_INTERNAL)
		say_reason(db);
	if (err == OK)
		printf("Database: created %s and the account %s@localhost, "
		       "which may read and change rows.\n",
			setup->conf.db.name, setup->conf.db.user);
	db_free(db);
	return err;
}

/* ---- or described by an administrator */

static enum err
say_how(struct setup *setup)
{
	fprintf(stderr,
		"Make a database and an account with all rights on it, and "
		"give them: %s setup db.host=HOST db.name=NAME db.user=USER "
		"db.password=-\n(on this machine: leave out db.host; or run "
		"this as root, which makes them)\n",
		setup_command(&setup->arena));
	return ERR_BUSY;
}

enum err
setup_database(struct setup *setup)
{
	struct db_conf root = root_of(setup);
	bool may_make = geteuid() == 0 && !is_described(setup);

	if (may_make && answers(&root, false))
		TRY(make_database(setup));
	else if (!is_described(setup) && setup->asks)
		TRY(ask_database(setup));
	if (!answers(&setup->conf.db, true))
		return say_how(setup);
	puts("Database: answers.");
	return OK;
}

/* Migrates as root if possible: the programs' account need not be allowed to
 * change tables. */
enum err
setup_tables(struct setup *setup)
{
	struct task task = { .conf = setup->conf };
	struct db_conf root = root_of(setup);
	enum err err;

	root.name = setup->conf.db.name;
	if (geteuid() == 0 && setup->conf.db.hosts.n == 0 &&
		answers(&root, false))
		task.conf.db = root;
	err = migrate(&task);
	arena_reset(&task.arena);
	return err;
}
