/**
 * Every fault of a model on every wire: it lands and changes what happens, or the provider says in code that it has no
 * counterpart there, and the user is told why.
 */
import { runTrial } from 'agent-chaos'
import { catalogue, type Fault } from 'agent-chaos/faults'
import type { Subject } from 'agent-chaos/provider-kit'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { asksModel } from '../../harness/contracts/boundary.js'
import type { Trace } from '../../harness/contracts/trace.js'
import { providers } from '../../harness/providers/catalogue.js'
import { scenarioOn } from '../fixtures/wires/scenario.js'
import { planAt, plansFor } from '../support/faults/aimed.js'
import { anthropicSubjects } from '../support/providers/anthropic.js'
import { geminiSubject } from '../support/providers/gemini.js'
import { openaiSubjects } from '../support/providers/openai.js'

const faults = catalogue.filter(({ boundaries }) => boundaries.includes('model'))

/** Each API once, by one version of its client. */
const subjects = [...anthropicSubjects, ...openaiSubjects, geminiSubject].filter(
  ({ api, provider }, index, all) =>
    all.findIndex((other) => other.api === api && other.provider.name === provider.name) === index,
)
const wires = subjects.flatMap((subject) => [
  { name: `${subject.provider.name} ${subject.api}, at once`, of: 'at once', subject, stream: false },
  { name: `${subject.provider.name} ${subject.api}, streamed`, of: 'streamed', subject, stream: true },
])

// Google's client warns of a second key in the environment each time that it is made.
vi.spyOn(console, 'warn').mockImplementation(() => {})

/** Reasons for which a fault had no counterpart, by wire. */
const met = new Map<string, Set<string>>()

describe('the wires that the law is about', () => {
  it('are those of every API that ships', () => {
    const apis = providers.flatMap(({ name, apis }) => Object.keys(apis).map((api) => `${name} ${api}`))
    expect(subjects.map(({ provider, api }) => `${provider.name} ${api}`).sort()).toEqual(apis.sort())
  })
})

describe.each(wires)('on $name', ({ name, of, subject, stream }) => {
  const scenario = scenarioOn(subject, stream)
  let baseline: Trace
  beforeAll(async () => {
    baseline = (await runTrial(scenario)).trace
  })

  it('the agent reaches its goal where nothing is wrong', () => {
    expect([baseline.claim, baseline.goal]).toEqual(['success', true])
  })

  it.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s lands and changes the trace, or is declared to have no counterpart',
    async (_, fault) => {
      const plans = plansFor(fault, baseline, asksModel)
      if (plans.length === 0) return expectDeclared(fault)
      const landed = await firstLanded(plans.map((plan) => ({ plan })))
      const withoutMarks = (trace: Trace) => trace.events.filter((event) => event.kind !== 'fault')
      expect(withoutMarks(landed)).not.toEqual(withoutMarks(baseline))
    },
  )

  async function firstLanded(settings: readonly Parameters<typeof runTrial>[1][]): Promise<Trace> {
    for (const setting of settings) {
      const { trace, faults } = await runTrial(scenario, setting)
      if (faults.every(({ status }) => status === 'landed')) return trace
    }
    throw new Error('it takes effect nowhere, and nothing says why')
  }

  async function expectDeclared(fault: Fault): Promise<void> {
    const { faults } = await runTrial(scenario, { plan: planAt(fault, { boundary: 'model', target: '*' }, 1) })
    expect(faults).toMatchObject([{ status: 'reached', lack: expect.stringMatching(/\w/) }])
    const reason = faults[0]?.lack ?? ''
    const declared = lacksOf(subject, of).filter(({ trait }) => fault.needs.includes(trait))
    if (fault.needs.includes('stream') && !stream) expect(reason).toBe('the answer was not asked for as a stream')
    else expect(declared.map((lack) => lack.reason)).toContain(reason)
    met.set(name, (met.get(name) ?? new Set()).add(reason))
  }

  it('nothing else is declared to have none', () => {
    for (const { reason } of lacksOf(subject, of)) expect([...(met.get(name) ?? [])]).toContain(reason)
  })
})

function lacksOf({ provider, api }: Subject, of: string) {
  return (provider.apis[api]?.lacks ?? []).filter((lack) => lack.of === of)
}
