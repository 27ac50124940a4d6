/** Resolves as the promise does, or throws the error "silence" if it has not been settled within the time. */
export async function within(ms, promise) {
	let timer;
	const late = new Promise((_, reject) => (timer = setTimeout(reject, ms, new Error("silence"))));
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}
