// The opaque state of a fake server: what comes back is valid only if it is unchanged and stands beside what it belongs to.

import { createHmac } from "node:crypto";

const mac = (text) => createHmac("sha256", "known to the fake server alone").update(text).digest("hex").slice(0, 32);

/** State that belongs to a text, in base64. */
export const sealed = (text) => Buffer.from(`${mac(text)}${mac(`of ${mac(text)}`)}`, "hex").toString("base64");

/** Whether it is our state, unaltered. */
export function isOurs(state) {
	const [, own, proof] = /^(\w{32})(\w{32})$/.exec(Buffer.from(String(state), "base64").toString("hex")) ?? [];
	return own !== undefined && proof === mac(`of ${own}`) && Buffer.from(`${own}${proof}`, "hex").toString("base64") === state;
}

/** An id that can be used only together with its state. */
export const idWith = (prefix, state, n = 0) => `${prefix}${mac(`${state} ${n}`).slice(0, 20)}_${n}`;
/** Whether an id looks like one of these, from any state. */
export const isId = (id) => /_?[0-9a-f]{20}_\d+$/.test(id);
export const belongs = (id, state) => id === idWith(id.slice(0, id.search(/[0-9a-f]{20}_\d+$/)), state, Number(id.split("_").at(-1)));
