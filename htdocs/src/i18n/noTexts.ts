/** Replaces the catalogs in tests: the texts are those of the source. */
import type { Messages } from '@lingui/core';

export const messages: Messages = {};
