/** What models cost, so that what a trial spent is given in money too: each provider has its list, and a budget its own. */
import type { Usage } from './conversation.js'

/** US dollars for a million tokens, of what goes in and of what comes out. */
export interface Price {
  readonly input: number
  readonly output: number
}

/** By the beginning of a model's name; the longest that fits wins. */
export type Prices = Readonly<Record<string, Price>>

/** A vendor's list prices. Prices change, so it says of which day it is. */
export interface PriceList {
  /** `YYYY-MM-DD`. */
  readonly asOf: string
  readonly models: Prices
}

/** The price of a model, in US dollars for a million tokens; `undefined` where no price is known. */
export function priceOf(model: string, prices: Prices = {}): Price | undefined {
  let longest: string | undefined
  for (const beginning of Object.keys(prices)) {
    if (model.startsWith(beginning) && beginning.length >= (longest?.length ?? 0)) longest = beginning
  }
  return longest === undefined ? undefined : prices[longest]
}

/** US dollars. */
export function usdOf({ inputTokens, outputTokens }: Usage, { input, output }: Price): number {
  return (inputTokens * input + outputTokens * output) / 1e6
}
