/**
 * The contract of a report: what a run found, as versioned data, and its published JSON Schema. Whatever differs from
 * run to run (wall time, host, paths) stands under keys named `timing` or `environment` and nowhere else. Only additions
 * are made within a version.
 */
import { z } from 'zod'
import type { TraceEvent } from './trace.js'

export const count = z.int().nonnegative()

export const exitCode = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(70), z.literal(130)])

// The events' full shape is TraceEvent's; here stands what readers of any version can count on.
const event = z.looseObject({
  at: z.number().describe('Virtual milliseconds since the trial began.'),
  kind: z.string(),
}) as unknown as z.ZodType<TraceEvent>

const trial = z
  .object({
    plan: z.string().describe('The plan in its text form; empty for none.'),
    seed: z.int(),
    end: z.string().describe('How the trial came to its end.'),
    claim: z.enum(['success', 'degraded', 'failure', 'rolled-back']).nullable(),
    goal: z.boolean().nullable(),
    digest: z.string().describe('SHA-256 of the trace.'),
    spend: z.object({
      turns: count,
      modelCalls: count,
      toolCalls: count,
      inputTokens: count,
      outputTokens: count,
      usd: z.number().nullable(),
      seconds: z.number(),
    }),
  })
  .describe('One trial.')

export const violation = z.object({
  invariant: z.string(),
  signature: z.string().describe('Equal signatures of one invariant are one bug.'),
  story: z.string(),
  status: z
    .enum(['confirmed', 'flaky', 'unconfirmed'])
    .describe(
      '`flaky`: running the same plan and seed again did not show it again. `unconfirmed`: interrupted before that, ' +
        'and neither shrunk nor kept whole.',
    ),
  foundAfterTrials: count,
  phase: z
    .enum(['search', 'measure', 'sample'])
    .optional()
    .describe('In whose trials it was found: the search, unless said.'),
  occurrences: count.describe('Trials of that phase that showed it.'),
  faults: count.describe('Faults in the minimal plan.'),
  trial: trial.describe('The trial of the minimal plan.'),
  evidence: z.array(count).describe('Indices into `events`.'),
  events: z.array(event).describe('The trace of that trial.'),
  environment: z.object({ command: z.string().describe('Reproduces it in a fresh process.') }),
})

export const invariantRow = z.object({
  name: z.string(),
  kind: z.enum(['safety', 'liveness']),
  verdict: z.enum(['held', 'violated', 'not-tested', 'inconclusive']),
  trials: z.object({ held: count, violated: count, vacuous: count, inconclusive: count }),
  because: z.string().optional().describe('Why it is inconclusive or was not tested.'),
})

const coverageRow = z.object({
  site: z.string().describe('boundary:target'),
  fault: z.string(),
  planned: count.describe('Trials whose plan aimed the fault at the site.'),
  reached: count.describe('Of these, trials in which the planned crossing came.'),
  landed: count.describe('Of these, trials in which the fault took effect.'),
})

const share = z.number().min(0).max(1)

const interval = z.object({ low: z.number(), high: z.number() })

const spendUnit = z.enum(['usd', 'tokens', 'turns', 'seconds'])

const percentiles = z.object({ median: z.number().nullable(), p95: z.number().nullable() })

const reliability = z.object({
  target: share.describe('The least that is acceptable, as the budget has it.'),
  aim: share.describe('What a good agent has; the gate tells it from the target.'),
  faultRate: z.object({
    nominal: share.describe('The chance that a crossing is struck.'),
    effective: share.nullable().describe('The share of all crossings at which a fault landed.'),
    faultless: share.nullable().describe('The share of trials in which none landed.'),
  }),
  estimate: share.nullable(),
  interval: interval.describe('Two-sided, by Wilson.'),
  lower: share.describe('One-sided bound by Clopper and Pearson, as is `upper`; the gate goes by these.'),
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
  })
  .describe('Trials by what they came to; only `success` counts for reliability.')

const spendSummary = z
  .object({ turns: percentiles, modelCalls: percentiles, tokens: percentiles, usd: percentiles, seconds: percentiles })
  .describe('Of all trials whose spend is known, whatever came of them.')

const curve = z
  .object({
    unit: spendUnit,
    points: z
      .array(z.object({ spend: z.number(), share }))
      .describe('The share of trials that succeeded for that much or less; a step curve, 0 before the first point.'),
    band: share.describe('Half the width of a band that holds the whole curve.'),
    corner: z.object({ spend: z.number().nullable(), share }).describe('The budget: `spend` is null without a limit.'),
  })
  .describe('Reliability against budget: sound where it passes above and left of the corner.')

const measure = z
  .object({
    trials: count,
    successes: count,
    reliability,
    gate: z.object({
      verdict: z.enum(['passed', 'failed', 'inconclusive', 'refused']),
      because: z.string(),
      trialsNeeded: count.describe('The fixed number of trials that tells target and aim apart.'),
    }),
    outcomes: outcomeCounts,
    errorBudget: z.object({
      allowed: share.describe('1 less the target.'),
      consumed: z.number().nullable().describe('1 is all of it; more than 1 is overspent.'),
      interval,
    }),
    spend: spendSummary,
    curve,
    costPerSuccess: z
      .object({ unit: spendUnit, value: z.number().nullable() })
      .describe('All that was spent, on failures too, for each success.'),
    passHat: z
      .array(z.object({ k: count, chance: share.nullable() }))
      .describe('pass^k: the chance that k trials all succeed; null where fewer were run.'),
  })
  .describe('Independent trials under faults drawn at random, and what they say about reliability.')

const scenario = z.object({
  name: z.string(),
  verdict: z.enum(['passed', 'violated', 'broken', 'misconfigured', 'inconclusive']),
  canary: z.string().nullable().describe('The invariant that a canary expects to be violated.'),
  because: z.string().describe('The verdict in a sentence.'),
  baseline: trial.nullable(),
  baselineEvents: z.array(event).optional().describe('The trace of the baseline, to lay others beside it.'),
  invariants: z.array(invariantRow),
  violations: z.array(violation),
  coverage: z.array(coverageRow),
  search: z.object({
    planned: count.describe('Trials that the search would run in full.'),
    run: count,
    reached: count,
    landed: count.describe('Trials in which at least one injection landed; the others prove nothing.'),
    shrinking: count.describe('Further trials that confirmed and shrank violations, or checked repeatability.'),
    skipped: count.describe('Planned trials that the bound on trials, or an interruption, left out.'),
  }),
  measure: measure.nullable().describe('Null where no reliability is asked for, or none was measured.'),
  notes: z.array(z.string()).describe('What the reader should know: stray requests, leaks, flakiness.'),
  environment: z.object({ file: z.string() }),
  timing: z.object({ wallMs: z.number() }),
})

export const failure = z
  .object({
    kind: z.enum(['usage', 'bug']).describe('`usage`: the user can mend it. `bug`: of agent-chaos.'),
    message: z.string(),
    environment: z.object({ file: z.string(), where: z.string().describe('file:line:column, or a stack') }),
  })
  .describe('A scenario file that could not be run.')

/** The schema of a report, the one place where its shape is written down. */
export const reportSchema = z
  .object({
    format: z.literal('agent-chaos/report'),
    version: z.literal(1),
    seed: z.int(),
    verdict: z.enum(['passed', 'violated', 'misconfigured', 'inconclusive', 'error', 'interrupted']),
    exitCode,
    interrupted: z.boolean().describe('Stopped before its end; scenarios may be missing.'),
    scenarios: z.array(scenario),
    failures: z.array(failure),
    totals: z.object({ scenarios: count, passed: count, trials: count, violations: count }),
    environment: z.looseObject({ node: z.string(), platform: z.string(), version: z.string() }),
    timing: z.object({ startedAt: z.string(), wallMs: z.number() }),
  })
  .describe('A run of agent-chaos.')

export type Report = z.infer<typeof reportSchema>
export type ScenarioReport = z.infer<typeof scenario>
export type FailureReport = z.infer<typeof failure>
export type ViolationReport = z.infer<typeof violation>
export type InvariantRow = z.infer<typeof invariantRow>
export type CoverageRow = z.infer<typeof coverageRow>
export type MeasureReport = z.infer<typeof measure>
export type OutcomeCounts = z.infer<typeof outcomeCounts>
export type SpendSummary = z.infer<typeof spendSummary>
export type SpendUnit = z.infer<typeof spendUnit>
export type BudgetCurve = z.infer<typeof curve>
export type TrialReport = z.infer<typeof trial>
export type ExitCode = z.infer<typeof exitCode>

export function reportJsonSchema(): unknown {
  return z.toJSONSchema(reportSchema)
}
