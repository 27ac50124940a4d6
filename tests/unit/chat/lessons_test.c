/* lessons_test.c: what is known about a model, and where it comes from. */

#include "chat/lessons.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "base/attr.h"
#include "db/row.h"

/* A model that no other test uses. */
static struct llm_settings
settings_of(struct testdb *t)
{
	return (struct llm_settings){ .kind = CONF_OPENAI,
		.base_url = "http://models.example/v1",
		.model = arena_printf(
			&t->arena, "m%llu", (unsigned long long)testdb_id()),
		.takes_words = "" };
}

static struct llm_takes
known_of(struct testdb *t, const struct llm_settings *settings)
{
	struct llm_takes takes;

	assert_int_equal(lessons_read(t->db, &t->arena, settings, &takes), OK);
	return takes;
}

static void
learn(struct testdb *t, const struct llm_settings *settings,
	enum llm_ability ability, unsigned char way)
{
	struct lesson lesson = { .abilities = TAKES_BIT(ability) };

	lesson.takes.way[ability] = way;
	assert_int_equal(lessons_keep(t->db, settings, &lesson), OK);
}

static void
one_lesson_adds_to_another(void **state)
{
	struct testdb *t = *state;
	struct llm_settings settings = settings_of(t);
	struct lesson numbers = { .context = true, .bytes = true };
	struct llm_takes takes = known_of(t, &settings);

	for (int i = 0; i < LLM_ABILITY_N; i++)
		assert_int_equal(takes.way[i], WAY_ON);
	assert_int_equal(takes.context_tokens, 0);
	learn(t, &settings, TAKES_TOOLS, WAY_OFF);
	learn(t, &settings, TAKES_SYSTEM, WAY_USER);
	numbers.takes.context_tokens = 4096;
	numbers.takes.bytes = 350;
	assert_int_equal(lessons_keep(t->db, &settings, &numbers), OK);
	takes = known_of(t, &settings);
	assert_int_equal(takes.way[TAKES_TOOLS], WAY_OFF);
	assert_int_equal(takes.way[TAKES_SYSTEM], WAY_USER);
	assert_int_equal(takes.way[TAKES_IMAGES], WAY_ON);
	assert_int_equal(takes.context_tokens, 4096);
	assert_int_equal(takes.bytes, 350);
	/* Only what is marked as learned is learned. */
	numbers = (struct lesson){ .bytes = true };
	numbers.takes.way[TAKES_IMAGES] = WAY_OFF;
	numbers.takes.context_tokens = 7;
	numbers.takes.bytes = 360;
	assert_int_equal(lessons_keep(t->db, &settings, &numbers), OK);
	takes = known_of(t, &settings);
	assert_int_equal(takes.way[TAKES_IMAGES], WAY_ON);
	assert_int_equal(takes.context_tokens, 4096);
	assert_int_equal(takes.bytes, 360);
}

static void
what_the_configuration_says_holds(void **state)
{
	struct testdb *t = *state;
	struct llm_settings settings = settings_of(t), silent = settings;
	struct llm_takes takes;

	settings.takes.given[TAKES_TOOLS] = true;
	settings.takes.way[TAKES_TOOLS] = WAY_ON;
	settings.takes.given[TAKES_SYSTEM] = true;
	settings.takes.way[TAKES_SYSTEM] = WAY_DEVELOPER;
	learn(t, &settings, TAKES_TOOLS, WAY_OFF);
	learn(t, &silent, TAKES_SYSTEM, WAY_USER);
	takes = known_of(t, &settings);
	assert_int_equal(takes.way[TAKES_TOOLS], WAY_ON);
	assert_true(takes.given[TAKES_TOOLS]);
	assert_int_equal(takes.way[TAKES_SYSTEM], WAY_DEVELOPER);
	assert_false(takes.given[TAKES_IMAGES]);
	/* A model without that lesson is unchanged. */
	assert_int_equal(known_of(t, &silent).way[TAKES_TOOLS], WAY_ON);
}

/* Covers everything that a request depends on, except the conversation. */
static void
another_model_is_another(void **state)
{
	struct testdb *t = *state;
	struct llm_settings settings = settings_of(t), others[6];

	for (size_t i = 0; i < LENGTH(others); i++)
		others[i] = settings;
	others[0].kind = CONF_ANTHROPIC;
	others[1].base_url = "http://other.example/v1";
	others[2].takes_words = "tools=on";
	others[3].context_tokens = 5;
	others[4].options = span_of("{}");
	others[5].tools = span_of("[]");
	learn(t, &settings, TAKES_TOOLS, WAY_OFF);
	for (size_t i = 0; i < LENGTH(others); i++)
		assert_int_equal(
			known_of(t, &others[i]).way[TAKES_TOOLS], WAY_ON);
	settings.system_prompt = "Be brief.";
	assert_int_equal(known_of(t, &settings).way[TAKES_TOOLS], WAY_OFF);
}

/* ---- expiry */

static const char FORGET[] =
	"SELECT TIMESTAMPDIFF(SECOND, update_time, forget_time)"
	" FROM model_takes WHERE model = ?";

static void
read_seconds(struct row *row, void *out)
{
	*(int64_t *)out = row_i64(row);
}

static void
assert_known_for(
	struct testdb *t, const struct llm_settings *settings, int64_t ms)
{
	int64_t seconds = 0;

	assert_int_equal(
		db_one(t->db, &t->arena, FORGET, PARAMS(STR(settings->model)),
			read_seconds, &seconds),
		OK);
	/* The test may take up to ten minutes. */
	assert_in_range(seconds, ms / 1000 - 600, ms / 1000);
}

static void
a_guess_is_believed_for_an_hour(void **state)
{
	struct testdb *t = *state;
	struct llm_settings sure = settings_of(t), guessed = settings_of(t);
	struct lesson guess = { .abilities = TAKES_BIT(TAKES_TOOLS),
		.guessed = true };

	guess.takes.way[TAKES_TOOLS] = WAY_OFF;
	learn(t, &sure, TAKES_TOOLS, WAY_OFF);
	assert_known_for(t, &sure, LESSON_MS);
	assert_int_equal(lessons_keep(t->db, &guessed, &guess), OK);
	assert_known_for(t, &guessed, LESSON_GUESSED_MS);
	/* All lessons of a model expire together, with the first one. */
	learn(t, &guessed, TAKES_IMAGES, WAY_OFF);
	assert_known_for(t, &guessed, LESSON_GUESSED_MS);
	assert_int_equal(lessons_keep(t->db, &sure, &guess), OK);
	assert_known_for(t, &sure, LESSON_GUESSED_MS);
}

/* Such words may come from a later release. */
static void
words_that_nobody_knows_are_passed_over(void **state)
{
	struct testdb *t = *state;
	struct llm_settings settings = settings_of(t);

	learn(t, &settings, TAKES_TOOLS, WAY_OFF);
	assert_int_equal(db_exec(t->db,
				 "UPDATE model_takes SET takes = 'telepathy=on'"
				 " WHERE model = ?",
				 PARAMS(STR(settings.model))),
		OK);
	assert_int_equal(known_of(t, &settings).way[TAKES_TOOLS], WAY_ON);
	learn(t, &settings, TAKES_IMAGES, WAY_OFF);
	assert_int_equal(known_of(t, &settings).way[TAKES_IMAGES], WAY_OFF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_lesson_adds_to_another),
		cmocka_unit_test(what_the_configuration_says_holds),
		cmocka_unit_test(another_model_is_another),
		cmocka_unit_test(a_guess_is_believed_for_an_hour),
		cmocka_unit_test(words_that_nobody_knows_are_passed_over),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
