/* secret_test.c: the signing key's file. */

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
	struct secret_ring ring;

	return secret_load(&f->arena, f->path, &ring);
}

/* The current key. */
static struct span
key_of(struct fixture *f)
{
	struct secret_ring ring;

	assert_int_equal(secret_load(&f->arena, f->path, &ring), OK);
	return ring.keys[0].secret;
}

static void
the_first_start_makes_one(void **state)
{
	struct fixture *f = *state;
	struct span first = key_of(f);
	struct stat st;

	assert_int_equal(first.len, TOKEN_LEN);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(span_equal(first, key_of(f)));
}

static void
two_installations_have_two_keys(void **state)
{
	struct fixture *f = *state;
	struct span first = key_of(f);

	assert_int_equal(unlink(f->path), 0);
	assert_false(span_equal(first, key_of(f)));
}

static void
load_and_tell(struct fixture *f, int start, int out)
{
	struct secret_ring ring;
	char byte;

	if (read(start, &byte, 1) != 0) /* wait until all have been forked */
		_exit(1);
	if (secret_load(&f->arena, f->path, &ring) != OK ||
		ring.keys[0].secret.len != TOKEN_LEN ||
		write(out, ring.keys[0].secret.data, TOKEN_LEN) != TOKEN_LEN)
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

/* Root may run the command before the service starts for the first time. */
static void
a_file_that_root_makes_is_the_folders_owners(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(f->dir, 12345, 23456), 0);
	assert_int_equal(load(f), OK);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_uid, 12345);
	assert_int_equal(st.st_gid, 23456);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void
other_things_than_files_are_refused(void **state)
{
	struct fixture *f = *state;
	struct secret_ring ring;

	assert_int_equal(mkfifo(f->path, 0600), 0);
	assert_int_equal(load(f), ERR_INVALID);
	assert_int_equal(secret_load(&f->arena, f->dir, &ring), ERR_INVALID);
	assert_string_equal(ring.refused, "it is not a regular file");
	assert_int_equal(secret_load(&f->arena, "/nonexistent/secret", &ring),
		ERR_INVALID);
	assert_non_null(strstr(ring.refused, "No such file or directory"));
}

/* ---- several keys */

#define NOW_S INT64_C(1750000000)

static void
a_rotation_keeps_the_keys_of_before(void **state)
{
	struct fixture *f = *state;
	struct span first = key_of(f), second, third;
	struct secret_ring ring;
	const char *refused;
	struct stat st;

	assert_int_equal(
		secret_rotate(&f->arena, f->path, NOW_S, NOW_S, &refused), OK);
	second = key_of(f);
	assert_int_equal(
		secret_rotate(&f->arena, f->path, NOW_S + 9, NOW_S, &refused),
		OK);
	third = key_of(f);
	assert_false(span_equal(second, third));
	assert_int_equal(secret_load(&f->arena, f->path, &ring), OK);
	assert_int_equal(ring.n, 3);
	assert_true(span_equal(ring.keys[1].secret, second));
	assert_int_equal(ring.keys[1].retired_s, NOW_S + 9);
	assert_true(span_equal(ring.keys[2].secret, first));
	assert_int_equal(ring.keys[2].retired_s, NOW_S);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(files_in(f->dir), 1);
}

static void
a_symbolic_link_is_kept(void **state)
{
	struct fixture *f = *state;
	const char *real = arena_printf(&f->arena, "%s/real", f->dir);
	const char *refused;
	struct stat st;

	assert_int_equal(load(f), OK);
	assert_int_equal(rename(f->path, real), 0);
	assert_int_equal(symlink("real", f->path), 0);
	assert_int_equal(
		secret_rotate(&f->arena, f->path, NOW_S, NOW_S, &refused), OK);
	assert_int_equal(lstat(f->path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlink(real), 0);
}

static void
expired_keys_are_dropped_and_their_number_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct secret_ring ring;
	const char *refused;

	assert_int_equal(load(f), OK);
	for (int i = 0; i < 2 * SECRET_KEYS_MAX; i++)
		assert_int_equal(secret_rotate(&f->arena, f->path, NOW_S + i,
					 NOW_S, &refused),
			OK);
	assert_int_equal(secret_load(&f->arena, f->path, &ring), OK);
	assert_int_equal(ring.n, SECRET_KEYS_MAX);
	assert_int_equal(secret_rotate(&f->arena, f->path, NOW_S + 99,
				 NOW_S + 99, &refused),
		OK);
	assert_int_equal(secret_load(&f->arena, f->path, &ring), OK);
	assert_int_equal(ring.n, 2);
}

static void
a_key_checks_as_long_as_its_tokens_live(void **state)
{
	struct secret_key used = { .retired_s = 0 };
	struct secret_key old = { .retired_s = NOW_S };

	(void)state;
	assert_true(secret_verifies(&used, NOW_S, 900));
	assert_true(secret_verifies(&old, NOW_S + 900, 900));
	assert_false(secret_verifies(&old, NOW_S + 901, 900));
}

/* A file older than rotations is a single key, whatever it contains. */
static void
a_file_of_any_other_form_is_one_key(void **state)
{
	static const char *const texts[] = {
		"0123456789abcdef0123456789abcdef\nsecond line\n",
		"short\n0123456789abcdef0123456789abcdef",
		"0123456789abcdef0123456789abcdef\n12:short",
		"0123456789abcdef0123456789abcdef\n"
		"x12:0123456789abcdef0123456789abcdef",
	};
	struct fixture *f = *state;
	struct secret_ring ring;
	const char *refused;

	for (size_t i = 0; i < LENGTH(texts); i++) {
		size_t len = strlen(texts[i]);

		put_file(f, texts[i], len, 0600);
		assert_int_equal(secret_load(&f->arena, f->path, &ring), OK);
		assert_int_equal(ring.n, 1);
		assert_int_equal(ring.keys[0].secret.len,
			len - (texts[i][len - 1] == '\n'));
	}
	assert_int_equal(secret_rotate(&f->arena, f->path, NOW_S, 0, &refused),
		ERR_INVALID);
	assert_non_null(strstr(refused, "too long or has a line break"));
	assert_int_equal(files_in(f->dir), 1);
}

static void
derived_keys_are_for_one_purpose(void **state)
{
	unsigned char a[SECRET_DERIVED_LEN], b[SECRET_DERIVED_LEN];
	struct fixture *f = *state;
	struct secret_ring ring;

	assert_int_equal(secret_load(&f->arena, f->path, &ring), OK);
	secret_derive(&ring.keys[0], "purpose1", a);
	secret_derive(&ring.keys[0], "purpose1", b);
	assert_memory_equal(a, b, sizeof(a));
	secret_derive(&ring.keys[0], "purpose2", b);
	assert_memory_not_equal(a, b, sizeof(a));
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
		TEST(a_file_that_root_makes_is_the_folders_owners),
		TEST(other_things_than_files_are_refused),
		TEST(a_rotation_keeps_the_keys_of_before),
		TEST(a_symbolic_link_is_kept),
		TEST(expired_keys_are_dropped_and_their_number_is_bounded),
		cmocka_unit_test(a_key_checks_as_long_as_its_tokens_live),
		TEST(a_file_of_any_other_form_is_one_key),
		TEST(derived_keys_are_for_one_purpose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
