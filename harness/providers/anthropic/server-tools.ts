/** Tools that the API runs itself, such as its web search. An answer may pause while one is at work. */
import type { Json } from '../../../faults/json.js'
import { isFields } from './messages.js'

/** The name of the first tool among these that the API runs; `undefined` where the agent runs them all. */
export function serverToolIn(tools: Json): string | undefined {
  const found = Array.isArray(tools) ? tools.find((tool) => isFields(tool) && serverTool.test(String(tool.type))) : null
  return isFields(found) && typeof found.name === 'string' ? found.name : undefined
}

const serverTool = /^(?:web_search|web_fetch|code_execution|tool_search_tool)_/
