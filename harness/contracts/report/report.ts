/**
 * The contract of a report: what a run found, as versioned data, and its published JSON Schema. Whatever differs from
 * run to run (wall time, host, paths) stands under keys named `timing` or `environment` and nowhere else. Only additions
 * are made within a version.
 */
import { z } from 'zod'
import { faultClasses } from '../../../faults/fault.js'
import { type ReportedOptions, reportedNames, rowOf, sentence } from '../options/derived.js'
import type { Kind } from '../options/kind.js'
import { partSchema, shardSchema } from '../shard.js'
import type { TraceEvent } from '../trace.js'
import { judgedTwiceSchema } from './judged-twice.js'
import { coverageRow, leftOut } from './map-report.js'
import { measureSchema } from './measure-report.js'

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

const consoleLine = z.object({
  at: z.number().describe('Virtual milliseconds since the trial began.'),
  after: count.describe('How many events of the trace came before it.'),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
  cut: z.literal(true).exactOptional().describe('The line is longer than what stands here.'),
})

const consoleOutput = z
  .object({
    lines: z.array(consoleLine).readonly(),
    omitted: count.describe('Lines that are left out, between the first hundred and the last.'),
  })
  .describe('What was printed, by console, the standard streams or a logger.')

const place = z.object({
  event: count.describe('Index into `events`.'),
  where: z.string().describe('file:line. Of a call, where the agent made it; of an error, where it was made.'),
  frames: z
    .array(z.string())
    .readonly()
    .exactOptional()
    .describe("Of an error: its frames of the user's own, innermost first."),
})

const bug = z.object({
  invariant: z.string(),
  signature: z.string().describe('Equal signatures of one invariant are one bug.'),
})

export const violation = bug.extend({
  story: z.string(),
  remedy: z.string().optional().describe('What to change in the agent.'),
  gravity: z
    .enum(['harm', 'safety', 'liveness'])
    .describe('`harm`: to money or data. In this order, and the plainest first, violations are told.'),
  follows: bug
    .optional()
    .describe(
      'A graver violation of the same trial, or the mistake behind this one, in whose trials alone it was seen.',
    ),
  status: z
    .enum(['confirmed', 'flaky', 'unconfirmed'])
    .describe(
      '`flaky`: running the same plan and seed again did not show it again. `unconfirmed`: interrupted before that, ' +
        'and neither shrunk nor kept whole.',
    ),
  known: z
    .literal(true)
    .exactOptional()
    .describe('It stands in the file of known violations, and counts for no verdict.'),
  foundAfterTrials: count.describe('The number of the trial that showed it first.'),
  phase: z
    .enum(['search', 'measure', 'sample'])
    .optional()
    .describe('In whose trials it was found: the search, unless said.'),
  occurrences: count.describe('Trials of that phase that showed it.'),
  shrinking: count.optional().describe('Further trials, that confirmed and shrank it.'),
  faults: count.describe('Faults in the minimal plan.'),
  needsEach: z
    .literal(true)
    .exactOptional()
    .describe('Its plan has several injections, and without any one of them it was not seen.'),
  enough: z
    .string()
    .exactOptional()
    .describe('Other injections of the plan as it was found, which show it without any of the minimal plan.'),
  means: z
    .array(z.object({ fault: z.string(), summary: z.string() }))
    .describe('What happens by each fault of that plan, seen from outside.'),
  shown: z
    .object({
      by: count.describe('The number of the trial whose plan was shrunk.'),
      kind: z.string().describe('Boundaries and classes of the faults that struck it.'),
      plainness: count.describe("How plainly it shows the agent's own part: 0 is plainest."),
      tells: z
        .enum(['mistake', 'outcome', 'goal'])
        .describe('What its invariant tells: the mistake, what came of one, or that the goal was missed.'),
    })
    .describe('Why it is told by this plan and not by another.'),
  also: z
    .array(
      z.object({
        by: count.describe('The number of the trial.'),
        kind: z.string(),
        plan: z.string(),
        environment: z.object({ command: z.string() }),
      }),
    )
    .describe('Of each kind of faults the first plan that showed it, as it was found.'),
  broke: z.array(bug).describe('What else the trial of the minimal plan broke.'),
  trial: trial.describe('The trial of the minimal plan.'),
  evidence: z.array(count).describe('Indices into `events`.'),
  events: z.array(event).describe('The trace of that trial.'),
  environment: z.object({
    command: z.string().describe('Reproduces it in a fresh process.'),
    console: consoleOutput.exactOptional(),
    places: z.array(place).readonly().exactOptional().describe("Where in the agent's code the events come from."),
  }),
})

export const invariantRow = z.object({
  name: z.string(),
  kind: z.enum(['safety', 'liveness']),
  verdict: z.enum(['held', 'violated', 'not-tested', 'inconclusive']),
  trials: z.object({ held: count, violated: count, vacuous: count, inconclusive: count }),
  because: z.string().optional().describe('Why it is inconclusive or was not tested.'),
})

const remembered = bug
  .extend({
    plan: z.string(),
    seed: z.int(),
    retired: z.literal(true).exactOptional().describe('It was retired already when the run began.'),
    outcome: z
      .enum(['fails', 'passes', 'unreachable', 'not-run'])
      .describe('`unreachable`: a crossing of its plan never came, or the scenario does not face its fault any more.'),
  })
  .describe('A failure that was remembered from earlier runs, and what became of it.')

const scenarioVerdict = z
  .enum(['passed', 'violated', 'broken', 'misconfigured', 'inconclusive', 'pending'])
  .describe('`pending`: of a shard that found no violation; what it comes to shows when the shards are merged.')

const baselineFailure = z
  .object({
    error: z.string().optional().describe('What the agent or goal() threw.'),
    answer: z.string().optional().describe('What the agent answered, as JSON, where nothing was thrown.'),
    state: z.string().optional().describe('The final state of the outside world, as JSON, where the goal was missed.'),
    environment: z.object({
      where: z.string().optional().describe('Where in the code of the user: file:line.'),
      console: consoleOutput.exactOptional(),
    }),
  })
  .describe('Why the trial without faults failed.')

const scenario = z.object({
  name: z.string(),
  verdict: scenarioVerdict,
  canary: z.string().nullable().describe('The invariant that a canary expects to be violated.'),
  because: z.string().describe('The verdict in a sentence.'),
  baseline: trial.nullable(),
  baselineEvents: z.array(event).optional().describe('The trace of the baseline, to lay others beside it.'),
  baselineFailure: baselineFailure.optional(),
  invariants: z.array(invariantRow),
  violations: z.array(violation),
  coverage: z.array(coverageRow),
  unfaced: z.array(z.enum(faultClasses)).describe('Classes of faults of which the scenario faces none.'),
  leftOut: z.array(leftOut).exactOptional(),
  remembered: z.array(remembered).exactOptional(),
  search: z.object({
    planned: count.describe('Trials that the search would run in full.'),
    run: count,
    reached: count,
    landed: count.describe('Trials in which at least one injection landed; the others prove nothing.'),
    shrinking: count.describe('Further trials that confirmed and shrank violations, or checked repeatability.'),
    skipped: count.describe('Planned trials that the bound on trials, or an interruption, left out.'),
    newBehaviour: z
      .array(count)
      .exactOptional()
      .describe(
        'Of each hundred of the first 100,000 trials, how many went as none before. What struck them is no part of that.',
      ),
  }),
  measure: measureSchema.nullable().describe('Null where no reliability is asked for, or none was measured.'),
  searched: z
    .object({ verdict: scenarioVerdict, because: z.string() })
    .optional()
    .describe('What the search came to by itself, where reliability was measured too.'),
  notes: z.array(z.string()).describe('What the reader should know: stray requests, leaks, flakiness.'),
  part: partSchema.optional(),
  environment: z.object({
    file: z.string(),
    line: count.optional().describe('Where in the file it is declared.'),
    judgedTwice: judgedTwiceSchema.optional(),
  }),
  timing: z.object({
    wallMs: z.number(),
    trialMs: z
      .number()
      .exactOptional()
      .describe('Wall time of the search, divided by its trials: what one more would cost.'),
  }),
})

export const failure = z
  .object({
    kind: z.enum(['usage', 'bug']).describe('`usage`: the user can fix it. `bug`: of agent-chaos.'),
    message: z.string(),
    environment: z.object({ file: z.string(), where: z.string().describe('file:line:column, or a stack') }),
  })
  .describe('A scenario file that could not be run.')

const forms: Readonly<Record<Kind<unknown>['form'], (kind: Kind<unknown>) => z.ZodType>> = {
  flag: () => z.boolean(),
  text: () => z.string(),
  texts: () => z.array(z.string()),
  word: ({ words = [] }) => z.enum(words),
  whole: () => count,
  number: () => z.number(),
  numbers: () => z.array(z.number()),
  shard: () => z.object({ index: count, count }),
  object: () => z.unknown(),
}

/** Each option of which the report tells, with its documentation. */
function reportedShape(): Record<string, z.ZodType> {
  const rows = reportedNames().map((name) => [name, rowOf(name)] as const)
  const fields = rows.map(([name, { value, default: general, summary, unit, unset }]) => {
    const shape = forms[value.form](value)
    const open = unset === undefined ? '' : `; null: ${unset}`
    const text = `${summary}${unit === undefined ? '' : ` (${unit})`}${open}`
    return [name, (general === undefined ? shape.nullable() : shape).describe(sentence(text))] as const
  })
  return Object.fromEntries(fields)
}

const options = z
  .looseObject(reportedShape())
  .describe('What the run was asked to do, by the names of the options, as far as what is found depends on it.')

/** The schema of a report, the one place where its shape is written down. */
export const reportSchema = z
  .object({
    format: z.literal('agent-chaos/report'),
    version: z.literal(1),
    seed: z.int(),
    verdict: z.enum(['passed', 'violated', 'misconfigured', 'inconclusive', 'error', 'interrupted', 'pending']),
    exitCode,
    options: (options as unknown as z.ZodType<ReportedOptions & { readonly [more: string]: unknown }>).optional(),
    shard: shardSchema.optional(),
    interrupted: z.boolean().describe('Stopped before its end; scenarios may be missing.'),
    scenarios: z.array(scenario),
    failures: z.array(failure),
    totals: z.object({ scenarios: count, passed: count, trials: count, violations: count }),
    environment: z.looseObject({ node: z.string(), platform: z.string(), version: z.string() }),
    timing: z.object({ startedAt: z.iso.datetime({ offset: true }), wallMs: z.number() }),
  })
  .describe('A run of agent-chaos.')

export type { CoverageRow, LeftOut } from './map-report.js'
export type {
  BudgetCurve,
  MeasureReport,
  OutcomeCounts,
  SpendSummary,
  SpendUnit,
  SweptRate,
} from './measure-report.js'

/**
 * What a run found: the verdict, and a report for each scenario. `agent-chaos/report.schema.json` is its JSON Schema.
 */
export type Report = z.infer<typeof reportSchema>
/** What a run found about one scenario. */
export type ScenarioReport = z.infer<typeof scenario>
export type FailureReport = z.infer<typeof failure>
/** One violation: its story, its minimal plan, and how to replay it. */
export type ViolationReport = z.infer<typeof violation>
export type InvariantRow = z.infer<typeof invariantRow>
export type Remembered = z.infer<typeof remembered>
export type BaselineFailure = z.infer<typeof baselineFailure>
export type TrialReport = z.infer<typeof trial>
export type ExitCode = z.infer<typeof exitCode>

export function reportJsonSchema(): unknown {
  return z.toJSONSchema(reportSchema)
}
