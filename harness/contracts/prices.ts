/**
 * What models cost, so that what a trial spent is told in money too. Prices change, so the list says of which day it is,
 * and a budget may bring its own.
 */
import type { Usage } from './conversation.js'

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number
  readonly output: number
}

/** By the beginning of a model's name; the longest that fits wins. */
export type Prices = Readonly<Record<string, Price>>

/** The day on which the list prices held. */
export const listPricesAsOf = '2025-11-24'

/** List prices of Anthropic, without caching, batches and long contexts. */
export const listPrices: Prices = {
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
}

/** Of the budget's own prices where one fits, otherwise of the list; `undefined` where no price is known. */
export function priceOf(model: string, own: Prices = {}): Price | undefined {
  return longestFit(model, own) ?? longestFit(model, listPrices)
}

function longestFit(model: string, prices: Prices): Price | undefined {
  const fits = Object.keys(prices).filter((beginning) => model.startsWith(beginning))
  const longest = fits.reduce((best, beginning) => (beginning.length >= best.length ? beginning : best), '')
  return prices[longest]
}

/** US dollars. */
export function usdOf({ inputTokens, outputTokens }: Usage, { input, output }: Price): number {
  return (inputTokens * input + outputTokens * output) / 1e6
}
