/**
 * From what a user writes to what the harness runs. A scenario is checked when its file is loaded, and the defaults are
 * filled in. So a slip is reported with its line, and not met as an odd result.
 */
import { failureCodes } from '../../faults/action.js'
import type { Fault } from '../../faults/fault.js'
import { isAllowance } from '../contracts/allowed.js'
import { type Anything, type Checks, checksOf, isRecord } from '../contracts/checks.js'
import { didYouMean, say } from '../contracts/errors.js'
import type { Host } from '../contracts/host.js'
import type { Invariant } from '../contracts/invariant.js'
import { callSite } from '../contracts/place.js'
import type { Provider } from '../contracts/provider.js'
import type { Scenario, ScenarioOptions } from '../contracts/scenario.js'
import type { ExpectedIntent } from '../contracts/trace.js'
import { checkBudget } from './check-budget.js'
import { withDeclaration } from './declaration.js'
import { faceFaults } from './face-faults.js'
import { keys } from './keys.js'
import { checkProviders, inOrder } from './providers.js'
import { refuseIdle } from './refuse-idle.js'

const kinds = '"safety" or "liveness"'

const modelLatencyMs = 500

/** What there is to choose from, and what a scenario has that does not choose. */
export interface Catalogues {
  readonly faults: readonly Fault[]
  /** Those that are on by default. */
  readonly invariants: readonly Invariant[]
  readonly providers: readonly Provider[]
}

/**
 * Declares a scenario; export it as the default of a `*.chaos.ts` file, or hand it to `runTrial` and `assertResilient`.
 * Throws a `UserError` that names the rule, what was expected, what came, and the line.
 */
export type DefineScenario = <State = undefined, Tools = Record<string, never>>(
  options: ScenarioOptions<State, Tools>,
) => Scenario<State, Tools>

/** The `defineScenario` of these catalogues. */
export function scenarioDefiner(catalogues: Catalogues): DefineScenario {
  return (options) => withDeclaration(resolve(options, catalogues, ''))
}

/** `part` tells whose options these are, where they are not the scenario's own. */
function resolve<State, Tools>(
  options: ScenarioOptions<State, Tools>,
  catalogues: Catalogues,
  part: string,
): Scenario<State, Tools> {
  const check = new Check(options, catalogues, part)
  check.keys()
  check.shapes()
  check.network()
  const invariants = check.invariants()
  check.expectation(invariants)
  check.repair()
  const faults = check.faults()
  check.applicability(faults)
  check.budget(faults)
  check.providers()
  const own = options.providers ?? []
  return {
    kind: 'agent-chaos/scenario',
    declaredAt: check.where ?? null,
    name: options.name,
    task: options.task,
    state: options.state ?? (() => undefined as State),
    world: options.world ?? (() => ({})),
    model: options.model,
    agent: options.agent,
    goal: options.goal,
    intents: expectedIntents(options.intents, invariants),
    claims: (options.claims as Scenario['claims'] | undefined) ?? null,
    invariants,
    listed: (options.invariants ?? []).map(({ name }) => name),
    faults,
    providers: inOrder(own, catalogues.providers),
    ownProviders: own.map(({ name }) => name),
    endpoints: options.endpoints ?? {},
    expect: options.expect ?? null,
    repaired: options.repaired ? applyRepair(options, catalogues) : null,
    errors: options.errors ?? {},
    via: options.via ?? 'throw',
    budget: options.budget ?? {},
    latency: { modelMs: options.latency?.modelMs ?? modelLatencyMs },
    ...waysOf(options),
  }
}

type Way = 'isolate' | 'allow' | 'tags' | 'host' | 'transport' | 'crash'

/** Where and how it is run. */
function waysOf(options: Pick<ScenarioOptions<unknown, unknown>, Way>) {
  return {
    isolate: options.isolate ?? false,
    allow: options.allow ?? [],
    tags: [...new Set(options.tags ?? [])],
    host: options.host ?? null,
    transport: options.transport ?? 'memory',
    crash: options.crash ?? 'soft',
  } as const
}

/** What must happen, then what may; with either may come what undoes it. */
function expectedIntents(
  given: ScenarioOptions<never, never>['intents'],
  invariants: readonly Invariant[],
): readonly ExpectedIntent[] | null {
  if (given === undefined) return null
  const { must = [], may = [] } = 'length' in given ? { must: given } : given
  const named = [...must, ...may].map(({ kind, id }) => ({ kind, id: String(id) }))
  const undoing = named.flatMap(({ kind, id }) =>
    invariants.flatMap(({ undoneBy = {} }) =>
      Object.hasOwn(undoneBy, kind) ? [{ kind: undoneBy[kind] as string, id }] : [],
    ),
  )
  const expected: ExpectedIntent[] = named.slice(0, must.length)
  for (const intent of [...named.slice(must.length), ...undoing]) {
    if (!expected.some(({ kind, id }) => kind === intent.kind && id === intent.id))
      expected.push({ ...intent, may: true })
  }
  return expected
}

/** The whole scenario as it is when the mistake is repaired. */
function applyRepair<State, Tools>(
  { expect: _, repaired, ...rest }: ScenarioOptions<State, Tools>,
  catalogues: Catalogues,
) {
  return resolve<State, Tools>({ ...rest, ...repaired }, catalogues, ', repaired')
}

export function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && (value as Anything).kind === 'agent-chaos/scenario'
}

function isHost(host: Partial<Host> | null): boolean {
  return typeof host?.name === 'string' && typeof host.prepare === 'function' && typeof host.open === 'function'
}

class Check {
  readonly #options: ScenarioOptions<never, never>
  readonly #catalogues: Catalogues
  readonly #checks: Checks
  readonly where: string | undefined = callSite()

  constructor(options: unknown, catalogues: Catalogues, part: string) {
    this.#catalogues = catalogues
    const name = (options as Anything | null | undefined)?.name
    this.#checks = checksOf(
      typeof name === 'string' && name ? `scenario "${name}"${part}` : 'defineScenario',
      this.where,
    )
    if (typeof options !== 'object' || options === null) {
      this.#checks.refuse(`expected an object of options, got ${say(options)}`)
    }
    this.#options = options as ScenarioOptions<never, never>
  }

  keys(): void {
    this.#checks.keys(this.#options as unknown as Anything, [...keys.required, ...keys.optional], 'a scenario')
  }

  shapes(): void {
    const {
      name,
      task,
      model,
      latency = {},
      via,
      errors = {},
      intents,
      isolate,
      tags,
      crash,
      host,
      transport,
    } = this.#options
    this.#checks.expect(typeof name === 'string' && name.trim() !== '', 'name', 'a string', name)
    this.#checks.expect(typeof task === 'string', 'task', 'a string', task)
    this.#checks.expect(typeof model?.reply === 'function', 'model', 'a model, as script() and policy() make', model)
    for (const option of ['agent', 'goal'] as const) this.#checks.function(option, this.#options[option])
    for (const option of ['state', 'world', 'claims'] as const) {
      if (this.#options[option] !== undefined) this.#checks.function(option, this.#options[option])
    }
    this.#checks.expect(via === undefined || via === 'throw' || via === 'return', 'via', '"throw" or "return"', via)
    this.#checks.record('errors', errors, [...failureCodes, 'exception'])
    for (const [code, shape] of Object.entries(errors)) this.#checks.function(`errors.${code}`, shape)
    this.#intents(intents)
    this.#checks.record('latency', latency, ['modelMs'])
    this.#checks.number('latency.modelMs', latency.modelMs, [0, Number.MAX_SAFE_INTEGER])
    this.#checks.expect(
      host === undefined || isHost(host),
      'host',
      'a host: an object with name, clock, prepare and open',
      host,
    )
    this.#checks.expect(isolate === undefined || typeof isolate === 'boolean', 'isolate', 'true or false', isolate)
    const isTag = (tag: unknown) => typeof tag === 'string' && /^[^\s,]+$/.test(tag)
    if (tags !== undefined) this.#checks.list('tags', tags, 'a word without commas', isTag)
    const isTransport = transport === undefined || transport === 'memory' || transport === 'loopback'
    this.#checks.expect(isTransport, 'transport', '"memory" or "loopback"', transport)
    this.#checks.expect(crash === undefined || crash === 'soft' || crash === 'hard', 'crash', '"soft" or "hard"', crash)
  }

  network(): void {
    const { allow } = this.#options
    if (allow !== undefined) this.#checks.list('allow', allow, 'a host such as "db.local:5432"', isAllowance)
  }

  #intents(intents: unknown): void {
    if (intents === undefined) return
    const fits = (intent: Partial<Anything> | null) =>
      typeof intent?.kind === 'string' && (typeof intent.id === 'string' || typeof intent.id === 'number')
    if (Array.isArray(intents)) {
      this.#checks.list('intents', intents, '{ kind, id }', fits)
      return
    }
    const isNamed = isRecord(intents) && ('must' in intents || 'may' in intents)
    this.#checks.expect(
      isNamed,
      'intents',
      'an array, each item { kind, id }, or { must, may } with such arrays',
      intents,
    )
    this.#checks.record('intents', intents, ['must', 'may'])
    for (const part of ['must', 'may']) {
      const list = (intents as Anything)[part]
      if (list !== undefined) this.#checks.list(`intents.${part}`, list, '{ kind, id }', fits)
    }
  }

  /** A profile may weigh any fault that there is; what the scenario does not face is not drawn. */
  budget(faced: readonly Fault[]): void {
    const { budget = {} } = this.#options
    checkBudget(budget as Anything, [...this.#catalogues.faults, ...faced], this.#checks)
  }

  providers(): void {
    const { providers, endpoints } = this.#options
    const given = { ...(providers && { providers }), ...(endpoints && { endpoints }) }
    checkProviders(given, this.#catalogues.providers, this.#checks)
  }

  /** The defaults that were not left out, then the scenario's own; one of the same name takes the default's place. */
  invariants(): readonly Invariant[] {
    const { invariants: own = [], without = [] } = this.#options
    const { invariants: defaultInvariants } = this.#catalogues
    const names = defaultInvariants.map(({ name }) => name)
    this.#checks.list('without', without, 'the name of a default invariant', (name) => typeof name === 'string')
    for (const name of without) {
      if (!names.includes(name)) {
        this.#checks.refuse(
          `without: "${name}" is no default invariant (${names.join(', ')}).${didYouMean(name, names)}`,
        )
      }
    }
    const isInvariant = (value: Partial<Invariant> | null) =>
      typeof value?.name === 'string' && typeof value.check === 'function'
    this.#checks.list('invariants', own, 'an invariant, as terminates() makes one', isInvariant)
    for (const { name, kind } of own) {
      this.#checks.expect(kind === 'safety' || kind === 'liveness', `invariants: "${name}": kind`, kinds, kind)
    }
    const twice = own.find(({ name }, index) => own.findIndex((other) => other.name === name) !== index)
    if (twice) this.#checks.refuse(`invariants: "${twice.name}" is listed twice`)
    const replaced = new Set([...without, ...own.map(({ name }) => name)])
    return [...defaultInvariants.filter(({ name }) => !replaced.has(name)), ...own]
  }

  applicability(faced: readonly Fault[]): void {
    refuseIdle(this.#options.invariants ?? [], faced, this.#checks)
  }

  expectation(invariants: readonly Invariant[]): void {
    const { expect } = this.#options
    if (expect === undefined) return
    this.#checks.record('expect', expect, ['violates'])
    this.#checks.expect(
      typeof expect.violates === 'string',
      'expect.violates',
      'the name of an invariant',
      expect.violates,
    )
    const names = invariants.map(({ name }) => name)
    if (!names.includes(expect.violates)) {
      const on = `the invariants that are on: ${names.join(', ')}`
      this.#checks.refuse(
        `expect.violates: expected one of ${on}; got "${expect.violates}".${didYouMean(expect.violates, names)}`,
      )
    }
  }

  repair(): void {
    const { expect, repaired } = this.#options
    if (repaired === undefined) return
    this.#checks.record('repaired', repaired, keys.repair)
    if (expect === undefined) this.#checks.refuse('repaired: only a canary, which has "expect", can be repaired')
    if (Object.keys(repaired).length === 0) {
      this.#checks.refuse('repaired: expected what changes when the mistake is repaired, got nothing')
    }
  }

  faults(): readonly Fault[] {
    return faceFaults(this.#options.faults, this.#catalogues.faults, this.#checks)
  }
}
