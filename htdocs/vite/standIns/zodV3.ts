/**
 * Replaces zod/v3, which the AI SDK uses to convert the schemas of tools into JSON Schema. Only servers do that; the page has
 * no such schema. The original is a seventh of the workspace's code.
 */
export const ZodFirstPartyTypeKind = {};
