/**
 * The contract of a selftest's report: whether the harness finds what is wrong and leaves alone what is right, as
 * versioned data, and its published JSON Schema. As in the report of a run, whatever differs from run to run stands
 * under `timing` or `environment`. Only additions are made within a version.
 */
import { z } from 'zod'
import { count, exitCode, failure, invariantRow, violation } from './report.js'

const agent = z
  .object({
    name: z.string(),
    repaired: z.boolean().describe('A planted bug with its mistake repaired, and not an agent of its own.'),
    verdict: z.enum(['quiet', 'alarm', 'misconfigured', 'inconclusive']),
    because: z.string().describe('The verdict in a sentence.'),
    trials: count.describe('Trials under faults at random.'),
    landed: count.describe('Of these, trials in which a fault took effect; the others prove nothing.'),
    alarms: z
      .array(violation)
      .describe('Violations by an agent that is right: each is a bug of an oracle, or it is not right.'),
    untested: z.array(z.string()).describe('Invariants that none of these trials put to the test.'),
    environment: z.object({ file: z.string() }),
  })
  .describe('A correct agent, and the false alarms that it raised.')

const bug = z
  .object({
    name: z.string(),
    mistake: z.string().nullable().describe('What it does wrong, by the first comment of its file.'),
    invariant: z.string().describe('The invariant that is to catch it.'),
    verdict: z.enum(['found', 'not-found', 'broken', 'misconfigured', 'inconclusive']),
    because: z.string().describe('The verdict in a sentence.'),
    trials: count.describe('Trials of the search, which ends when it has been found.'),
    found: z
      .object({
        afterTrials: count,
        faults: count.describe('Faults in the minimal plan.'),
        plan: z.string().describe('The minimal plan.'),
        seed: z.int(),
        environment: z.object({ command: z.string().describe('Reproduces it in a fresh process.') }),
      })
      .nullable(),
    invariants: z.array(invariantRow).describe('What each of its invariants said in these trials.'),
    twin: agent
      .nullable()
      .describe('The same with its mistake repaired; null where that is not said, or was not tried.'),
    environment: z.object({ file: z.string() }),
  })
  .describe('An agent with a mistake, and what it took to find it.')

/** The schema of a selftest's report, the one place where its shape is written down. */
export const selftestSchema = z
  .object({
    format: z.literal('agent-chaos/selftest'),
    version: z.literal(1),
    seed: z.int(),
    verdict: z.enum(['passed', 'failed', 'misconfigured', 'inconclusive', 'error', 'interrupted']),
    exitCode,
    interrupted: z.boolean().describe('Stopped before its end; bugs and agents may be missing.'),
    bugs: z.array(bug).describe('By name.'),
    agents: z.array(agent).describe('Correct agents, by name; the repaired ones stand with their bugs.'),
    failures: z.array(failure),
    totals: z.object({
      bugs: count,
      found: count,
      foundWithin500Trials: count,
      foundWithTwoFaults: count.describe('Found, and shown by a plan of at most two faults.'),
      agents: count.describe('Correct agents on which a fault landed, the repaired ones included.'),
      trials: count.describe('Trials of these.'),
      alarms: count,
    }),
    environment: z.looseObject({ node: z.string(), platform: z.string(), version: z.string() }),
    timing: z.object({ startedAt: z.string(), wallMs: z.number() }),
  })
  .describe('A selftest of agent-chaos.')

/**
 * What `agent-chaos selftest` found: planted bugs, and correct agents. `agent-chaos/selftest.schema.json` is its JSON
 * Schema.
 */
export type SelftestReport = z.infer<typeof selftestSchema>
export type BugReport = z.infer<typeof bug>
export type AgentReport = z.infer<typeof agent>

export function selftestJsonSchema(): unknown {
  return z.toJSONSchema(selftestSchema)
}
