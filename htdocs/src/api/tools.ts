import { call } from './http';

/** A tool that the model may call, as described to the model. */
interface ToolInfo {
  name: string;
  description?: string;
}

let tools: Promise<ToolInfo[]> | undefined;

/** Requested once. */
export function readTools(): Promise<ToolInfo[]> {
  tools ??= fetchTools().catch((error: unknown) => {
    tools = undefined; // the next caller tries again
    throw error;
  });
  return tools;
}

async function fetchTools(): Promise<ToolInfo[]> {
  return ((await (await call('GET', 'ai/chat/tools')).json()) as { tools: ToolInfo[] }).tools;
}
