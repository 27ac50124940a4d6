/* turn_choose_test.c: the model asked in a turn, and the session's model from
 * then on. */

#include "chat/turn.h"

#include "../unit.h"
#include "db/row.h"
#include "repo/assistant.h"
#include "repo/model.h"
#include "repo/provider.h"
#include "turntest.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOBODY 999

static struct stage {
	char dir[32];
	struct llm_settings settings;
	struct models *models; /* the configuration's, and these: */
	uint64_t provider_ids[2], good, other, unusable;
} stage;

static void
add_provider(struct testdb *t, uint64_t *id, const char *kind)
{
	struct provider_row row = { .id = testdb_id(),
		.kind = kind,
		.base_url = "http://127.0.0.1:9",
		.key_tail = "",
		.enabled = true };
	enum refusal why;

	row.name = arena_printf(
		&t->arena, "Provider %llu", (unsigned long long)row.id);
	assert_int_equal(provider_add(t->db, &row, 0, &why), OK);
	*id = row.id;
}

static void
add_model(struct testdb *t, uint64_t *id, uint64_t provider_id)
{
	const struct model_row row = { .id = testdb_id(),
		.provider_id = provider_id,
		.upstream_name = "m",
		.label = "M",
		.takes = span_of(""),
		.prices = { -1, -1, -1 },
		.enabled = true };
	enum refusal why;

	assert_int_equal(model_add(t->db, &row, 0, &why), OK);
	*id = row.id;
}

static int
open_models(void **state)
{
	struct testdb *t;

	if (turntest_open(state) != 0)
		return -1;
	t = *state;
	snprintf(stage.dir, sizeof(stage.dir), "/tmp/turn_choose.XXXXXX");
	if (mkdtemp(stage.dir) == NULL)
		return -1;
	t->conf.auth.secret_file =
		arena_printf(&t->arena, "%s/secret", stage.dir);
	t->conf.llm.base_url = "http://127.0.0.1:9";
	t->conf.llm.model = "configured";
	add_provider(t, &stage.provider_ids[0], "anthropic");
	add_provider(t, &stage.provider_ids[1], "of-no-kind");
	add_model(t, &stage.good, stage.provider_ids[0]);
	add_model(t, &stage.other, stage.provider_ids[0]);
	add_model(t, &stage.unusable, stage.provider_ids[1]);
	stage.settings =
		(struct llm_settings){ .base_url = t->conf.llm.base_url,
			.model = t->conf.llm.model,
			.system_prompt = "",
			.takes_words = "",
			.reply_max = 1 << 20 };
	if (models_open(&t->conf, &stage.settings, &stage.models) != OK)
		return -1;
	models_look(stage.models, t->db);
	return 0;
}

static int
close_models(void **state)
{
	struct testdb *t = *state;
	enum refusal why;

	arena_reset(&t->arena); /* the arena holds models */
	models_close(stage.models);
	assert_int_equal(model_remove(t->db, stage.good, 0, &why), OK);
	assert_int_equal(model_remove(t->db, stage.other, 0, &why), OK);
	assert_int_equal(model_remove(t->db, stage.unusable, 0, &why), OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			provider_remove(t->db, stage.provider_ids[i], 0, &why),
			OK);
	t->conf.auth.secret_file =
		arena_printf(&t->arena, "%s/secret", stage.dir);
	unlink(t->conf.auth.secret_file);
	rmdir(stage.dir);
	return turntest_close(state);
}

static struct turn_post
post_of(struct testdb *t, const struct turn_message *messages, size_t n)
{
	struct turn_post post = turntest_post(t, messages, n);

	post.models = stage.models;
	return post;
}

/* The second send of a chat: one question, its answer, and the next
 * question. */
static struct turn_post
second_send(struct testdb *t, struct turn_message list[3], uint64_t model_id)
{
	struct turn_post post;
	struct turn turn;

	list[0] = turntest_user(t, "u1", "one");
	post = post_of(t, list, 1);
	post.asks = model_id != 0;
	post.model_id = model_id;
	turn = turntest_one(t, &post);
	list[1] = turntest_listed(t, turn.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	post.asks = false;
	return post;
}

static uint64_t
model_of(struct testdb *t, uint64_t session_id)
{
	return testdb_number(
		t, "SELECT model_id FROM session WHERE id = ?", session_id);
}

static void
read_options(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

static struct span
options_of(struct testdb *t, uint64_t session_id)
{
	struct span options = { NULL, 0 };

	assert_int_equal(
		db_one(t->db, &t->arena,
			"SELECT options FROM session WHERE id = ?",
			PARAMS(U64(session_id)), read_options, &options),
		OK);
	return options;
}

/* ---- the model */

static void
a_chosen_model_stays_the_sessions(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3];
	struct turn_post post = second_send(t, list, stage.good);
	struct turn turn;

	assert_int_equal(model_of(t, post.session_id), stage.good);
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.model->id, stage.good);
	assert_int_equal(model_of(t, post.session_id), stage.good);
}

static void
somebody_else_can_be_asked_later(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3];
	struct turn_post post = second_send(t, list, stage.good);
	struct turn turn;

	post.asks = true;
	post.model_id = stage.other;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.model->id, stage.other);
	assert_int_equal(model_of(t, post.session_id), stage.other);

	turntest_finish(t, &turn);
	post.regenerate = true;
	post.model_id = 0;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.model->id, 0);
	assert_int_equal(model_of(t, post.session_id), 0);
}

static void
an_unknown_model_is_refused(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3];
	struct turn_post post = second_send(t, list, 0);
	struct turn turn;

	post.asks = true;
	post.model_id = NOBODY;
	assert_int_equal(turntest_place(t, &post, &turn), ERR_NO_MODEL);
	post.model_id = stage.unusable;
	assert_int_equal(turntest_place(t, &post, &turn), ERR_BUSY);
	assert_string_equal(turn.code, "model_unusable");
	assert_int_equal(model_of(t, post.session_id), 0);
}

/* If the configuration has no model, the reply itself reports that. */
static void
a_site_without_a_model_is_no_reason_to_refuse(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct llm_settings settings = stage.settings;
	struct conf conf = t->conf;
	struct turn turn;

	settings.base_url = conf.llm.base_url = "";
	settings.model = conf.llm.model = "";
	assert_int_equal(models_open(&conf, &settings, &post.models), OK);
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_false(llm_model_is_set(turn.model));
	models_close(post.models);
}

static void
options_are_the_sessions_from_then_on(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3];
	struct turn_post post = second_send(t, list, stage.good);
	struct turn turn;

	assert_null(options_of(t, post.session_id).data);
	post.chooses = true;
	post.options = span_of("{\"effort\":\"low\"}");
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_true(span_equal(options_of(t, post.session_id), post.options));
	assert_int_equal(model_of(t, post.session_id), stage.good);
}

/* ---- a continued reply */

/* Continues a reply that *by* has begun and that was cut off, in a session
 * whose model now is *asked*. */
static struct turn_post
continuation(struct testdb *t, struct turn_message list[2], uint64_t by,
	uint64_t asked)
{
	struct turn_post post;
	struct turn turn;
	struct message reply;

	list[0] = turntest_user(t, "u1", "one");
	post = post_of(t, list, 1);
	post.asks = true;
	post.model_id = by;
	turn = turntest_one(t, &post);
	assert_int_equal(
		db_exec(t->db, "UPDATE message SET metadata = ? WHERE id = ?",
			PARAMS(STR(arena_printf(&t->arena,
				       "{\"modelId\":\"%llu\"}",
				       (unsigned long long)by)),
				U64(turn.reply_id))),
		OK);
	assert_int_equal(
		db_exec(t->db, "UPDATE session SET model_id = ? WHERE id = ?",
			PARAMS(U64(asked), U64(turn.session_id))),
		OK);
	reply = turntest_stored(t, turn.session_id, turn.reply_id);
	list[1] = turntest_listed(t, turn.reply_id);
	list[1].parts = reply.parts;
	post.n = 2;
	post.asks = false;
	return post;
}

static void
a_reply_goes_on_by_who_began_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3];
	struct turn_post post = continuation(t, list, stage.good, stage.other);
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_true(turn.continued);
	assert_int_equal(turn.model->id, stage.good);
	assert_int_equal(model_of(t, post.session_id), stage.other);

	/* The next question goes to the session's model. */
	turntest_finish(t, &turn);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.model->id, stage.other);
}

static void
a_reply_continues_although_the_sessions_model_is_gone(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[2];
	struct turn_post post = continuation(t, list, stage.good, NOBODY);
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.model->id, stage.good);
}

/* ---- the assistant */

static void
a_chat_begins_as_its_assistant_says(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	const struct assistant assistant = { .id = testdb_id(),
		.owner_id = post.user_id,
		.text = { .name = "A",
			.icon = "",
			.description = "",
			.model_id = stage.other,
			.options = span_of("{\"effort\":\"low\"}") } };
	enum refusal why;
	struct turn turn;

	assert_int_equal(assistant_add(t->db, &assistant, 1000, &why), OK);
	post.assistant_id = assistant.id;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.model->id, stage.other);
	assert_int_equal(model_of(t, turn.session_id), stage.other);
	assert_true(span_equal(
		options_of(t, turn.session_id), assistant.text.options));
	assert_int_equal(
		testdb_number(t,
			"SELECT assistant_id FROM session WHERE id = ?",
			turn.session_id),
		assistant.id);
}

static void
an_unknown_assistant_is_refused(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn turn;

	post.assistant_id = testdb_id();
	assert_int_equal(turntest_place(t, &post, &turn), ERR_NOT_FOUND);
	assert_string_equal(turn.code, "assistant_unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chosen_model_stays_the_sessions),
		cmocka_unit_test(somebody_else_can_be_asked_later),
		cmocka_unit_test(an_unknown_model_is_refused),
		cmocka_unit_test(a_site_without_a_model_is_no_reason_to_refuse),
		cmocka_unit_test(options_are_the_sessions_from_then_on),
		cmocka_unit_test(a_reply_goes_on_by_who_began_it),
		cmocka_unit_test(
			a_reply_continues_although_the_sessions_model_is_gone),
		cmocka_unit_test(a_chat_begins_as_its_assistant_says),
		cmocka_unit_test(an_unknown_assistant_is_refused),
	};

	return cmocka_run_group_tests(tests, open_models, close_models);
}
