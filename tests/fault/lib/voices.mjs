// The reasoning and the words of a reply, as the server of each wire sends them: the events, and which of them contain words.

import { DONE, chunk } from "../../support/upstream.mjs";
import * as anthropic from "../../support/anthropic.mjs";
import * as gemini from "../../support/gemini.mjs";
import * as responses from "../../support/responses.mjs";

const usage = { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 };

function openai(thoughts, words) {
	return [
		chunk({ role: "assistant", content: "" }),
		...thoughts.map((text) => chunk({ reasoning_content: text })),
		...words.map((content) => chunk({ content })),
		chunk({}, "stop"),
		chunk(null, null, { choices: [], usage }),
		DONE,
	].join("");
}

function anthropically(thoughts, words, read) {
	const signed = thoughts.length ? anthropic.thinking(0, anthropic.signatureOf(read(thoughts.join(""))), ...thoughts) : "";
	return anthropic.start() + signed + anthropic.text(thoughts.length ? 1 : 0, ...words) + anthropic.end();
}

function asGemini(thoughts, words) {
	const signed = gemini.text("", { thoughtSignature: gemini.signatureOf("") });
	return [
		...thoughts.map((text) => gemini.parts([gemini.thought(text)])),
		...words.map((text) => gemini.parts([gemini.text(text)])),
		gemini.parts([thoughts.length ? signed : gemini.text("")], "STOP"),
	].join("");
}

function byResponses(thoughts, words) {
	const reply = responses.reply();
	if (thoughts.length) reply.reasoning([thoughts], responses.stateOf("rs_0"));
	return reply.text(words).end();
}

/** speak: all bytes; says: whether an event contains words or reasoning. */
const VOICES = {
	openai: { speak: openai, says: /"(content|reasoning_content)":"[^"]/ },
	anthropic: { speak: anthropically, says: /"(text|thinking)_delta"/ },
	gemini: { speak: asGemini, says: /"text": "[^"]/ },
	responses: { speak: byResponses, says: /"response\.(output_text|reasoning_summary_text)\.delta"/ },
};

/** { before, said, after }: events, in this order. `read`: the text as it arrives, which the signature of reasoning covers. */
export function eventsOf(wire, thoughts, words, read) {
	const { speak, says } = VOICES[wire];
	const events = speak(thoughts, words, read).split(/(?<=\n\r?\n)/);
	const is = (event) => says.test(event);
	const [first, last] = [events.findIndex(is), events.findLastIndex(is)];
	return { before: events.slice(0, first), said: events.slice(first, last + 1), after: events.slice(last + 1), is };
}
