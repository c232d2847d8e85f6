/**
 * The contract of a sample: each measured trial as one row. So whatever is said of the sample can be computed again,
 * and two samples can be compared trial by trial. Apart from the report because it is the one part of it that grows with the
 * trials; in JSON it stands column by column, where a thousand rows take some 60 kB.
 */
import { z } from 'zod'
import type { Spend } from '../trace.js'

/** What a measured trial can come to; the report's counts say what each means. */
export const trialOutcomes = [
  'success',
  'overBudget',
  'degraded',
  'honestFailure',
  'unacknowledgedSuccess',
  'inventedSuccess',
  'noAnswer',
  'goalUnknown',
  'cutShort',
] as const

export type TrialOutcome = (typeof trialOutcomes)[number]

/** One measured trial. */
export interface SampleRow {
  /** From 1; the seed follows from it and from the seed of the run. */
  readonly number: number
  readonly seed: number
  readonly outcome: TrialOutcome
  /** Nothing at all where the trial was killed: what it had spent went with its process. */
  readonly spend: Spend
  readonly killed: boolean
  readonly crossings: number
  /** At how many of them a fault took effect. */
  readonly landed: number
}

const count = z.int().nonnegative()
const counts = z.array(count)

/** The rows of a sample, column by column: the n-th value of each is of the n-th trial. */
export const sampleSchema = z
  .object({
    number: z.array(z.int().positive()).describe('The trials of a run are numbered from 1.'),
    seed: counts,
    outcome: z.array(z.enum(trialOutcomes)),
    turns: counts,
    modelCalls: counts,
    toolCalls: counts,
    inputTokens: counts,
    outputTokens: counts,
    usd: z.array(z.number().nullable()),
    seconds: z.array(z.number()),
    crossings: counts.describe('Of all sites.'),
    landed: counts.describe('At how many of these a fault took effect.'),
    killed: counts.describe('Numbers of the trials that the watchdog ended; what they spent is not known.'),
  })
  .refine(({ killed: _, ...columns }) => new Set(Object.values(columns).map(({ length }) => length)).size === 1, {
    message: 'expected columns of one length',
  })
  .describe('Every measured trial, column by column: the n-th value of each is of the n-th trial.')

export type Sample = z.infer<typeof sampleSchema>

export function sampleOf(rows: readonly SampleRow[]): Sample {
  const spendsIn = <Unit extends keyof Spend>(unit: Unit): Spend[Unit][] => rows.map(({ spend }) => spend[unit])
  return {
    number: rows.map(({ number }) => number),
    seed: rows.map(({ seed }) => seed),
    outcome: rows.map(({ outcome }) => outcome),
    turns: spendsIn('turns'),
    modelCalls: spendsIn('modelCalls'),
    toolCalls: spendsIn('toolCalls'),
    inputTokens: spendsIn('inputTokens'),
    outputTokens: spendsIn('outputTokens'),
    usd: spendsIn('usd'),
    seconds: spendsIn('seconds'),
    crossings: rows.map(({ crossings }) => crossings),
    landed: rows.map(({ landed }) => landed),
    killed: rows.filter(({ killed }) => killed).map(({ number }) => number),
  }
}

/** The inverse of `sampleOf`. */
export function rowsOf(sample: Sample): SampleRow[] {
  const killed = new Set(sample.killed)
  return sample.number.map((number, index) => ({
    number,
    seed: sample.seed[index] ?? 0,
    outcome: sample.outcome[index] ?? 'noAnswer',
    spend: {
      turns: sample.turns[index] ?? 0,
      modelCalls: sample.modelCalls[index] ?? 0,
      toolCalls: sample.toolCalls[index] ?? 0,
      inputTokens: sample.inputTokens[index] ?? 0,
      outputTokens: sample.outputTokens[index] ?? 0,
      usd: sample.usd[index] ?? null,
      seconds: sample.seconds[index] ?? 0,
    },
    killed: killed.has(number),
    crossings: sample.crossings[index] ?? 0,
    landed: sample.landed[index] ?? 0,
  }))
}
