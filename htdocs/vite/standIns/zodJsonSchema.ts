/**
 * Replaces zod's writer of JSON Schema, into which the AI SDK converts the schemas of tools. Only servers do that; the page
 * has no such schema. The original is a thirtieth of the first load.
 */
const nothing = (): void => undefined;

export const
  stringProcessor = nothing,
  numberProcessor = nothing,
  booleanProcessor = nothing,
  bigintProcessor = nothing,
  symbolProcessor = nothing,
  nullProcessor = nothing,
  undefinedProcessor = nothing,
  voidProcessor = nothing,
  neverProcessor = nothing,
  anyProcessor = nothing,
  unknownProcessor = nothing,
  dateProcessor = nothing,
  enumProcessor = nothing,
  literalProcessor = nothing,
  nanProcessor = nothing,
  templateLiteralProcessor = nothing,
  fileProcessor = nothing,
  successProcessor = nothing,
  customProcessor = nothing,
  functionProcessor = nothing,
  transformProcessor = nothing,
  mapProcessor = nothing,
  setProcessor = nothing,
  arrayProcessor = nothing,
  objectProcessor = nothing,
  unionProcessor = nothing,
  intersectionProcessor = nothing,
  tupleProcessor = nothing,
  recordProcessor = nothing,
  nullableProcessor = nothing,
  nonoptionalProcessor = nothing,
  defaultProcessor = nothing,
  prefaultProcessor = nothing,
  catchProcessor = nothing,
  pipeProcessor = nothing,
  readonlyProcessor = nothing,
  promiseProcessor = nothing,
  optionalProcessor = nothing,
  lazyProcessor = nothing;

export const allProcessors = {};
export const aggregateChecks = (): Record<string, never> => ({});

export function toJSONSchema(): never {
  throw new Error('the page writes no JSON Schema');
}

export const initializeContext = toJSONSchema;
export const processSchema = toJSONSchema;
export const extractDefs = toJSONSchema;
export const finalize = toJSONSchema;
export const handleUnrepresentable = toJSONSchema;
export const createToJSONSchemaMethod = (): typeof toJSONSchema => toJSONSchema;
export const createStandardJSONSchemaMethod = createToJSONSchemaMethod;
