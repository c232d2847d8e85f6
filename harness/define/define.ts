/**
 * From what a user writes to what the harness runs: checks a scenario when its file is loaded, so that a slip is told
 * with its line and not met as an odd result, and fills in the defaults.
 */
import { fileURLToPath } from 'node:url'
import { failureCodes } from '../../faults/action.js'
import { type Fault, type FaultClass, faultClasses, withoutIdleCompanions } from '../../faults/fault.js'
import { didYouMean, UserError } from '../contracts/errors.js'
import type { Invariant } from '../contracts/invariant.js'
import type { Provider } from '../contracts/provider.js'
import type { Scenario, ScenarioOptions } from '../contracts/scenario.js'
import { type Checks, checkBudget } from './check-budget.js'
import { checkProviders, inOrder } from './providers.js'

type Anything = Readonly<Record<string, unknown>>

const keys = {
  required: ['name', 'task', 'model', 'agent', 'goal'],
  optional: [
    'state',
    'world',
    'intents',
    'claims',
    'invariants',
    'without',
    'faults',
    'providers',
    'endpoints',
    'expect',
    'repaired',
    'errors',
    'via',
    'budget',
    'latency',
    'isolate',
    'crash',
  ],
  /** What a repair may change: neither what it is called nor what is asked of it. */
  repair: ['state', 'world', 'agent', 'model', 'goal', 'claims', 'via', 'errors', 'faults'],
} as const

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
  return (options) => resolved(options, catalogues, '')
}

/** `part` tells whose options these are, where they are not the scenario's own. */
function resolved<State, Tools>(
  options: ScenarioOptions<State, Tools>,
  catalogues: Catalogues,
  part: string,
): Scenario<State, Tools> {
  const check = new Check(options, catalogues, part)
  check.keys(options as unknown as Anything, [...keys.required, ...keys.optional], 'a scenario')
  check.shapes()
  const invariants = check.invariants()
  check.expectation(invariants)
  check.repair()
  const faults = check.faults()
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
    intents: options.intents?.map(({ kind, id }) => ({ kind, id: String(id) })) ?? null,
    claims: (options.claims as Scenario['claims'] | undefined) ?? null,
    invariants,
    listed: (options.invariants ?? []).map(({ name }) => name),
    faults,
    providers: inOrder(own, catalogues.providers),
    ownProviders: own.map(({ name }) => name),
    endpoints: options.endpoints ?? {},
    expect: options.expect ?? null,
    repaired: options.repaired ? repaired(options, catalogues) : null,
    errors: options.errors ?? {},
    via: options.via ?? 'throw',
    budget: options.budget ?? {},
    latency: { modelMs: options.latency?.modelMs ?? modelLatencyMs },
    isolate: options.isolate ?? false,
    crash: options.crash ?? 'soft',
  }
}

/** The whole scenario as it is when the mistake is mended. */
function repaired<State, Tools>(
  { expect: _, repaired, ...rest }: ScenarioOptions<State, Tools>,
  catalogues: Catalogues,
) {
  return resolved<State, Tools>({ ...rest, ...repaired }, catalogues, ', repaired')
}

export function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && (value as Anything).kind === 'agent-chaos/scenario'
}

class Check {
  readonly #options: ScenarioOptions<never, never>
  readonly #catalogues: Catalogues
  readonly #part: string
  readonly where: string | undefined = callSite()

  constructor(options: unknown, catalogues: Catalogues, part: string) {
    this.#catalogues = catalogues
    this.#part = part
    if (typeof options !== 'object' || options === null) {
      throw new UserError(`defineScenario: expected an object of options, got ${say(options)}`, this.where)
    }
    this.#options = options as ScenarioOptions<never, never>
  }

  #refuse(rule: string): never {
    const { name } = this.#options
    throw new UserError(
      `${typeof name === 'string' && name ? `scenario "${name}"${this.#part}` : 'defineScenario'}: ${rule}`,
      this.where,
    )
  }

  keys(value: Anything, known: readonly string[], of: string): void {
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.#refuse(`${of} has no option "${key}".${didYouMean(key, known)}`)
    }
  }

  #expect(holds: boolean, option: string, expected: string, value: unknown): void {
    if (!holds) this.#refuse(`${option}: expected ${expected}, got ${say(value)}`)
  }

  shapes(): void {
    const { name, task, model, latency = {}, via, errors = {}, intents, isolate, crash } = this.#options
    this.#expect(typeof name === 'string' && name.trim() !== '', 'name', 'a text', name)
    this.#expect(typeof task === 'string', 'task', 'a text', task)
    this.#expect(typeof model?.reply === 'function', 'model', 'a model, as script() and policy() make', model)
    for (const option of ['agent', 'goal'] as const) this.#function(option, this.#options[option])
    for (const option of ['state', 'world', 'claims'] as const) {
      if (this.#options[option] !== undefined) this.#function(option, this.#options[option])
    }
    this.#expect(via === undefined || via === 'throw' || via === 'return', 'via', '"throw" or "return"', via)
    this.#record('errors', errors, [...failureCodes, 'exception'])
    for (const [code, shape] of Object.entries(errors)) this.#function(`errors.${code}`, shape)
    this.#intents(intents)
    this.#record('latency', latency, ['modelMs'])
    this.#number('latency.modelMs', latency.modelMs, 0, Number.MAX_SAFE_INTEGER)
    this.#expect(isolate === undefined || typeof isolate === 'boolean', 'isolate', 'true or false', isolate)
    this.#expect(crash === undefined || crash === 'soft' || crash === 'hard', 'crash', '"soft" or "hard"', crash)
  }

  #record(option: string, value: unknown, known: readonly string[]): void {
    const fits = typeof value === 'object' && value !== null && !Array.isArray(value)
    this.#expect(fits, option, 'an object', value)
    this.keys(value as Anything, known, option)
  }

  #function(option: string, value: unknown): void {
    this.#expect(typeof value === 'function', option, 'a function', value)
  }

  #intents(intents: unknown): void {
    if (intents === undefined) return
    const fits = (intent: Partial<Anything> | null) =>
      typeof intent?.kind === 'string' && (typeof intent.id === 'string' || typeof intent.id === 'number')
    this.#list('intents', intents, '{ kind, id }', fits)
  }

  /** Names the first item that does not fit. */
  #list<T>(option: string, value: unknown, item: string, fits: (item: Partial<T> | null) => boolean): void {
    this.#expect(Array.isArray(value), option, `a list, each item ${item}`, value)
    const items = value as (Partial<T> | null)[]
    const odd = items.findIndex((one) => !fits(one))
    this.#expect(odd < 0, `${option}[${odd}]`, item, items[odd])
  }

  /** A profile may weigh any fault that there is; what the scenario does not face is not drawn. */
  budget(faced: readonly Fault[]): void {
    const { budget = {} } = this.#options
    checkBudget(budget as Anything, [...this.#catalogues.faults, ...faced], this.#checks())
  }

  providers(): void {
    const { providers, endpoints } = this.#options
    const given = { ...(providers && { providers }), ...(endpoints && { endpoints }) }
    checkProviders(given, this.#catalogues.providers, this.#checks())
  }

  #checks(): Checks {
    return {
      record: (...args) => this.#record(...args),
      expect: (...args) => this.#expect(...args),
      refuse: (rule) => this.#refuse(rule),
    }
  }

  #number(option: string, value: unknown, min: number, max: number): void {
    const fits = typeof value === 'number' && value >= min && value <= max
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
    this.#expect(value === undefined || fits, option, `a number ${range}`, value)
  }

  /** The defaults that were not left out, then the scenario's own; one of the same name takes the default's place. */
  invariants(): readonly Invariant[] {
    const { invariants: own = [], without = [] } = this.#options
    const { invariants: defaultInvariants } = this.#catalogues
    const names = defaultInvariants.map(({ name }) => name)
    this.#list('without', without, 'the name of a default invariant', (name) => typeof name === 'string')
    for (const name of without) {
      if (!names.includes(name)) {
        this.#refuse(`without: "${name}" is no default invariant (${names.join(', ')}).${didYouMean(name, names)}`)
      }
    }
    const isInvariant = (value: Partial<Invariant> | null) =>
      typeof value?.name === 'string' && typeof value.check === 'function'
    this.#list('invariants', own, 'an invariant, as terminates() makes one', isInvariant)
    const twice = own.find(({ name }, index) => own.findIndex((other) => other.name === name) !== index)
    if (twice) this.#refuse(`invariants: "${twice.name}" is listed twice`)
    const replaced = new Set([...without, ...own.map(({ name }) => name)])
    return [...defaultInvariants.filter(({ name }) => !replaced.has(name)), ...own]
  }

  expectation(invariants: readonly Invariant[]): void {
    const { expect } = this.#options
    if (expect === undefined) return
    this.#record('expect', expect, ['violates'])
    this.#expect(typeof expect.violates === 'string', 'expect.violates', 'the name of an invariant', expect.violates)
    const names = invariants.map(({ name }) => name)
    if (!names.includes(expect.violates)) {
      const on = `the invariants that are on: ${names.join(', ')}`
      this.#refuse(
        `expect.violates: expected one of ${on}; got "${expect.violates}".${didYouMean(expect.violates, names)}`,
      )
    }
  }

  repair(): void {
    const { expect, repaired } = this.#options
    if (repaired === undefined) return
    this.#record('repaired', repaired, keys.repair)
    if (expect === undefined) this.#refuse('repaired: only a canary, which has "expect", can be repaired')
    if (Object.keys(repaired).length === 0) {
      this.#refuse('repaired: expected what changes when the mistake is mended, got nothing')
    }
  }

  /** Faults as given, and those that a name or a class stands for; by default all but the deceptive and what goes with them. */
  faults(): readonly Fault[] {
    const { faults } = this.#options
    const { faults: catalogue } = this.#catalogues
    if (faults === undefined) return withoutIdleCompanions(catalogue.filter((fault) => fault.class !== 'deceptive'))
    const isFault = (value: Partial<Fault> | null) =>
      typeof value === 'string' || (typeof value?.name === 'string' && typeof value.action === 'function')
    this.#list('faults', faults, 'a fault, a name or a class', isFault)
    const all = [...new Set(faults.flatMap((entry) => (typeof entry === 'string' ? this.#named(entry) : [entry])))]
    const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index)
    if (twice) this.#refuse(`faults: two faults are named "${twice.name}", and a plan could not tell them apart`)
    return all
  }

  #named(name: string): readonly Fault[] {
    const { faults: catalogue } = this.#catalogues
    if (faultClasses.includes(name as FaultClass)) return catalogue.filter((fault) => fault.class === name)
    const found = catalogue.filter((fault) => fault.name === name)
    const known = [...catalogue.map((fault) => fault.name), ...faultClasses]
    if (found.length === 0) this.#refuse(`faults: no fault and no class is named "${name}".${didYouMean(name, known)}`)
    return found
  }
}

function say(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object') return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object'
  return value === undefined ? 'nothing' : typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** `file:line` of the call into this module, from outside it; loaders of TypeScript keep lines and not columns. */
function callSite(): string | undefined {
  const frames = new Error('here').stack?.split('\n').slice(1) ?? []
  // Loaders name a module by its URL or by its path.
  const inside = [import.meta.url, fileURLToPath(import.meta.url), 'node:internal']
  const outside = frames.find((frame) => !inside.some((module) => frame.includes(module)))
  return outside?.match(/(?:file:\/\/)?((?:\/|[A-Za-z]:)[^()]+?:\d+)(?::\d+)?\)?$/)?.[1]
}
