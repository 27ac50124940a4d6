/* secret_test.c: the signing key's file, and tokens. */

#include "auth/secret.h"

#include "../unit.h"
#include "auth/token.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 16

struct fixture {
	struct arena arena;
	char dir[64];
	char path[80];
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/secret_test.XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		return -1;
	snprintf(f->path, sizeof(f->path), "%s/secret", f->dir);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	rmdir(f->dir);
	arena_reset(&f->arena);
	free(f);
	return 0;
}

static void
put_file(const struct fixture *f, const char *data, size_t len, mode_t mode)
{
	FILE *file = fopen(f->path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(f->path, mode), 0);
}

static enum err
load(struct fixture *f)
{
	struct span secret;

	return secret_load(&f->arena, f->path, &secret);
}

static void
the_first_start_makes_one(void **state)
{
	struct fixture *f = *state;
	struct span first, second;
	struct stat st;

	assert_int_equal(secret_load(&f->arena, f->path, &first), OK);
	assert_int_equal(first.len, TOKEN_LEN);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(secret_load(&f->arena, f->path, &second), OK);
	assert_true(span_equal(first, second));
}

static void
two_installations_have_two_keys(void **state)
{
	struct fixture *f = *state;
	struct span first, second;

	assert_int_equal(secret_load(&f->arena, f->path, &first), OK);
	assert_int_equal(unlink(f->path), 0);
	assert_int_equal(secret_load(&f->arena, f->path, &second), OK);
	assert_false(span_equal(first, second));
}

static void
load_and_tell(struct fixture *f, int start, int out)
{
	struct span secret;
	char byte;

	if (read(start, &byte, 1) != 0) /* until all have been forked */
		_exit(1);
	if (secret_load(&f->arena, f->path, &secret) != OK ||
		secret.len != TOKEN_LEN ||
		write(out, secret.data, TOKEN_LEN) != TOKEN_LEN)
		_exit(1);
	_exit(0);
}

static unsigned
files_in(const char *dir)
{
	DIR *open_dir = opendir(dir);
	unsigned n = 0;

	assert_non_null(open_dir);
	for (struct dirent *entry; (entry = readdir(open_dir)) != NULL;)
		n += entry->d_name[0] != '.';
	closedir(open_dir);
	return n;
}

static void
processes_that_start_at_once_agree(void **state)
{
	char keys[PROCESSES][TOKEN_LEN];
	struct fixture *f = *state;
	int start[2], out[2], status;

	assert_int_equal(pipe(start), 0);
	assert_int_equal(pipe(out), 0);
	for (int i = 0; i < PROCESSES; i++) {
		if (fork() == 0) {
			close(start[1]);
			load_and_tell(f, start[0], out[1]);
		}
	}
	close(start[1]);
	for (int i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
		assert_int_equal(read(out[0], keys[i], TOKEN_LEN), TOKEN_LEN);
		assert_memory_equal(keys[i], keys[0], TOKEN_LEN);
	}
	assert_int_equal(files_in(f->dir), 1);
	close(start[0]);
	close(out[0]);
	close(out[1]);
}

static void
a_key_that_others_may_read_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0620, 0601 };
	struct fixture *f = *state;

	for (size_t i = 0; i < LENGTH(modes); i++) {
		put_file(f, "0123456789abcdef0123456789abcdef", 32, modes[i]);
		assert_int_equal(load(f), ERR_INVALID);
		assert_int_equal(unlink(f->path), 0);
	}
	put_file(f, "0123456789abcdef0123456789abcdef", 32, 0400);
	assert_int_equal(load(f), OK);
}

static void
lengths_are_checked(void **state)
{
	static const char bytes[SECRET_MAX + 1];
	struct fixture *f = *state;

	put_file(f, "", 0, 0600);
	assert_int_equal(load(f), ERR_INVALID);
	put_file(f, bytes, SECRET_MIN - 1, 0600);
	assert_int_equal(load(f), ERR_INVALID);
	put_file(f, "0123456789abcdef0123456789abcde\n", 32, 0600);
	assert_int_equal(load(f), ERR_INVALID);
	put_file(f, bytes, SECRET_MIN, 0600);
	assert_int_equal(load(f), OK);
	put_file(f, bytes, SECRET_MAX, 0600);
	assert_int_equal(load(f), OK);
	put_file(f, bytes, SECRET_MAX + 1, 0600);
	assert_int_equal(load(f), ERR_INVALID);
}

static void
other_things_than_files_are_refused(void **state)
{
	struct fixture *f = *state;
	struct span secret;

	assert_int_equal(mkfifo(f->path, 0600), 0);
	assert_int_equal(load(f), ERR_INVALID);
	assert_int_equal(secret_load(&f->arena, f->dir, &secret), ERR_INVALID);
	assert_int_equal(secret_load(&f->arena, "/nonexistent/secret", &secret),
		ERR_INVALID);
}

static void
tokens_differ_and_hash_alike(void **state)
{
	char a[TOKEN_LEN + 1], b[TOKEN_LEN + 1];
	char x[TOKEN_HASH_LEN], y[TOKEN_HASH_LEN];

	(void)state;
	token_new(a);
	token_new(b);
	assert_int_equal(strlen(a), TOKEN_LEN);
	assert_string_not_equal(a, b);
	token_hash(span_of(a), x);
	token_hash(span_of(a), y);
	assert_memory_equal(x, y, TOKEN_HASH_LEN);
	token_hash(span_of(b), y);
	assert_memory_not_equal(x, y, TOKEN_HASH_LEN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_start_makes_one),
		TEST(two_installations_have_two_keys),
		TEST(processes_that_start_at_once_agree),
		TEST(a_key_that_others_may_read_is_refused),
		TEST(lengths_are_checked),
		TEST(other_things_than_files_are_refused),
		cmocka_unit_test(tokens_differ_and_hash_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
