/* assistant_test.c: assistants, their versions, and who sees and keeps them. */

#include "repo/assistant.h"

#include "../unit.h"
#include "repo/saved.h"
#include "repo/session.h"
#include "testdb.h"

#include <string.h>

#define NOW INT64_C(1750000000123)
#define HOUR INT64_C(3600000)

static struct assistant
draft(uint64_t owner_id, const char *name, const char *instructions)
{
	return (struct assistant){ .id = testdb_id(),
		.owner_id = owner_id,
		.text = { .name = name,
			.icon = "",
			.description = "",
			.instructions = span_of(instructions) } };
}

static uint64_t
add(struct testdb *t, uint64_t owner_id, const char *name)
{
	struct assistant row = draft(owner_id, name, "Be brief.");
	enum refusal why;

	assert_int_equal(assistant_add(t->db, &row, NOW, &why), OK);
	return row.id;
}

static enum err
say(struct testdb *t, uint64_t user_id, uint64_t id, uint32_t version,
	const char *instructions, int64_t now_ms, enum refusal *why)
{
	struct assistant row = draft(user_id, "Changed", instructions);
	const struct assistant_change change = { user_id, id, version,
		&row.text, NULL };

	return assistant_change(t->db, &change, now_ms, why);
}

static enum err
publish(struct testdb *t, uint64_t user_id, uint64_t id, bool published,
	enum refusal *why)
{
	const struct assistant_change change = { user_id, id, 1, NULL,
		&published };

	return assistant_change(t->db, &change, NOW, why);
}

static struct assistant
seen_by(struct testdb *t, uint64_t user_id, uint64_t id)
{
	struct assistant row = { 0 };

	assert_int_equal(
		assistant_find(t->db, &t->arena, user_id, id, &row), OK);
	return row;
}

static bool
lists(struct testdb *t, uint64_t user_id, uint64_t id)
{
	struct assistant_list all;

	assert_int_equal(assistant_list(t->db, &t->arena, user_id, &all), OK);
	for (size_t i = 0; i < all.n; i++) {
		assert_null(all.list[i].text.instructions.data);
		if (all.list[i].id == id)
			return true;
	}
	return false;
}

static void
begin_chat(struct testdb *t, uint64_t user_id, uint64_t id, uint32_t version)
{
	struct session_draft session = { .id = testdb_id(),
		.user_id = user_id,
		.title = "A chat",
		.now_ms = NOW,
		.chosen = {
			.assistant_id = id, .assistant_version = version } };

	assert_int_equal(session_insert(t->db, &session), OK);
}

static uint64_t
versions(struct testdb *t, uint64_t id)
{
	return testdb_number(t,
		"SELECT COUNT(*) FROM assistant_version"
		" WHERE assistant_id = ?",
		id);
}

static bool
has_version(struct testdb *t, uint64_t id, uint64_t version)
{
	uint64_t n = 0;

	assert_int_equal(
		db_one(t->db, &t->arena,
			"SELECT COUNT(*) FROM assistant_version"
			" WHERE assistant_id = ? AND version = ?",
			PARAMS(U64(id), U64(version)), row_read_u64, &n),
		OK);
	return n == 1;
}

static void
what_it_says_is_its_owners(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), bob = testdb_user(t);
	uint64_t id = add(t, ann, "Ann's");
	struct assistant_list own;
	struct assistant row;
	enum refusal why;

	assert_true(
		span_is(seen_by(t, ann, id).text.instructions, "Be brief."));
	assert_int_equal(
		assistant_find(t->db, &t->arena, bob, id, &row), ERR_NOT_FOUND);
	assert_false(lists(t, bob, id));
	assert_int_equal(publish(t, ann, id, true, &why), OK);
	row = seen_by(t, bob, id);
	assert_string_equal(row.text.name, "Ann's");
	assert_true(row.published);
	assert_int_equal(row.version, 1);
	assert_null(row.text.instructions.data);
	assert_true(lists(t, bob, id));
	assert_int_equal(assistant_list_own(t->db, &t->arena, bob, &own), OK);
	assert_int_equal(own.n, 0);
	assert_int_equal(assistant_list_own(t->db, &t->arena, ann, &own), OK);
	assert_true(span_is(own.list[0].text.instructions, "Be brief."));
	assert_int_equal(say(t, bob, id, 1, "Bob's", NOW, &why), ERR_NOT_FOUND);
	assert_int_equal(publish(t, bob, id, false, &why), ERR_NOT_FOUND);
	assert_int_equal(assistant_remove(t->db, bob, id, NOW), ERR_NOT_FOUND);
	assert_int_equal(assistant_remove(t->db, ann, id, NOW), OK);
	assert_false(lists(t, bob, id));
}

static void
a_change_is_made_from_the_latest(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), id = add(t, ann, "One");
	enum refusal why;

	assert_int_equal(say(t, ann, id, 1, "two", NOW, &why), OK);
	assert_int_equal(say(t, ann, id, 1, "lost", NOW, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_CHANGED);
	assert_int_equal(seen_by(t, ann, id).version, 2);
	assert_true(span_is(seen_by(t, ann, id).text.instructions, "two"));
	assert_int_equal(assistant_erase(t->db, ann), OK);
	assert_int_equal(versions(t, id), 0);
}

/* A chat keeps its version; a chat that is just starting may need the previous
 * one. */
static void
a_version_stays_while_a_chat_has_it(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), bob = testdb_user(t);
	uint64_t id = add(t, ann, "Kept");
	enum refusal why;

	begin_chat(t, bob, id, 1);
	assert_int_equal(say(t, ann, id, 1, "two", NOW, &why), OK);
	assert_int_equal(say(t, ann, id, 2, "three", NOW + 1, &why), OK);
	assert_int_equal(versions(t, id), 3);
	assert_int_equal(say(t, ann, id, 3, "four", NOW + HOUR, &why), OK);
	assert_true(has_version(t, id, 1));
	assert_false(has_version(t, id, 2));
	assert_true(has_version(t, id, 3));
	assert_true(has_version(t, id, 4));
	assert_int_equal(assistant_remove(t->db, ann, id, NOW + HOUR), OK);
	id = add(t, ann, "Another");
	assert_int_equal(assistant_remove(t->db, ann, id, NOW + 3 * HOUR), OK);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM assistant_version"
				 " WHERE owner_id = ?",
				 ann),
		2); /* the chat's, and the previous one */
	assert_int_equal(assistant_erase(t->db, ann), OK);
}

static void
an_owner_has_so_many(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), bob = testdb_user(t);
	struct assistant row = draft(ann, "One more", "");
	enum refusal why;

	for (unsigned i = 0; i < ASSISTANTS_MAX; i++)
		add(t, ann, "One of many");
	assert_int_equal(assistant_add(t->db, &row, NOW, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_TOO_MANY);
	add(t, bob, "The first");
	assert_int_equal(assistant_erase(t->db, ann), OK);
	assert_int_equal(assistant_add(t->db, &row, NOW, &why), OK);
	assert_int_equal(assistant_erase(t->db, ann), OK);
	assert_int_equal(assistant_erase(t->db, bob), OK);
	row.owner_id = testdb_id();
	assert_int_equal(assistant_add(t->db, &row, NOW, &why), ERR_DENIED);
}

/* Old versions, which the owner no longer sees, do not count. */
static void
an_owner_has_so_much_text(void **state)
{
	static char text[60001];
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), id = 0;
	struct assistant row;
	unsigned n = 0;
	enum refusal why;
	enum err err;

	memset(text, 'x', sizeof(text) - 1);
	do {
		row = draft(ann, "Long", text);
		err = assistant_add(t->db, &row, NOW, &why);
		if (err == OK)
			id = row.id;
	} while (err == OK && ++n < ASSISTANTS_MAX);
	assert_int_equal(err, ERR_CONFLICT);
	assert_int_equal(why, REFUSED_FULL);
	assert_int_equal(n, SAVED_BYTES_MAX / sizeof(text));
	assert_int_equal(versions(t, row.id), 0); /* nothing of it remains */
	for (uint32_t version = 1; version < 5; version++)
		assert_int_equal(say(t, ann, id, version, text, NOW, &why), OK);
	assert_int_equal(assistant_erase(t->db, ann), OK);
}

static void
so_many_are_published(void **state)
{
	struct testdb *t = *state;
	uint64_t owners[] = { testdb_user(t), testdb_user(t), testdb_user(t) };
	uint64_t id = add(t, owners[2], "One more"), last = 0;
	enum refusal why;

	for (unsigned i = 0; i < ASSISTANTS_PUBLISHED_MAX; i++) {
		last = add(t, owners[i / ASSISTANTS_MAX], "Everybody's");
		assert_int_equal(publish(t, owners[i / ASSISTANTS_MAX], last,
					 true, &why),
			OK);
	}
	assert_int_equal(publish(t, owners[2], id, true, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_TOO_MANY);
	/* Now it is possible. */
	assert_int_equal(publish(t, owners[1], last, true, &why), OK);
	assert_int_equal(assistant_withdraw(t->db, last, 1, &why), OK);
	assert_int_equal(publish(t, owners[2], id, true, &why), OK);
	for (size_t i = 0; i < LENGTH(owners); i++)
		assert_int_equal(assistant_erase(t->db, owners[i]), OK);
}

static void
withdrawn_it_is_its_owners(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), bob = testdb_user(t);
	uint64_t id = add(t, ann, "Withdrawn");
	enum refusal why;

	assert_int_equal(assistant_withdraw(t->db, id, 1, &why), ERR_NOT_FOUND);
	assert_int_equal(publish(t, ann, id, true, &why), OK);
	assert_int_equal(assistant_withdraw(t->db, id, 2, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_CHANGED);
	assert_true(lists(t, bob, id));
	assert_int_equal(assistant_withdraw(t->db, id, 1, &why), OK);
	assert_false(lists(t, bob, id));
	assert_true(lists(t, ann, id));
	assert_int_equal(seen_by(t, ann, id).version, 1);
	assert_int_equal(seen_by(t, ann, id).update_ms, NOW);
	assert_int_equal(assistant_withdraw(t->db, id, 1, &why), ERR_NOT_FOUND);
	assert_int_equal(assistant_erase(t->db, ann), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_says_is_its_owners),
		cmocka_unit_test(a_change_is_made_from_the_latest),
		cmocka_unit_test(a_version_stays_while_a_chat_has_it),
		cmocka_unit_test(an_owner_has_so_many),
		cmocka_unit_test(an_owner_has_so_much_text),
		cmocka_unit_test(so_many_are_published),
		cmocka_unit_test(withdrawn_it_is_its_owners),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
