/** Anthropic's list prices, without caching, batches and long contexts. */
import type { PriceList } from '../../contracts/prices.js'

export const listPrices: PriceList = {
  asOf: '2025-11-24',
  models: {
    'claude-opus': { input: 5, output: 25 },
    'claude-opus-4-2025': { input: 15, output: 75 },
    'claude-opus-4-0': { input: 15, output: 75 },
    'claude-opus-4-1': { input: 15, output: 75 },
    'claude-sonnet': { input: 3, output: 15 },
    'claude-haiku': { input: 1, output: 5 },
    'claude-3-opus': { input: 15, output: 75 },
    'claude-3-sonnet': { input: 3, output: 15 },
    'claude-3-5-sonnet': { input: 3, output: 15 },
    'claude-3-7-sonnet': { input: 3, output: 15 },
    'claude-3-haiku': { input: 0.25, output: 1.25 },
    'claude-3-5-haiku': { input: 0.8, output: 4 },
  },
}
