/** What a promise brings, or the error "silence" when it has not come so far within the time. */
export async function within(ms, promise) {
	let timer;
	const late = new Promise((_, reject) => (timer = setTimeout(reject, ms, new Error("silence"))));
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}
