/* saved_prompt_test.c: prompts that people use by name. */

#include "repo/saved_prompt.h"

#include "../unit.h"
#include "repo/saved.h"
#include "testdb.h"

#include <string.h>

#define NOW INT64_C(1750000000123)

static enum err
try_add(struct testdb *t, uint64_t owner_id, const char *name, struct span text,
	enum refusal *why, uint64_t *id)
{
	const struct saved_prompt row = { .id = testdb_id(),
		.owner_id = owner_id,
		.name = name,
		.text = text };

	*id = row.id;
	return saved_prompt_add(t->db, &row, NOW, why);
}

static uint64_t
add(struct testdb *t, uint64_t owner_id, const char *name)
{
	enum refusal why;
	uint64_t id;

	assert_int_equal(
		try_add(t, owner_id, name, span_of("Say {{what}}."), &why, &id),
		OK);
	return id;
}

static struct saved_prompt
seen_by(struct testdb *t, uint64_t user_id, uint64_t id)
{
	struct saved_prompt row = { 0 };

	assert_int_equal(
		saved_prompt_find(t->db, &t->arena, user_id, id, &row), OK);
	return row;
}

static bool
sees(struct testdb *t, uint64_t user_id, uint64_t id)
{
	struct saved_prompt_list all;
	struct saved_prompt row;
	bool listed = false;

	assert_int_equal(
		saved_prompt_list(t->db, &t->arena, user_id, &all), OK);
	for (size_t i = 0; i < all.n; i++)
		listed |= all.list[i].id == id;
	assert_int_equal(saved_prompt_find(t->db, &t->arena, user_id, id, &row),
		listed ? OK : ERR_NOT_FOUND);
	return listed;
}

static enum err
publish(struct testdb *t, uint64_t user_id, uint64_t id, enum refusal *why)
{
	struct saved_prompt row = seen_by(t, user_id, id);

	row.published = true;
	return saved_prompt_change(t->db, &row, NOW, why);
}

static void
a_name_is_one_of_its_owners(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), bob = testdb_user(t), id;
	uint64_t first = add(t, ann, "greet"), second = add(t, ann, "part");
	struct saved_prompt row;
	enum refusal why;

	assert_int_equal(try_add(t, ann, "greet", span_of("x"), &why, &id),
		ERR_CONFLICT);
	assert_int_equal(why, REFUSED_NAME);
	add(t, bob, "greet");
	row = seen_by(t, ann, second);
	row.name = "greet";
	assert_int_equal(
		saved_prompt_change(t->db, &row, NOW, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_NAME);
	assert_string_equal(seen_by(t, ann, second).name, "part");
	row = seen_by(t, ann, first);
	row.text = span_of("Another text");
	assert_int_equal(saved_prompt_change(t->db, &row, NOW, &why), OK);
	assert_int_equal(seen_by(t, ann, first).version, 2);
	assert_true(span_is(seen_by(t, ann, first).text, "Another text"));
	assert_int_equal(
		saved_prompt_change(t->db, &row, NOW, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_CHANGED);
	assert_int_equal(saved_prompt_erase(t->db, ann), OK);
	assert_false(sees(t, ann, first));
	assert_int_equal(saved_prompt_erase(t->db, bob), OK);
}

static void
others_see_and_change_nothing(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), bob = testdb_user(t);
	uint64_t id = add(t, ann, "mine");
	struct saved_prompt row = seen_by(t, ann, id);
	struct saved_prompt_list own;
	enum refusal why;

	assert_false(sees(t, bob, id));
	assert_int_equal(
		saved_prompt_withdraw(t->db, id, 1, NOW, &why), ERR_NOT_FOUND);
	assert_int_equal(publish(t, ann, id, &why), OK);
	assert_true(sees(t, bob, id));
	assert_int_equal(
		saved_prompt_list_own(t->db, &t->arena, bob, &own), OK);
	assert_int_equal(own.n, 0);
	row.owner_id = bob;
	row.version = 2;
	assert_int_equal(
		saved_prompt_change(t->db, &row, NOW, &why), ERR_NOT_FOUND);
	assert_int_equal(saved_prompt_remove(t->db, bob, id), ERR_NOT_FOUND);
	assert_int_equal(
		saved_prompt_withdraw(t->db, id, 1, NOW, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_CHANGED);
	assert_int_equal(saved_prompt_withdraw(t->db, id, 2, NOW, &why), OK);
	assert_false(sees(t, bob, id));
	assert_true(span_is(seen_by(t, ann, id).text, "Say {{what}}."));
	assert_int_equal(saved_prompt_remove(t->db, ann, id), OK);
	assert_false(sees(t, ann, id));
}

static void
an_owner_has_so_many(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), id;
	enum refusal why;

	for (int i = 0; i < SAVED_PROMPTS_MAX; i++)
		add(t, ann, arena_printf(&t->arena, "n%d", i));
	assert_int_equal(
		try_add(t, ann, "more", span_of("x"), &why, &id), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_TOO_MANY);
	assert_int_equal(saved_prompt_erase(t->db, ann), OK);
}

/* The limits per owner, and for published prompts. */
static void
texts_have_their_room(void **state)
{
	static char text[60001];
	const struct span long_text = { text, sizeof(text) - 1 };
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), bob = testdb_user(t), id, of_bob = 0;
	const unsigned fit = SAVED_BYTES_MAX / sizeof(text);
	enum refusal why;

	memset(text, 'x', sizeof(text) - 1);
	for (unsigned i = 0; i < fit; i++) {
		assert_int_equal(
			try_add(t, ann, arena_printf(&t->arena, "n%u", i),
				long_text, &why, &id),
			OK);
		assert_int_equal(publish(t, ann, id, &why), OK);
	}
	assert_int_equal(
		try_add(t, ann, "more", long_text, &why, &id), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_FULL);
	assert_false(sees(t, ann, id));
	assert_int_equal(try_add(t, bob, "more", long_text, &why, &of_bob), OK);
	assert_int_equal(publish(t, bob, of_bob, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_TOO_MANY);
	assert_false(seen_by(t, bob, of_bob).published);
	assert_int_equal(saved_prompt_erase(t->db, ann), OK);
	assert_int_equal(publish(t, bob, of_bob, &why), OK);
	assert_int_equal(saved_prompt_erase(t->db, bob), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_one_of_its_owners),
		cmocka_unit_test(others_see_and_change_nothing),
		cmocka_unit_test(an_owner_has_so_many),
		cmocka_unit_test(texts_have_their_room),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
