/**
 * In place of zod/v3: the AI SDK looks into it to turn the schemas of tools into JSON Schema, which happens in servers; the page
 * has no such schema. It is a seventh of the workspace's code.
 */
export const ZodFirstPartyTypeKind = {};
