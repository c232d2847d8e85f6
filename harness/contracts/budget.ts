/** What an agent may spend and how reliable it must be; and what a trial spent. */
import { asksModel, runsTool } from './boundary.js'
import { type Prices, priceOf, usdOf } from './prices.js'
import type { ProfileOptions } from './profile-options.js'
import { isAskedAgain } from './same-question.js'
import { crossingsOf, type Spend, type TraceEvent } from './trace.js'

/**
 * Limits on one trial; a success that costs more is none. `seconds` are virtual, `usd` are US dollars, `tokens` go both
 * ways.
 */
export interface SpendLimits {
  readonly turns?: number
  readonly tokens?: number
  readonly usd?: number
  readonly seconds?: number
}

/**
 * `sequential`: the trials are judged one by one, and as many are run as the evidence takes. `fixed`: their number is
 * settled before the first.
 */
export const gateKinds = ['sequential', 'fixed'] as const
/** How the number of measured trials is settled: `sequential` or `fixed`. */
export type GateKind = (typeof gateKinds)[number]

/** What the agent may spend in one trial, and how reliable it must be under faults. Every part is optional. */
export interface Budget {
  /** The least P(success) that is acceptable under the declared fault profile, in (0, 1). */
  readonly reliability?: number
  /**
   * What a good agent has, above `reliability` and below 1: the gate tells the two apart, and the nearer they are, the more
   * trials that takes. By default such an agent spends a fifth of its error budget.
   */
  readonly aim?: number
  /** `sequential` by default. */
  readonly gate?: GateKind
  /** The chance that a crossing is struck while measuring, in [0, 1]; 0.1, or the profile's own, by default. */
  readonly faultRate?: number
  /** Which faults strike where, how often and for how long; or the name of a profile that ships. */
  readonly profile?: ProfileOptions | string
  readonly spend?: SpendLimits
  /** What a trial counts as in which the agent claims to have done a part; `failure` by default. */
  readonly degradedCountsAs?: 'success' | 'failure'
  /** What a trial counts as that reaches the goal by rolling back, as a task may want it; `failure` by default. */
  readonly rolledBackCountsAs?: 'success' | 'failure'
  /** In US dollars for a million tokens, by the beginning of a model's name; they go before the provider's list. */
  readonly prices?: Prices
}

/** Virtual time that a trial may take, beside what the agent was told to wait: ten times the budget's seconds. */
export const secondsAllowedByDefault = 600
export function horizonMs(budget: Budget | undefined): number {
  return (budget?.spend?.seconds ?? secondsAllowedByDefault) * 10_000
}

/**
 * Crossings after which a trial ends as if its time were up, so that a loop without a bound stays affordable: ten times
 * the budget's turns for the model, and a number that no sound agent comes near for all sites together.
 */
export const crossingsMax = 10_000
export const turnsAllowedByDefault = 30
/** Timers that may fire in a trial: a loop that waits a millisecond each time ends by this count, and not by real time. */
export const firingsMax = 1_000_000
export function modelCallsMax(budget: Budget): number {
  return (budget.spend?.turns ?? turnsAllowedByDefault) * 10
}

/** Adds up what a trial spent, from its trace; `own` prices go before those that the provider has. */
export function spendOf(events: readonly TraceEvent[], own?: Prices): Spend {
  const sums = { turns: 0, modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 }
  const models: string[] = []
  const crossings = crossingsOf({ events })
  let attempt = crossings
  let usd: number | null = 0
  let endMs: number | undefined
  for (const event of events) {
    if (event.kind === 'claim') endMs ??= event.at
    else if (event.kind === 'restart') attempt = crossings.slice(models.length)
    else if (event.kind === 'call' && runsTool(event.site)) sums.toolCalls++
    else if (event.kind === 'call' && asksModel(event.site)) {
      sums.modelCalls++
      models[event.crossing] = event.site.target
      const question = crossings[event.crossing]
      const isTurn = event.attempt === 1 && question && !isAskedAgain(question, attempt)
      if (isTurn) sums.turns++
    } else if (event.kind === 'return' && event.reply) {
      const { inputTokens, outputTokens } = event.reply.usage
      sums.inputTokens += inputTokens
      sums.outputTokens += outputTokens
      const price = (own && priceOf(models[event.crossing] ?? '', own)) ?? event.reply.price
      usd = price && usd !== null ? usd + usdOf(event.reply.usage, price) : null
    }
  }
  return {
    ...sums,
    usd: usd === null ? null : round(usd, 6),
    seconds: round((endMs ?? events.at(-1)?.at ?? 0) / 1000, 3),
  }
}

/** The first limit that was exceeded, with both figures; `undefined` where none was. */
export function overspent(spend: Spend, limits: SpendLimits = {}): string | undefined {
  const rows = [
    ['turns', limits.turns, spend.turns],
    ['tokens', limits.tokens, spend.inputTokens + spend.outputTokens],
    ['usd', limits.usd, spend.usd ?? 0],
    ['seconds', limits.seconds, spend.seconds],
  ] as const
  const over = rows.find(([, limit, spent]) => limit !== undefined && spent > limit)
  return over && `${over[2]} ${over[0]} spent, ${over[1]} allowed`
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
