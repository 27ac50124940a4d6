/** zod (inside of the AI SDK) tries `new Function` and is refused by our CSP, which browsers report. Loaded before it, this says not to try. */
Reflect.set(globalThis, '__zod_globalConfig', { jitless: true });

export {};
