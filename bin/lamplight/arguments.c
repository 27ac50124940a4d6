#include "lamplight/arguments.h"

#include "base/file.h"
#include "base/id.h"
#include "json/write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)64 << 10)
#define PRICE_DIGITS 6 /* prices are stored in millionths */
#define PRICE_MAX 1000000 /* per million tokens */

static enum err
bad(const char *option, const char *takes)
{
	fprintf(stderr, "%s takes %s.\n", option, takes);
	return ERR_INVALID;
}

static const struct argument *
argument_named(const struct argument *known, size_t n, const char *option)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(known[i].option, option) == 0)
			return &known[i];
	return NULL;
}

static const char *
next(char ***rest, const struct argument **argument,
	const struct argument *known, size_t n)
{
	char **at = *rest;

	*argument = argument_named(known, n, *at);
	if (*argument == NULL || (*argument)->kind == ARGUMENT_FLAG) {
		*rest = at + 1;
		return "";
	}
	*rest = at[1] != NULL ? at + 2 : at + 1;
	return at[1];
}

const char *
argument_of(const struct task *task, const char *option,
	const struct argument *known, size_t n)
{
	const char *value, *found = NULL;
	const struct argument *argument;

	for (char **rest = task->rest; *rest != NULL;) {
		value = next(&rest, &argument, known, n);
		if (argument != NULL && strcmp(argument->option, option) == 0)
			found = value;
	}
	return found;
}

/* ---- values */

static enum err
put_json(struct task *task, struct json_writer *w,
	const struct argument *argument, struct span text)
{
	const struct json *json;

	if (json_parse(&task->arena, text, &json) != OK)
		return bad(argument->option, "JSON");
	if (argument->kind == ARGUMENT_NUMBER && json_kind(json) != JSON_INT &&
		json_kind(json) != JSON_DOUBLE)
		return bad(argument->option, "a number");
	json_put(w, json);
	return OK;
}

static enum err
put_file(struct task *task, struct json_writer *w,
	const struct argument *argument, const char *path)
{
	struct span text;

	if (file_read(&task->arena, path, FILE_MAX, &text) != OK)
		return bad(argument->option, "a file that can be read");
	return put_json(task, w, argument, text);
}

static enum err
put_switch(struct json_writer *w, const struct argument *argument,
	const char *value)
{
	if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
		return bad(argument->option, "on or off");
	json_put_bool(w, strcmp(value, "on") == 0);
	return OK;
}

/* Reads "2.5" as 2500000: digits, at most six after the point. */
static enum err
put_price(struct json_writer *w, const struct argument *argument,
	const char *value)
{
	size_t whole = strspn(value, "0123456789"), part = 0;
	int64_t price = strtoll(value, NULL, 10);

	if (value[whole] == '.')
		part = strspn(value + whole + 1, "0123456789");
	if (whole == 0 || whole > 7 || part > PRICE_DIGITS ||
		price > PRICE_MAX ||
		value[whole + (value[whole] == '.') + part] != '\0')
		return bad(argument->option,
			"a price of a million tokens, like 2.50");
	for (size_t i = 0; i < PRICE_DIGITS; i++)
		price = price * 10 +
			(i < part ? value[whole + 1 + i] - '0' : 0);
	json_put_int(w, price);
	return OK;
}

static enum err
put_value(struct task *task, struct json_writer *w,
	const struct argument *argument, const char *value)
{
	if (*value == '\0' && argument->kind != ARGUMENT_SWITCH) {
		json_put_null(w);
		return OK;
	}
	switch (argument->kind) {
	case ARGUMENT_TEXT:
		json_put_str(w, value);
		return OK;
	case ARGUMENT_NUMBER:
	case ARGUMENT_JSON:
		return put_json(task, w, argument, span_of(value));
	case ARGUMENT_FILE:
		return put_file(task, w, argument, value);
	case ARGUMENT_SWITCH:
		return put_switch(w, argument, value);
	case ARGUMENT_PRICE:
		return put_price(w, argument, value);
	case ARGUMENT_OWN:
	case ARGUMENT_FLAG:
		break;
	}
	abort();
}

/* ---- the object */

/* Writes all prices, or all other members. */
static enum err
put_all(struct task *task, struct json_writer *w, const struct argument *known,
	size_t n, bool prices)
{
	const struct argument *argument;
	const char *value;

	for (char **rest = task->rest; *rest != NULL;) {
		const char *option = *rest;

		value = next(&rest, &argument, known, n);
		if (argument == NULL) {
			fprintf(stderr, "There is no option \"%s\" here.\n",
				option);
			return ERR_INVALID;
		}
		if (value == NULL)
			return bad(option, "a value");
		if (argument->kind == ARGUMENT_OWN ||
			argument->kind == ARGUMENT_FLAG ||
			(argument->kind == ARGUMENT_PRICE) != prices)
			continue;
		json_key(w, argument->member);
		TRY(put_value(task, w, argument, value));
	}
	return OK;
}

static bool
has_prices(const struct argument *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (known[i].kind == ARGUMENT_PRICE)
			return true;
	return false;
}

static enum err
put_object(struct task *task, struct json_writer *w,
	const struct argument *known, size_t n,
	const struct argument_more *more)
{
	json_open(w, '{');
	for (; more->member != NULL; more++)
		if (more->text.data != NULL)
			json_member_text(w, more->member, more->text);
	TRY(put_all(task, w, known, n, false));
	if (has_prices(known, n)) {
		json_key(w, "prices");
		json_open(w, '{');
		TRY(put_all(task, w, known, n, true));
		json_close(w, '}');
	}
	json_close(w, '}');
	return OK;
}

enum err
arguments_read(struct task *task, const struct argument *known, size_t n,
	const struct argument_more *more, const struct json **out)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	enum err err = put_object(task, &w, known, n, more);

	if (err == OK && json_parse(&task->arena, buf_span(&text), out) != OK) {
		fputs("An option is given twice, or is not valid UTF-8.\n",
			stderr);
		err = ERR_INVALID;
	}
	buf_free(&text);
	return err;
}

/* ---- reporting refusals */

static const char *
called(const struct argument *known, size_t n, const struct argument_more *more,
	const char *member)
{
	for (; more->member != NULL; more++)
		if (more->text.data != NULL &&
			strcmp(more->member, member) == 0)
			return more->called;
	for (size_t i = 0; i < n; i++)
		if (known[i].member != NULL &&
			strcmp(known[i].member, member) == 0)
			return known[i].option;
	return member;
}

/* The text with the first occurrence of *what* replaced, in the arena; or
 * unchanged. */
static const char *
replaced(struct arena *arena, const char *text, const char *what,
	const char *with)
{
	const char *at = strstr(text, what);

	return at == NULL ? text
			  : arena_printf(arena, "%.*s%s%s", (int)(at - text),
				    text, with, at + strlen(what));
}

enum err
arguments_refused(enum err err, const struct argument *known, size_t n,
	const struct argument_more *more, const struct admin_form *form)
{
	const char *word, *quoted, *sentence;

	if (err != ERR_INVALID)
		return err;
	word = called(known, n, more, form->field);
	quoted = arena_printf(form->arena, "\"%s\"", form->field);
	sentence = replaced(form->arena, form->detail, quoted, word);
	sentence = replaced(form->arena, sentence, ", or null.", ", or empty.");
	fprintf(stderr, "%s%s%s\n", strstr(sentence, word) == NULL ? word : "",
		strstr(sentence, word) == NULL ? ": " : "", sentence);
	return err;
}
