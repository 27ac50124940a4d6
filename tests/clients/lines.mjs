// The three lines of the SDK that must all work, and a real chat of each with the server under test.

import * as ai5 from "ai5";
import * as ai6 from "ai6";
import * as ai7 from "ai7";
import * as react5 from "@ai-sdk/react5";
import * as react6 from "@ai-sdk/react6";
import * as react7 from "@ai-sdk/react7";
import { URL_BASE } from "../support/api.mjs";

export const lines = [
	{ name: "ai 5", ai: ai5, react: react5 },
	{ name: "ai 6", ai: ai6, react: react6 },
	{ name: "ai 7", ai: ai7, react: react7 },
];

/** What a page keeps beside its chat: the session's id, which it learns from the header and from the stream. */
export class Page {
	byHeader = undefined;
	byChunk = undefined;
	data = [];
	errors = [];
	requests = [];

	constructor(user, sessionId) {
		this.user = user;
		this.sessionId = sessionId;
	}

	/**
	 * As the SDK's documentation does it: the session in the body, the token in a header, and a fetch that sees the answer.
	 */
	transport({ DefaultChatTransport }) {
		return new DefaultChatTransport({
			api: `${URL_BASE}/api/ai/chat`,
			headers: () => ({ Authorization: `Bearer ${this.user.token}` }),
			body: () => (this.sessionId ? { sessionId: this.sessionId } : {}),
			fetch: async (url, init) => {
				if (init.body) this.requests.push(JSON.parse(init.body));
				const response = await fetch(url, init);
				this.byHeader = response.headers.get("x-session-id") ?? undefined;
				this.sessionId ??= this.byHeader;
				return response;
			},
		});
	}

	onData = (part) => {
		this.data.push(part);
		if (part.type === "data-session") this.byChunk = part.data.sessionId;
	};

	onError = (error) => this.errors.push(error);
}

/** A real Chat; `messages` are those that a reload has fetched. */
export function openChat({ ai, react }, page, options = {}) {
	const { onData, onError } = page;
	return new react.Chat({ transport: page.transport(ai), onData, onError, ...options });
}

/** Removes the members whose value is undefined, which neither JSON nor the tables have. */
export const asJson = (value) => JSON.parse(JSON.stringify(value));
