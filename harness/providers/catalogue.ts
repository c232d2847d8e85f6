/** Every provider that ships. A new one is one folder, and two lines here. */
import type { Provider } from '../contracts/provider.js'
import { anthropic } from './anthropic/index.js'
import { gemini } from './gemini/index.js'

export { anthropic, gemini }
export const providers: readonly Provider[] = [anthropic, gemini]
