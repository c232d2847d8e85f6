/**
 * The same scenario, plan and seed give the same bytes: in whatever order, in whatever process, under every version of
 * Node. The digests below are public, for people keep them beside the plans that they replay: changing one of them is a
 * breaking change and belongs into the changelog.
 */
import 'agent-chaos/register'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf, type Report, runTrial, type Trace } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import keyPerAttempt from '../../../scenarios/canaries/key-per-attempt.chaos.js'
import noTurnBound from '../../../scenarios/canaries/no-turn-bound.chaos.js'
import refund from '../../fixtures/shop/refund.chaos.js'
import { agentChaos } from '../../support/cli/command.js'
import {
  create,
  events,
  finalMessage,
  loop,
  rawEvents,
  refunding,
  toolRunner,
  twoRefunds,
} from '../../support/trial/agents.js'

const scenarios = { refund, 'key-per-attempt': keyPerAttempt, 'no-turn-bound': noTurnBound }
type Name = keyof typeof scenarios

const files: Readonly<Record<Name, string>> = {
  refund: 'test/fixtures/shop/refund.chaos.ts',
  'key-per-attempt': 'scenarios/canaries/key-per-attempt.chaos.ts',
  'no-turn-bound': 'scenarios/canaries/no-turn-bound.chaos.ts',
}

/** To be brought up to date from what the first test prints when it fails. */
const golden: readonly (readonly [Name, number, string, string])[] = [
  ['refund', 1, '', 'a30f13d5413ea1fd1f9be9944a6dc9c09a0a00ffe441eb8a24f200459bc21783'],
  ['refund', 7, '', '7b5cb4e80ab2bf378b71c04950cba2bf43740a8af04069e6bf34f1a366290e34'],
  ['refund', 1, 'tool:refund#1 = tool/reply-lost', '6d4dba362344953b3384ddb2c979d64ffb1bd1751b31cda7ccbc3bf9d4396597'],
  [
    'refund',
    1,
    'model:*#2 = model/stream-cut(how: "clean-end")',
    '1dc1f61b39cfe51c7a56f8c9e28afbea42ec07a8879dd54f576078d0b8ada7ec',
  ],
  [
    'refund',
    1,
    'model:*#1 = model/overloaded(retryAfter: "30"); effect:refund#1 = effect/partial',
    'b85bf5a6ca0b51c48153f301ee2149ef42dc5392772d585c61c0e20cfc0f9994',
  ],
  [
    'refund',
    1,
    'tool:refund#1.. = tool/unavailable; model:*#2.. = model/insisting',
    'd97912b215cfb9746d18217357d7e3254b7da2e2e841799544a92419fe44fad7',
  ],
  [
    'key-per-attempt',
    3,
    'tool:refund#1 = tool/reply-lost(symptom: "reset")',
    '75bbf852739749038de5313181284aecedb7beabefe933699b7338838c677e1b',
  ],
  [
    'no-turn-bound',
    1,
    'model:*#1.. = model/looping',
    '6b7979e3d022a9cd77339b478b92729c33e0567e0a67290206c453ca725d19bb',
  ],
]

async function digest(name: Name, seed: number, plan: string): Promise<string> {
  return (await runTrial(scenarios[name], { seed, plan })).digest
}

describe('the digest of a trial', () => {
  it('is the one that was published', async () => {
    const now: unknown[] = []
    for (const [name, seed, plan] of golden) now.push([name, seed, plan, await digest(name, seed, plan)])
    expect(now).toEqual(golden)
  })

  it('does not depend on what ran before', async () => {
    for (const [name, seed, plan, expected] of [...golden].reverse()) {
      expect([plan, await digest(name, seed, plan)]).toEqual([plan, expected])
    }
  })

  it('does not depend on how often it is asked for at once', async () => {
    const [name, seed, plan, expected] = golden[3] ?? ['refund', 1, '', '']
    const digests = await Promise.all([1, 2, 3].map(() => digest(name, seed, plan)))
    expect(digests).toEqual([expected, expected, expected])
  })

  it('is that of the trace as it is stored', async () => {
    const { trace, digest } = await runTrial(refund, { plan: 'model:*#1 = model/overloaded' })
    expect(digestOf(JSON.parse(JSON.stringify(trace)) as Trace)).toBe(digest)
  })

  it('differs from seed to seed and from plan to plan', () => {
    expect(new Set(golden.map(([, , , digest]) => digest)).size).toBe(golden.length)
  })

  it.each(golden.map(([name, seed, plan, expected]) => [name, plan || 'no faults', seed, plan, expected] as const))(
    'is the same in a fresh process: %s, %s',
    async (name, _label, seed, plan, expected) => {
      const { stdout, stderr } = await agentChaos([
        'replay',
        files[name],
        '--seed',
        String(seed),
        '--plan',
        plan,
        '--json',
        '-',
      ])
      const replayed = JSON.parse(stdout) as { readonly digest: string; readonly trace: Trace }
      expect(replayed.digest, stderr).toBe(expected)
      expect(digestOf(replayed.trace)).toBe(expected)
    },
  )

  it('is the same in a worker among others, as its report says', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'agent-chaos-')), 'report.json')
    await agentChaos(['run', files['key-per-attempt'], files['no-turn-bound'], '--workers', '2', '--json', file])
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report
    const trials = report.scenarios.flatMap(({ name, violations }) =>
      violations.map(({ trial }) => ({ name: name as Name, trial })),
    )
    expect(trials).toHaveLength(2)
    for (const { name, trial } of trials) {
      expect([name, trial.plan, await digest(name, trial.seed, trial.plan)]).toEqual([name, trial.plan, trial.digest])
    }
  })
})

describe('every style of agent', () => {
  const styles = {
    create: loop(create),
    finalMessage: loop(finalMessage),
    events: loop(events),
    rawEvents: loop(rawEvents),
    toolRunner: toolRunner(),
    'toolRunner, streaming': toolRunner({ stream: true }),
  }
  const plans = [
    '',
    'model:*#1 = model/overloaded; tool:refund#1 = tool/duplicate(gap: 700)',
    'model:*#2 = model/stream-cut(how: "stall")',
    'tool:refund{orderId="43"}#1 = tool/reply-lost(timeout: 50)',
  ]

  it('gives the same digests in one order as in the other', async () => {
    const trials = Object.entries(styles).flatMap(([name, agent]) =>
      plans.map((plan) => ({ label: `${name} under ${plan}`, plan, ...refunding(agent, { model: twoRefunds }) })),
    )
    const digests = async (order: typeof trials) => {
      const found: Record<string, string> = {}
      for (const { label, scenario, plan } of order) found[label] = (await runTrial(scenario, { seed: 5, plan })).digest
      return found
    }
    const forwards = await digests(trials)
    expect(await digests([...trials].reverse())).toEqual(forwards)
    expect(Object.keys(forwards)).toHaveLength(24)
  })
})
