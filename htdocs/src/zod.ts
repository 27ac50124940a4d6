/** zod (inside the AI SDK) tries `new Function`, which our CSP refuses and browsers report. This module is loaded first, and turns that off. */
Reflect.set(globalThis, '__zod_globalConfig', { jitless: true });

export {};
