/** Every provider that ships. A new one is one file, or one folder, and one line here. */
import type { Provider } from '../contracts/provider.js'
import { anthropic } from './anthropic/index.js'

export const providers: readonly Provider[] = [anthropic]
