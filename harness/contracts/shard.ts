/**
 * The contract of shards: how a run divides among machines that do not speak to each other, and what one of them leaves
 * for the merge. Trials are numbered from 1 before any of them is run, and are dealt out like cards: the search tries mild
 * and cheap plans first, so shards that each took a range of them would take very different times.
 */
import { z } from 'zod'

export interface Shard {
  /** From 1. */
  readonly index: number
  readonly count: number
}

/** Whether the `number`-th of anything that is numbered from 1 is the shard's to run; without a shard, all is. */
export function isOwn(number: number, shard: Shard | undefined): boolean {
  return shard === undefined || (number - 1) % shard.count === shard.index - 1
}

/** How many of `total` are the shard's to run. */
export function ownShare(total: number, shard: Shard | undefined): number {
  return shard === undefined ? total : Math.ceil(Math.max(0, total - shard.index + 1) / shard.count)
}

const count = z.int().nonnegative()

/** Ways that trials go are told apart in so many: later ones tell nothing of when to stop, and would fill the memory of a long run. */
export const behaviourTrialsMost = 100_000

/** What a shard's report says of the run that it is a part of. */
export const shardSchema = z
  .object({
    index: z.int().positive().describe('From 1.'),
    count: z.int().positive(),
    scenarios: z
      .array(z.string())
      .describe('All scenarios of the run in its order; a canary is run whole, by one shard alone.'),
  })
  .refine(({ index, count }) => index <= count, { message: 'expected an index of at most the count' })
  .describe('A part of a run: what it did not find another may have found, so only violations are judged.')

/** What a shard keeps of a scenario's search beside the report, for the merge to judge all parts as one. */
export const partSchema = z
  .object({
    trials: count.describe('Trials of the whole search, this part and the others.'),
    listed: z.array(z.string()).describe('Invariants that the scenario asks for.'),
    killed: count.describe('Trials that the watchdog ended.'),
    intruded: count.describe('Trials in which somebody else wrote where the worker answers.'),
    death: z
      .object({ trial: count, because: z.string() })
      .exactOptional()
      .describe('The first trial whose process died where another had run before, and that ended by itself alone.'),
    outages: z
      .object({ struck: count, cameBack: count })
      .describe(
        'Trials in which an outage struck, and those in which the agent came back to its site when it was over.',
      ),
    strays: z
      .array(z.object({ trial: count, url: z.string(), note: z.string() }))
      .describe('Each with the first trial that met it.'),
    breakers: z
      .array(
        z.object({
          trial: count,
          site: z.string(),
          triesAtMost: count,
          statusesCounted: z.array(count),
          volume: z.object({ seen: count, needed: count, withinMs: z.number().exactOptional() }).exactOptional(),
        }),
      )
      .describe('What the trials show of how circuit breakers are put together, each with the first of them.'),
    reasons: z
      .array(z.object({ invariant: z.string(), trial: count, near: z.number().exactOptional() }))
      .describe('The trials that the `because` of invariants are taken from; 0 is the baseline.'),
    unrepeatable: z.object({ trial: count, because: z.string() }).nullable(),
    modelNeverCalled: z
      .literal(true)
      .exactOptional()
      .describe('The scenario faces faults of its model, and in no trial was it called.'),
    behaviours: z
      .array(z.object({ trial: count.max(behaviourTrialsMost), behaviour: z.string() }))
      .exactOptional()
      .describe('Each way in which a trial went, by a digest, with the first trial that went so.'),
    timeUp: z.literal(true).exactOptional().describe('Its time was up before all its trials were run.'),
  })
  .describe('Of a scenario whose trials are divided among shards: what the merge needs.')

export type ScenarioPart = z.infer<typeof partSchema>
