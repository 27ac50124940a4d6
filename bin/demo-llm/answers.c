#include "demo-llm/answers.h"

#include "base/attr.h"
#include "base/buf.h"
#include "llm/title.h"

#include <string.h>

#define TITLE_WORDS 6
#define TITLE_BYTES 60u
#define QUOTE_MAX 300 /* bytes of the question that are quoted */

static const char NOTICE[] =
	"**This is Lamplight's demo model, not a real one.** It streams "
	"prepared text, so that you can try everything else. To use a real "
	"model, start Lamplight with the address of any OpenAI-compatible "
	"server:\n\n"
	"```sh\n"
	"LAMPLIGHT_LLM_BASE_URL=https://api.openai.com/v1 \\\n"
	"LAMPLIGHT_LLM_API_KEY=your-key \\\n"
	"LAMPLIGHT_LLM_MODEL=the-model make run\n"
	"```\n\n"
	"(An Ollama on this machine is found by itself.) Until then, ask me "
	"to show *markdown*, *code*, a *table*, a *diagram*, *reasoning* or "
	"a *long answer*.\n\n---\n\n";

static const char MARKDOWN[] =
	"# Markdown\n\n"
	"A paragraph with **bold**, *italic*, ~~struck~~ and `inline code`, "
	"and a [link](https://example.org/).\n\n"
	"## Lists\n\n"
	"1. First things first\n"
	"2. Then the second\n"
	"   - with a detail\n"
	"   - and another one\n"
	"3. Done\n\n"
	"- [x] a task that is done\n"
	"- [ ] a task that is not\n\n"
	"> A lamp lights what is near it.\n\n"
	"| Element | Written as |\n"
	"|---|---|\n"
	"| bold | `**text**` |\n"
	"| code | `` `text` `` |\n\n"
	"```json\n"
	"{ \"kind\": \"code block\", \"lines\": 1 }\n"
	"```\n";

static const char CODE[] =
	"Here is a small program in C:\n\n"
	"```c\n"
	"#include <stdio.h>\n\n"
	"/* The greatest common divisor, by Euclid. */\n"
	"static unsigned\n"
	"gcd(unsigned a, unsigned b)\n"
	"{\n"
	"\twhile (b != 0) {\n"
	"\t\tunsigned rest = a % b;\n\n"
	"\t\ta = b;\n"
	"\t\tb = rest;\n"
	"\t}\n"
	"\treturn a;\n"
	"}\n\n"
	"int\n"
	"main(void)\n"
	"{\n"
	"\tprintf(\"%u\\n\", gcd(1071, 462));\n"
	"\treturn 0;\n"
	"}\n"
	"```\n\n"
	"It prints `21`. Compile it with `cc -O2 gcd.c && ./a.out`.\n";

static const char TABLE[] =
	"The planets, nearest first:\n\n"
	"| Planet | Diameter (km) | Day | Moons |\n"
	"|:---|---:|---:|---:|\n"
	"| Mercury | 4,879 | 176 d | 0 |\n"
	"| Venus | 12,104 | 117 d | 0 |\n"
	"| Earth | 12,742 | 24.0 h | 1 |\n"
	"| Mars | 6,779 | 24.7 h | 2 |\n"
	"| Jupiter | 139,820 | 9.9 h | 95 |\n"
	"| Saturn | 116,460 | 10.7 h | 146 |\n"
	"| Uranus | 50,724 | 17.2 h | 28 |\n"
	"| Neptune | 49,244 | 16.1 h | 16 |\n\n"
	"Together they would fit between the Earth and the Moon, though only "
	"just.\n";

static const char DIAGRAM[] = "How a reply comes to you:\n\n"
			      "```mermaid\n"
			      "sequenceDiagram\n"
			      "    participant B as Browser\n"
			      "    participant L as Lamplight\n"
			      "    participant D as Database\n"
			      "    participant M as Model\n"
			      "    B->>L: a question\n"
			      "    L->>D: stored\n"
			      "    L->>M: the conversation\n"
			      "    loop piece by piece\n"
			      "        M-->>L: text\n"
			      "        L->>D: stored\n"
			      "        L-->>B: shown\n"
			      "    end\n"
			      "```\n\n"
			      "What is shown is stored already.\n";

static const char THOUGHTS[] =
	"The question is how many squares a chess board has. The 64 small "
	"ones are only the beginning: larger squares count as well. A square "
	"of side n fits in (9 - n) columns and as many rows. So the sum is "
	"8x8 + 7x7 + 6x6 + 5x5 + 4x4 + 3x3 + 2x2 + 1x1 = 64 + 49 + 36 + 25 "
	"+ 16 + 9 + 4 + 1 = 204.";

static const char REASONED[] =
	"How many squares are there on a chess board? **204**: 64 of one "
	"field, and all the larger ones, up to the board itself. Open the "
	"reasoning above to see how I got there.\n";

static const char PARAGRAPH[] =
	"A lamp is lit in the evening and carried from room to room. It does "
	"not know the house, it only shows what is near: the edge of a table, "
	"the spine of a book, a hand that holds it. Whoever walks with it "
	"learns the house piece by piece, and by morning has seen all of it, "
	"though never all at once. Reading is like that, and so is a long "
	"answer that arrives word by word: what is already there does not "
	"change, and what comes next is always just beyond the light.";

static const struct topic {
	const char *word; /* the word that selects the topic */
	const char *reasoning, *text;
} topics[] = {
	{ "markdown", "", MARKDOWN },
	{ "code", "", CODE },
	{ "table", "", TABLE },
	{ "diagram", "", DIAGRAM },
	{ "reason", THOUGHTS, REASONED },
	{ "think", THOUGHTS, REASONED },
};

#define LONG_ANSWER_PARAGRAPHS 12

static void
write_long_answer(struct buf *out)
{
	buf_puts(out, "# A long answer\n\n");
	for (int i = 1; i <= LONG_ANSWER_PARAGRAPHS; i++)
		buf_printf(out, "## Part %d\n\n%s\n\n", i, PARAGRAPH);
	buf_puts(out, "That was the long answer.\n");
}

size_t
utf8_floor(struct span text, size_t len)
{
	while (len > 0 && len < text.len && (text.data[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* For any other question: quotes it, so that replies can be told apart. */
static void
write_echo(struct buf *out, struct span question)
{
	size_t len = utf8_floor(question, MIN(question.len, QUOTE_MAX));

	buf_puts(out, "You asked:\n\n> ");
	for (size_t i = 0; i < len; i++) {
		buf_putc(out, question.data[i]);
		if (question.data[i] == '\n')
			buf_puts(out, "> ");
	}
	buf_puts(out, len < question.len ? "...\n\n" : "\n\n");
	buf_printf(out,
		"A real model would answer that. I can only tell you "
		"that your question of %zu bytes arrived, that it is stored "
		"with this reply, and that both will be here when you come "
		"back.\n",
		question.len);
}

static bool
asks_for(struct arena *arena, struct span question, const char *word)
{
	const char *text = arena_str(arena, question.data, question.len);

	return strcasestr(text, word) != NULL;
}

bool
answer_is_asked_on(struct span text)
{
	static const char start[] = "[Your last message was cut off";

	return text.len >= sizeof(start) - 1 &&
		memcmp(text.data, start, sizeof(start) - 1) == 0;
}

/* Up to six words, as long as they fit on a line. */
static struct answer
compose_title(struct arena *arena, struct span asked)
{
	const char *text = arena_str(arena, asked.data, asked.len);
	const char *start = strstr(text, LLM_TITLE_QUESTION);
	struct span title = span_of("");
	size_t len;

	if (start != NULL) {
		title.data = start + strlen(LLM_TITLE_QUESTION);
		len = strcspn(title.data, "\n.?!");
		for (int n = 0; n < TITLE_WORDS && title.len < len; n++) {
			title.len += strcspn(title.data + title.len, " \n");
			title.len += title.len < len;
		}
		title.len = MIN(title.len, len);
		title.len = utf8_floor(title, MIN(title.len, TITLE_BYTES));
		while (title.len > 0 &&
			strchr(" ,", title.data[title.len - 1]) != NULL)
			title.len--;
	}
	return (struct answer){ span_of(""), title };
}

struct answer
answer_compose(struct arena *arena, struct span prompt, struct span question,
	bool first)
{
	struct answer answer = { span_of(""), span_of("") };
	const struct topic *topic = NULL;
	struct buf text = BUF_INIT;

	if (span_is(prompt, LLM_TITLE_PROMPT))
		return compose_title(arena, question);
	for (size_t i = 0; i < LENGTH(topics) && topic == NULL; i++)
		if (asks_for(arena, question, topics[i].word))
			topic = &topics[i];
	if (first)
		buf_puts(&text, NOTICE);
	if (topic != NULL) {
		answer.reasoning = span_of(topic->reasoning);
		buf_puts(&text, topic->text);
	} else if (asks_for(arena, question, "long")) {
		write_long_answer(&text);
	} else {
		write_echo(&text, question);
	}
	answer.text = arena_span(arena, buf_span(&text));
	buf_free(&text);
	return answer;
}
