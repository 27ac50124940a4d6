// Runs test files and counts the results; a file that fails while others run may run again on its own.

import { run } from "node:test";

/** A pause of the machine affects one file, perhaps two; more failures are no coincidence. */
const UNSTEADY_MAX = 2;
/** So many failures mean that the page is broken, so it is pointless to try all of them again. */
const AGAIN_MAX = 5;

const shown = ({ title, why }) => `--- ${title}\n${why}\n`;

/**
 * `mayTryAgain(file)`: which files may run again. `fileMs`: how long a file may take. `print`: prints for people who wait.
 */
export class Suite {
	passed = 0;
	failed = 0;
	/** Files that failed while others ran and passed alone. */
	unsteady = [];
	/** What failed, for the end, where people look first. */
	#bad = [];
	#again = [];
	#options;

	constructor({ mayTryAgain = () => false, fileMs, print = console.log }) {
		this.#options = { mayTryAgain, fileMs, print };
	}

	fail(title, why) {
		this.failed++;
		this.#bad.push(title);
		this.#options.print(shown({ title, why }));
	}

	pass() {
		this.passed++;
	}

	/** Runs that many test files at a time; prints a line for each when it ends, and the full output of each failure. */
	async run(title, files, concurrency) {
		const waiting = [...files];
		const work = async () => {
			for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) this.#ended(title, await this.#resultOf(title, file));
		};
		await Promise.all(Array.from({ length: concurrency }, work));
	}

	#ended(title, result) {
		if (result.stories.length === 0 || !this.#options.mayTryAgain(result.file)) {
			this.#count(title, result);
			return;
		}
		this.#again.push({ title, ...result });
		this.#options.print(`${`${title}: ${result.file}`.padEnd(50)} ${result.stories.length} failed, is tried again by itself`);
	}

	/** Runs after all other files, on their instance. */
	async tryAgain() {
		const again = this.#again.splice(0);
		for (const first of again) {
			const result = again.length > AGAIN_MAX ? first : await this.#resultOf(first.title, first.file);
			if (result.stories.length === 0) this.#isUnsteady(first);
			this.#count(first.title, result);
		}
	}

	/** The final summary, with what failed; too many unsteady files are a failure. */
	end() {
		const unsteady = this.unsteady.toSorted();
		if (unsteady.length > UNSTEADY_MAX) this.fail("too many unsteady files", `${unsteady.join("\n")}\n${UNSTEADY_MAX} are put up with`);
		if (unsteady.length > 0) this.#options.print(`${unsteady.length} unsteady: ${unsteady.join(", ")}`);
		if (this.#bad.length > 0) this.#options.print(`failed: ${this.#bad.join("; ")}`);
		this.#options.print(`${this.passed} passed, ${this.failed} failed`);
	}

	#isUnsteady({ title, file, stories }) {
		this.unsteady.push(file);
		this.#options.print(`unsteady: ${title}: ${file}, failed beside others, passed alone; what failed first:`);
		for (const story of stories) this.#options.print(shown(story));
	}

	#count(title, { file, passed, failed, seconds, stories }) {
		this.passed += passed;
		this.failed += failed;
		this.#bad.push(...stories.map((story) => story.title));
		if (passed + failed > 0) this.#options.print(`${`${title}: ${file}`.padEnd(50)} ${passed} passed, ${failed} failed, ${seconds} s`);
	}

	/**
	 * What passed and failed, and the output of each failure as it happens. Each file gets a run of its own, because tests
	 * in a module that several files import do not say to which file they belong.
	 */
	async #resultOf(title, file) {
		const result = { file, passed: 0, failed: 0, stories: [] };
		const begin = performance.now();
		const tell = (name, why) => {
			const story = { title: `${title}: ${name}`, why };
			result.stories.push(story);
			this.#options.print(shown(story));
		};
		for await (const { type, data } of run({ files: [file], concurrency: 1, timeout: this.#options.fileMs })) {
			if (type === "test:stderr" || type === "test:stdout") process.stderr.write(data.message);
			if (!["test:pass", "test:fail"].includes(type)) continue;
			const { error, type: kind } = data.details;
			if (kind === "suite") {
				// Its tests only report that they were cancelled.
				if (error?.failureType === "hookFailed") tell(`before or after ${data.name}`, error.cause?.stack ?? error.cause);
				continue;
			}
			result[type === "test:pass" ? "passed" : "failed"]++;
			if (type === "test:fail") tell(`${file}: ${data.name}`, error?.cause?.stack ?? error?.cause ?? error);
		}
		result.seconds = Math.round((performance.now() - begin) / 1000);
		return result;
	}
}
