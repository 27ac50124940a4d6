// Two hosts of Lamplight on one cluster, and people who chat at both.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { up } from "../../support/instance.mjs";
import { startModel } from "../../support/upstream.mjs";
import { Talkers } from "./talkers.mjs";

export class Hosts {
	/** `settings` are for the instances, in addition to the model and the secret that they share. */
	static async open(settings) {
		const hosts = Object.assign(new Hosts(), { instances: [], model: await startModel(), keys: mkdtempSync(`${tmpdir()}/lamplight-keys-`) });
		const more = { ...settings, LAMPLIGHT_LLM_BASE_URL: hosts.model.baseUrl, LAMPLIGHT_AUTH_SECRET_FILE: `${hosts.keys}/secret` };
		try {
			for (let n = 0; n < 2; n++) hosts.instances.push(await up({ more }));
			hosts.talkers = await Talkers.open(hosts.instances.map(({ env }) => env.LAMPLIGHT_URL));
			await hosts.talkers.flow(30_000);
		} catch (error) {
			await hosts.close();
			throw error;
		}
		return hosts;
	}

	/** The lines about this event in the logs of their chat programs. */
	logged(event) {
		const lines = new RegExp(`event=${event}.*`, "g");
		return this.instances.flatMap(({ env }) => readFileSync(`${env.LAMPLIGHT_VAR}/log/chat.log`, "utf8").match(lines) ?? []);
	}

	async close() {
		await this.talkers?.end();
		for (const instance of this.instances) await instance.down().then(instance.remove);
		await this.model.close();
		rmSync(this.keys, { recursive: true });
	}
}
