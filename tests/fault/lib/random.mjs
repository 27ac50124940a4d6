// Decisions that a seed reproduces. Every actor has its own named source, so its next action does not depend on the speed of the others.

/** mulberry32, seeded with a text. */
export function random(seed) {
	let state = 2166136261;
	for (const char of String(seed)) state = Math.imul(state ^ char.codePointAt(0), 16777619);
	const next = () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	const between = (low, high) => low + Math.floor(next() * (high - low + 1));
	return {
		next,
		between,
		chance: (p) => next() < p,
		pick: (list) => list[Math.floor(next() * list.length)],
		/** Picks one of the names, by weight: { plain: 5, stop: 1 } */
		weighted(weights) {
			let left = next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
			for (const [name, weight] of Object.entries(weights)) if ((left -= weight) < 0) return name;
			return Object.keys(weights)[0];
		},
		/** An id of 16 hex digits. */
		id: () => Array.from({ length: 4 }, () => between(0, 65535).toString(16).padStart(4, "0")).join(""),
		source: (name) => random(`${seed}/${name}`),
	};
}
