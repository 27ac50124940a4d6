import { call } from './http';

/** A tool that the model may call, in the words in which it is offered to the model. */
export interface ToolInfo {
  name: string;
  description?: string;
}

let tools: Promise<ToolInfo[]> | undefined;

/** Asked once. */
export function readTools(): Promise<ToolInfo[]> {
  tools ??= fetchTools().catch((error: unknown) => {
    tools = undefined; // the next asker tries again
    throw error;
  });
  return tools;
}

async function fetchTools(): Promise<ToolInfo[]> {
  return ((await (await call('GET', 'ai/chat/tools')).json()) as { tools: ToolInfo[] }).tools;
}
