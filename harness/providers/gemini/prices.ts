/**
 * Google's list prices (https://ai.google.dev/gemini-api/docs/pricing): the paid tier, texts of up to 200,000 tokens,
 * without caching and batches. Thoughts are priced as output.
 */
import type { PriceList } from '../../contracts/prices.js'

export const listPrices: PriceList = {
  asOf: '2026-10-07',
  models: {
    // 3.6 to 3.8 cost half until the end of 2026.
    'gemini-3.8-flash': { input: 0.75, output: 3.75 },
    'gemini-3.7-flash': { input: 0.75, output: 3.75 },
    'gemini-3.6-flash': { input: 0.75, output: 3.75 },
    'gemini-3.5-flash': { input: 1.5, output: 9 },
    'gemini-3.5-flash-lite': { input: 0.3, output: 2.5 },
    'gemini-3.1-pro': { input: 2, output: 12 },
    'gemini-3.1-flash-lite': { input: 0.25, output: 1.5 },
    'gemini-3-pro': { input: 2, output: 12 },
    'gemini-3-flash': { input: 0.5, output: 3 },
    'gemini-2.5-pro': { input: 1.25, output: 10 },
    'gemini-2.5-flash': { input: 0.3, output: 2.5 },
    'gemini-2.5-flash-lite': { input: 0.1, output: 0.4 },
    'gemini-2.0-flash': { input: 0.1, output: 0.4 },
    'gemini-2.0-flash-lite': { input: 0.075, output: 0.3 },
  },
}
