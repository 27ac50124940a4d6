#include "wire/shape.h"

#include "json/json.h"

#define DEPTH_MAX 64

static void
open_bracket(struct shape *s, char c)
{
	if (s->depth == DEPTH_MAX) {
		s->state = SHAPE_OTHER;
		return;
	}
	s->brackets &= ~(UINT64_C(1) << s->depth);
	s->brackets |= (uint64_t)(c == '[') << s->depth;
	s->depth++;
	s->state = SHAPE_OPEN;
}

static void
close_bracket(struct shape *s, char c)
{
	bool array = (s->brackets >> (s->depth - 1) & 1) != 0;

	if (array != (c == ']'))
		s->state = SHAPE_OTHER;
	else if (--s->depth == 0)
		s->state = SHAPE_WHOLE;
}

static void
take_char(struct shape *s, char c)
{
	if (s->state == SHAPE_UNKNOWN) {
		if (c == '{' || c == '[')
			open_bracket(s, c);
		else if (!json_is_blank(c))
			s->state = SHAPE_OTHER;
	} else if (s->quoted) {
		if (!s->escaped && c == '"')
			s->quoted = false;
		s->escaped = !s->escaped && c == '\\';
	} else if (c == '"') {
		s->quoted = true;
	} else if (c == '{' || c == '[') {
		open_bracket(s, c);
	} else if (c == '}' || c == ']') {
		close_bracket(s, c);
	}
}

void
shape_follow(struct shape *s, struct span text)
{
	for (size_t i = 0; i < text.len && s->state < SHAPE_WHOLE; i++)
		take_char(s, text.data[i]);
}

bool
shape_begins(struct span text)
{
	size_t i = 0;

	while (i < text.len && json_is_blank(text.data[i]))
		i++;
	return i < text.len && (text.data[i] == '{' || text.data[i] == '[');
}
