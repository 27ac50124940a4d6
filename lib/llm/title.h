/*
 * title.h: asks the model for a title of a conversation in a small request of
 * its own, and extracts the title from any answer.
 */

#ifndef LLM_TITLE_H
#define LLM_TITLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "wire/ask.h"

/* In grapheme clusters: the limit of the quoted question and of the quoted
 * reply, and of the title. */
#define LLM_TITLE_TOLD 600
#define LLM_TITLE_MAX 60

/* The system prompt; the user message is LLM_TITLE_QUESTION, the question on
 * one line, and the reply. */
#define LLM_TITLE_PROMPT                                                     \
	"Write a title for the conversation that you are given: two to six " \
	"words that say what it is about, in the language of the question. " \
	"Do not answer the question. Reply with the title alone, in plain "  \
	"text, without quotation marks and without a full stop."
#define LLM_TITLE_QUESTION "Question: "

/*
 * Makes *settings* into those for a title: this prompt, no tools, few tokens
 * for the answer and low effort, whatever llm.options has. The result points
 * into *arena* and *settings*, which must outlive it. ERR_INTERNAL.
 */
MUST_USE enum err llm_title_settings(struct arena *arena,
	const struct llm_settings *settings, struct llm_settings *out);

/* The conversation: valid UTF-8, each on one line; cut here. */
struct llm_title_about {
	struct span question, reply;
};

/* Appends the request to *body*, for a model that accepts *takes*; *settings*
 * are from llm_title_settings(). ERR_INTERNAL. */
MUST_USE enum err
llm_title_request(struct arena *arena, const struct llm_settings *settings,
	const struct llm_takes *takes, const struct llm_title_about *about,
	struct buf *body, struct llm_asked *asked);

/*
 * Extracts the title from an answer, which may be anything: the first line with
 * words, without labels ("Title:"), quotation marks, Markdown and invisible
 * characters, at most LLM_TITLE_MAX clusters and 255 characters. Valid UTF-8 in
 * *arena*; absent if the answer contains no title, for example a long sentence.
 */
struct span llm_title_clean(struct arena *arena, struct span answer);

#endif
