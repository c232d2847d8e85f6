/**
 * The contract of what was measured, as it stands in a report for each scenario. Apart from the report as a whole because
 * it is a subject of its own: outcomes, spend, what is known of the reliability, and the gate's verdict.
 */
import { z } from 'zod'
import { boundaries } from '../../../faults/boundaries.js'
import { type Budget, gateKinds } from '../budget.js'
import { sampleSchema } from './sample.js'

const count = z.int().nonnegative()

const share = z.number().min(0).max(1)

const interval = z.object({ low: z.number(), high: z.number() })

const spendUnit = z.enum(['usd', 'tokens', 'turns', 'seconds'])

const siteProfile = {
  faultRate: share.describe('The chance that a crossing is struck.'),
  weights: z.record(z.string(), z.number()).describe('How these divide among faults and classes of faults.'),
  bursts: z.object({ meanCalls: z.number(), share }).nullable(),
  outages: z.object({ meanMs: z.number(), share }).nullable(),
}

const profile = z
  .object({
    name: z.string().nullable(),
    ...siteProfile,
    sites: z.array(z.object({ site: z.object({ boundary: z.enum(boundaries), target: z.string() }), ...siteProfile })),
  })
  .describe('Which faults strike where, how often and for how long; of several sites that match the first holds.')

const percentiles = z.object({ median: z.number().nullable(), p95: z.number().nullable() })

const reliability = z.object({
  target: share.describe('The least that is acceptable, as the budget has it.'),
  aim: share.describe('What a good agent has; the gate tells it from the target.'),
  faultRate: z.object({
    nominal: share.describe('The chance that a crossing is struck, at the sites that are struck most.'),
    effective: share.nullable().describe('The share of all crossings at which a fault landed.'),
    faultless: share.nullable().describe('The share of trials in which none landed.'),
  }),
  estimate: share.nullable(),
  interval: interval.describe('Two-sided, as the design of the sample allows.'),
  intervalBy: z
    .enum(['wilson', 'confidence-sequence'])
    .describe("Wilson's holds for a number of trials settled before the first, a confidence sequence at any stop."),
  lower: share.describe('One-sided, as is `upper`: by Clopper and Pearson, or the end of the confidence sequence.'),
  upper: share,
  confidence: share.describe('Of each of the bounds.'),
})

const outcomeCounts = z
  .object({
    success: count.describe('The goal is reached, the agent claims it, and the spend is within the budget.'),
    overBudget: count.describe('A success but for its spend.'),
    degraded: count,
    honestFailure: count,
    unacknowledgedSuccess: count.describe('The goal is reached, and the agent reports failure.'),
    inventedSuccess: count.describe('The agent claims success, and the goal is not reached.'),
    noAnswer: count,
    goalUnknown: count.describe('goal() threw.'),
    cutShort: count.describe('Ended at the limit of real time, and not because of what the agent did.'),
  })
  .describe('Trials by what they came to; `success` counts for reliability, and `degraded` where the budget says so.')

const spendSummary = z
  .object({
    turns: percentiles,
    modelCalls: percentiles,
    toolCalls: percentiles,
    inputTokens: percentiles,
    outputTokens: percentiles,
    tokens: percentiles,
    usd: percentiles,
    seconds: percentiles,
  })
  .describe('Of all trials whose spend is known, whatever came of them.')

const curve = z
  .object({
    unit: spendUnit,
    points: z
      .array(z.object({ spend: z.number(), share }))
      .describe('The share of trials that succeeded for that much or less; a step curve, 0 before the first point.'),
    band: share.describe('Half the width of a band that holds the whole curve.'),
    corner: z.object({ spend: z.number().nullable(), share }).describe('The budget: `spend` is null without a limit.'),
    cheapest: z
      .object({
        estimate: z.number().nullable().describe('Where the curve itself reaches it.'),
        confident: z.number().nullable().describe('Where the lower edge of the band does.'),
      })
      .describe('The least spend for which the target holds; null where none does.'),
  })
  .describe('Reliability against budget: sound where it passes above and left of the corner.')

const costPerSuccess = z
  .object({
    unit: spendUnit,
    value: z.number().nullable(),
    interval: z
      .object({ low: z.number().nullable(), high: z.number().nullable() })
      .nullable()
      .describe(
        'At 95 %, by the bootstrap; an end is null where there may be no success at all. None after a sequential gate.',
      ),
  })
  .describe('All that was spent, on failures too, for each success.')

const swept = z
  .object({
    faultRate: reliability.shape.faultRate,
    trials: count,
    successes: count,
    estimate: share,
    interval: interval.describe('Two-sided, by Wilson.'),
    outcomes: outcomeCounts,
    curves: z.array(curve),
    costPerSuccess,
    sample: sampleSchema.optional(),
    against: z
      .object({
        faultRate: share.describe('The next lower fault rate.'),
        pairs: count,
        lost: count.describe('Pairs of which only the trial at the lower rate succeeded.'),
        gained: count.describe('Pairs of which only the other did.'),
        difference: z.number(),
        interval: interval.describe('Of the difference.'),
        pValue: share.describe("Of McNemar's exact test."),
      })
      .nullable()
      .describe('Trial by trial, with equal seeds: what a lower rate strikes the higher one strikes too.'),
  })
  .describe('The same trials at another fault rate, of a number that was settled before the first.')

const least = z.number().gt(0).lt(1)
const limit = z.number().nonnegative().exactOptional()
const countsAs = z.enum(['success', 'failure']).exactOptional()

// What a merge reads of it. The budget's full shape is Budget's; it is checked where a scenario declares it.
const budget = z
  .looseObject({
    reliability: least.exactOptional(),
    aim: least.exactOptional(),
    gate: z.enum(gateKinds).exactOptional(),
    faultRate: share.exactOptional(),
    spend: z.object({ turns: limit, tokens: limit, usd: limit, seconds: limit }).exactOptional(),
    degradedCountsAs: countsAs,
    rolledBackCountsAs: countsAs,
    profile: z.union([z.string(), z.looseObject({})]).exactOptional(),
    prices: z.record(z.string(), z.object({ input: z.number(), output: z.number() })).exactOptional(),
  })
  .refine(({ reliability = 0, aim = 1 }) => aim > reliability, {
    path: ['aim'],
    error: 'expected more than reliability',
  })
  .describe("The scenario's budget.") as unknown as z.ZodType<Budget>

/** What was measured of one scenario. */
export const measureSchema = z
  .object({
    trials: count.describe('Those that the figures rest on.'),
    successes: count,
    reliability,
    gate: z.object({
      kind: z.enum(gateKinds),
      verdict: z
        .enum(['met', 'missed', 'not-shown', 'inconclusive', 'refused', 'pending'])
        .describe(
          '`met`: shown to be at least the target. `missed`: shown to be less. `not-shown`: neither. `inconclusive`: the ' +
            'sample is none to judge by. `pending`: of a shard, whose trials are too few; judged at the merge.',
        ),
      because: z.string(),
      trialsNeeded: count.describe('What telling target and aim apart takes: on average, of a sequential gate.'),
      alpha: share.describe('The chance that an agent as good as the target is missed, at most: its part of the run.'),
      beta: share.describe('The chance that an agent which is not better than the target meets it, at most.'),
      pValue: share
        .nullable()
        .describe('How likely an agent just as good as the target looks as bad, at most; null without an answer.'),
      trialsToTell: count
        .nullable()
        .describe('Where it is not shown: about how many trials in sequence would tell; null where no number would.'),
      evidence: z
        .object({
          met: z.number(),
          metAt: z.number(),
          missed: z.number(),
          missedAt: z.number(),
          aimRuledOut: z.boolean().describe('It is worse than the aim; an agent of the aim is called so with alpha.'),
        })
        .nullable()
        .describe('Of a sequential gate, when it stopped: logarithms, and where each is enough.'),
    }),
    outcomes: outcomeCounts,
    errorBudget: z.object({
      allowed: share.describe('1 less the target.'),
      consumed: z.number().nullable().describe('1 is all of it; more than 1 is overspent.'),
      interval,
      left: z.number().nullable().describe('Less than 0 where it is overspent.'),
      leftInterval: interval,
      burnRate: z.number().nullable().describe('How fast it is spent, 1 being the rate that just spends it.'),
      burnRateMax: z.number().describe('Where every trial fails.'),
      alertsOutOfReach: z
        .array(z.number())
        .describe('Usual alert thresholds that no burn rate of this target reaches.'),
    }),
    profile,
    prices: z
      .object({ listsAsOf: z.record(z.string(), z.string()), own: z.array(z.string()) })
      .describe('The day of the list prices of each provider, and the models that the budget has its own price for.'),
    spend: spendSummary,
    curve: curve.describe('Against the first unit that the budget limits.'),
    curves: z.array(curve).describe('Against every unit that is known.'),
    costPerSuccess,
    passHat: z
      .array(z.object({ k: count, chance: share.nullable() }))
      .describe('pass^k: the chance that k trials all succeed; null where fewer were run.'),
    passAt: z
      .array(z.object({ k: count, chance: share.nullable() }))
      .describe('pass@k: the chance that at least one of k trials succeeds.'),
    sweep: z.array(swept).describe('At other fault rates, if any were asked for; the lowest first.'),
    budget: budget.optional(),
    sample: sampleSchema.optional(),
  })
  .describe('Independent trials under faults drawn at random, and what they say about reliability.')

export type MeasureReport = z.infer<typeof measureSchema>
export type OutcomeCounts = z.infer<typeof outcomeCounts>
export type SpendSummary = z.infer<typeof spendSummary>
export type SpendUnit = z.infer<typeof spendUnit>
export type BudgetCurve = z.infer<typeof curve>
export type SweptRate = z.infer<typeof swept>
