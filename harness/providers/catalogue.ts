/** Every provider that ships. A new one is one folder, and two lines here. */
import type { Provider } from '../contracts/provider.js'
import { anthropic } from './anthropic/index.js'
import { gemini } from './gemini/index.js'
import { openai } from './openai/index.js'

export { anthropic, gemini, openai }
export const providers: readonly Provider[] = [anthropic, openai, gemini]
