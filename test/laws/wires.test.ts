/**
 * Every fault of a model on every wire: it lands and changes what happens, or the provider says in code that it has no
 * counterpart there, and the user is told why. What it looks like is written to `docs/wires.md`.
 */
import { catalogue, type Fault, type Plan } from 'agent-chaos/faults'
import type { Subject } from 'agent-chaos/provider-kit'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { asksModel } from '../../harness/contracts/boundary.js'
import { plannedFaults } from '../../harness/contracts/landing.js'
import type { Trace } from '../../harness/contracts/trace.js'
import type { WireRecord } from '../../harness/contracts/wire.js'
import { providers } from '../../harness/providers/catalogue.js'
import { runOne } from '../../harness/trial/trial.js'
import { scenarioOn } from '../fixtures/wires/scenario.js'
import { planAt, plansFor } from '../support/faults/aimed.js'
import { anthropicSubjects } from '../support/providers/anthropic.js'
import { geminiSubject } from '../support/providers/gemini.js'
import { openaiSubjects } from '../support/providers/openai.js'
import { differenceOf } from '../support/wires/difference.js'

const faults = catalogue.filter(({ boundaries }) => boundaries.includes('model'))
type Params = Readonly<Record<string, string>>

/** Each API once, by one version of its client. */
const subjects = [...anthropicSubjects, ...openaiSubjects, geminiSubject].filter(
  ({ api, provider }, index, all) =>
    all.findIndex((other) => other.api === api && other.provider.name === provider.name) === index,
)
const forms = [
  { of: 'at once', stream: false },
  { of: 'streamed', stream: true },
]
const wires = subjects.flatMap((subject) =>
  forms.map((form) => ({ ...form, subject, api: `${subject.provider.name} ${subject.api}` })),
)

// Google's client warns of a second key in the environment each time that it is made.
vi.spyOn(console, 'warn').mockImplementation(() => {})

/** Reasons for which a fault had no counterpart, by wire. */
const met = new Map<string, Set<string>>()
/** What each fault looks like, by its text and by wire. */
const looks = new Map<string, Map<string, string>>()

describe('the wires that the law is about', () => {
  it('are those of every API that ships', () => {
    const apis = providers.flatMap(({ name, apis }) => Object.keys(apis).map((api) => `${name} ${api}`))
    expect(subjects.map(({ provider, api }) => `${provider.name} ${api}`).sort()).toEqual(apis.sort())
  })
})

describe.each(wires)('on $api, $of', ({ api, of, subject, stream }) => {
  const wire = `${api}, ${of}`
  const scenario = scenarioOn(subject, stream)
  let baseline: Ran
  beforeAll(async () => {
    baseline = await run([])
  })

  it('the agent reaches its goal where nothing is wrong', () => {
    expect([baseline.trace.claim, baseline.trace.goal]).toEqual(['success', true])
  })

  it.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s lands and changes the trace, or is declared to have no counterpart',
    async (_, fault) => {
      const plans = plansFor(fault, baseline.trace, asksModel)
      if (plans.length === 0) return expectDeclared(fault)
      const ran = await firstLanded(plans)
      if (!ran) throw new Error('it takes effect nowhere, and nothing says why')
      const withoutMarks = (trace: Trace) => trace.events.filter((event) => event.kind !== 'fault')
      expect(withoutMarks(ran.trace)).not.toEqual(withoutMarks(baseline.trace))
      if (!isOfModel(fault)) return
      note(fault.name, ran)
      // What else the model may get wrong.
      for (const params of variantsOf(fault)) {
        const other = await firstLanded(plans.map((plan) => withParams(plan, fault, params)))
        if (other) note(`${fault.name}(${textOf(params)})`, other)
      }
    },
  )

  it('nothing else is declared to have none', () => {
    for (const { reason } of lacksOf(subject, of)) expect([...(met.get(wire) ?? [])]).toContain(reason)
  })

  type Ran = Awaited<ReturnType<typeof run>>

  async function run(plan: Plan) {
    const { trace, wire = [] } = await runOne(scenario as never, { plan, seed: 1, wire: true })
    return { trace, wire, faults: plannedFaults(plan, trace, catalogue) }
  }

  async function firstLanded(plans: readonly Plan[]): Promise<Ran | undefined> {
    for (const plan of plans) {
      const ran = await run(plan)
      if (ran.faults.every(({ status }) => status === 'landed')) return ran
    }
    return undefined
  }

  async function expectDeclared(fault: Fault): Promise<void> {
    const { faults } = await run(planAt(fault, { boundary: 'model', target: '*' }, 1))
    expect(faults).toMatchObject([{ status: 'reached', lack: expect.stringMatching(/\w/) }])
    const reason = faults[0]?.lack ?? ''
    const declared = lacksOf(subject, of).filter(({ trait }) => fault.needs.includes(trait))
    if (fault.needs.includes('stream') && !stream) expect(reason).toBe('the answer was not asked for as a stream')
    else expect(declared.map((lack) => lack.reason)).toContain(reason)
    met.set(wire, (met.get(wire) ?? new Set()).add(reason))
    tell(fault.name, `no counterpart: ${reason}`)
  }

  /** Of the first answer that the fault struck. */
  function note(fault: string, { trace, wire: passed }: Ran): void {
    const name = fault.replace(/\(.*/, '')
    const struck = trace.events.find((event) => event.kind === 'fault' && event.fault === name)
    if (struck?.kind !== 'fault') throw new Error(`${fault} did not land`)
    const own = requestOf(struck.crossing, trace)
    const before = baseline.trace.events.find(
      (event) => event.kind === 'call' && asksModel(event.site) && event.occurrence === own.occurrence,
    )
    const known = before?.kind === 'call' ? deliveryOf(before.crossing, baseline.wire) : undefined
    tell(fault, known ? differenceOf(known, deliveryOf(struck.crossing, passed)) : 'an answer that was not asked for')
  }

  function tell(fault: string, look: string): void {
    looks.set(fault, (looks.get(fault) ?? new Map<string, string>()).set(wire, look))
  }
})

function isOfModel({ name }: Fault): boolean {
  return name.startsWith('model/')
}

function requestOf(crossing: number, { events }: Trace) {
  const call = events.find((event) => event.kind === 'call' && event.crossing === crossing)
  if (call?.kind !== 'call') throw new Error(`no crossing ${crossing}`)
  return call
}

function deliveryOf(crossing: number, wire: readonly WireRecord[]) {
  const record = wire.find((one) => one.crossing === crossing)
  if (!record) throw new Error(`nothing passed at crossing ${crossing}`)
  return record.delivery
}

/** Of what a model gets wrong in its own answer, which looks unlike on every wire. */
function variantsOf({ actions, params }: Fault): Params[] {
  if (!actions.includes('answer')) return []
  return Object.entries(params).flatMap(([name, param]) =>
    param.kind === 'choice'
      ? param.values.filter((it) => it !== param.default).map((value) => ({ [name]: value }))
      : [],
  )
}

function withParams(plan: Plan, { name }: Fault, params: Params): Plan {
  return plan.map((injection) => ({
    ...injection,
    faults: injection.faults.map((use) => (use.fault === name ? { ...use, params } : use)),
  })) as unknown as Plan
}

function textOf(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')
}

function lacksOf({ provider, api }: Subject, of: string) {
  return (provider.apis[api]?.lacks ?? []).filter((lack) => lack.of === of)
}

const head = `# Faults of models on the wires

Written by \`npm run wires\`; a test checks that it is up to date.

What each fault of a model looks like on the wire of each API, with its default parameters: of an error the status and the
body, of an answer all that is not as it would have been. Counts of tokens are left out.
`

it('what each fault looks like on each wire is in docs/wires.md', async () => {
  const parts = [head]
  for (const fault of faults.filter(isOfModel)) {
    const shown = [...looks].filter(([name]) => name === fault.name || name.startsWith(`${fault.name}(`))
    expect(shown.length, fault.name).toBeGreaterThan(0)
    parts.push(`## ${fault.name}\n\n${fault.summary}\n`)
    for (const [name, byWire] of shown) {
      if (shown.length > 1) parts.push(`\`${name}\`:\n`)
      parts.push(`${linesOf(byWire).join('\n')}\n`)
    }
  }
  await expect(parts.join('\n')).toMatchFileSnapshot('../../docs/wires.md')
})

/** What is the same on several wires is said once. */
function linesOf(byWire: ReadonlyMap<string, string>): string[] {
  const alike = new Map<string, string[]>()
  for (const [wire, look] of byWire) alike.set(look, [...(alike.get(look) ?? []), wire])
  return [...alike].map(([look, on]) => `- **${on.length === wires.length ? 'every wire' : on.join('; ')}**: ${look}`)
}
