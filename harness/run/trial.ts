/**
 * Runs one trial: the user's agent in a world of its own, in virtual time, under one plan and one seed; then judges the
 * trace. Trials of one process queue, for they share its globals.
 */

import { encodePlan } from '../../faults/notation.js'
import type { Plan } from '../../faults/plan.js'
import { crossingsMax, horizonMs, modelCallsMax, spendOf } from '../budget.js'
import { type Crossings, inert } from '../crossing.js'
import { judge } from '../invariant.js'
import { providers } from '../providers/catalogue.js'
import type { AgentContext, Scenario } from '../scenario.js'
import type { Claim, End, Trace } from '../trace.js'
import type { Judgement } from '../verdict.js'
import { enter } from '../world/ambient.js'
import { VirtualClock } from '../world/clock.js'
import { Entropy, stream } from '../world/entropy.js'
import { errorFacts, textOf } from '../world/failures.js'
import { ToolBoundary } from '../world/instrument.js'
import { Ledger } from '../world/ledger.js'
import { drive, type LoopEnd } from '../world/loop.js'
import { real } from '../world/real.js'
import { Injector } from './injector.js'
import { strayed, trialFetch } from './network.js'
import { Parts } from './parts.js'
import { prepareProcess, takeOver } from './process.js'
import { Recorder } from './recorder.js'

export interface TrialOptions {
  readonly plan: Plan
  readonly seed: number
  /** Real milliseconds that real work may stay in flight before the trial ends as `stuck`. */
  readonly realLimitMs?: number
}

export interface TrialResult {
  readonly trace: Trace
  /** The outside world's memory when the trial was over. */
  readonly state: unknown
  readonly judgements: readonly Judgement[]
}

const realLimitMsDefault = 10_000

let queue: Promise<unknown> = Promise.resolve()

/** Runs one trial when those before it are done. Rejects with a `UserError` where the scenario cannot be set up. */
export function runOne(scenario: Scenario, options: TrialOptions): Promise<TrialResult> {
  const result = queue.then(() => trial(scenario, options))
  queue = result.catch(() => {})
  return result
}

async function trial(scenario: Scenario, options: TrialOptions): Promise<TrialResult> {
  await prepareProcess()
  const running = new RunningTrial(scenario, options)
  const end = await running.run()
  return running.result(end)
}

/** The mutable heart of a trial; it is dropped as soon as the result has been taken. */
class RunningTrial implements Crossings {
  readonly #scenario: Scenario
  readonly #options: TrialOptions
  readonly #clock = new VirtualClock()
  readonly #recorder = new Recorder(() => this.#clock.now())
  readonly #injector: Injector
  readonly #abort = new AbortController()
  #state: unknown
  #goal: boolean | null = null
  #answer: { readonly claim: Claim; readonly result: unknown; readonly end: End } | undefined
  #outOfBand: End | undefined
  readonly #parts: Parts
  #crossings = 0
  #modelCalls = 0
  frozen = false

  constructor(scenario: Scenario, options: TrialOptions) {
    this.#scenario = scenario
    this.#options = options
    this.#injector = new Injector(options.plan, scenario.faults, this.#recorder)
    this.#parts = new Parts(scenario, options.plan, () => this.#endOutOfBand({ kind: 'crashed' }))
  }

  readonly open: Crossings['open'] = (boundary, opening) => {
    if (this.frozen) return inert()
    this.#crossings++
    if (boundary === 'model') this.#modelCalls++
    if (this.#crossings > crossingsMax || this.#modelCalls > modelCallsMax(this.#scenario.budget)) {
      this.#endOutOfBand({ kind: 'horizon' })
    }
    return this.#injector.open(boundary, opening)
  }
  readonly record: Crossings['record'] = (event) => {
    if (!this.frozen) this.#recorder.record(event)
  }
  readonly sleep: Crossings['sleep'] = (ms) => this.#clock.sleep(ms)

  async run(): Promise<End> {
    const fetch = this.#fetch()
    const leave = enter({
      clock: this.#clock,
      entropy: new Entropy(this.#options.seed),
      fetch,
      exit: (code) => this.#exit(code),
      stray: (method, url) => void strayed(this, method, url),
    })
    const giveBack = takeOver(providers, (how, error) => this.#unhandled(how, error))
    try {
      this.#state = this.#parts.state()
      this.#start(this.#context(fetch))
      const loopEnd = await drive({
        clock: this.#clock,
        settled: () => this.#answer !== undefined,
        stopped: () => this.#outOfBand !== undefined,
        horizonMs: horizonMs(this.#scenario.budget),
        realLimitMs: this.#options.realLimitMs ?? realLimitMsDefault,
      })
      if (this.#parts.broken) throw this.#parts.broken
      const end = this.#end(loopEnd)
      this.#recorder.record({ kind: 'end', end })
      this.#goal = this.#parts.goal({ state: this.#state, result: this.#answer?.result, events: this.#recorder.events })
      return end
    } finally {
      this.frozen = true
      this.#recorder.close()
      this.#clock.stop()
      // Left before the process's handles are given back: inside a trial a port cannot be made to hold the loop.
      leave()
      giveBack()
      if (!this.#answer) this.#abort.abort()
    }
  }

  result(end: End): TrialResult {
    const { events } = this.#recorder
    const trace: Trace = {
      scenario: this.#scenario.name,
      seed: this.#options.seed,
      plan: encodePlan(this.#options.plan),
      intents: this.#scenario.intents,
      injections: this.#injector.records(),
      events,
      end,
      claim: this.#answer?.claim ?? null,
      goal: this.#goal,
      spend: spendOf(events),
    }
    return { trace, state: this.#state, judgements: judge(this.#scenario.invariants, trace, this.#state) }
  }

  #fetch(): typeof globalThis.fetch {
    const { seed } = this.#options
    return trialFetch({
      providers,
      model: this.#parts.model,
      context: { random: (label) => stream(seed, `model:${label}`)() },
      crossings: this,
      latencyMs: this.#scenario.latency.modelMs,
      sleep: (ms, signal) => this.#clock.sleep(ms, signal),
      realFetch: real.fetch,
    })
  }

  #context(fetch: typeof globalThis.fetch): AgentContext<unknown, unknown> {
    const { errors, via } = this.#scenario
    const tools = new ToolBoundary(this, errors, via)
    const ledger = new Ledger(this, errors, tools.current)
    const world = this.#parts.world({ state: this.#state, effect: ledger.effect })
    return {
      task: this.#scenario.task,
      tools: tools.instrument(world.tools ?? {}),
      state: this.#state,
      fetch,
      baseURL: providers[0]?.origin ?? '',
      signal: this.#abort.signal,
      attempt: 1,
      instrument: tools.instrument,
    }
  }

  #start(context: AgentContext<unknown, unknown>): void {
    Promise.resolve()
      .then(() => this.#scenario.agent(context))
      .then(
        (result) => this.#settle({ claim: this.#claimOf(result), result, end: { kind: 'returned' } }),
        (error: unknown) => this.#settle({ claim: 'failure', result: undefined, end: { kind: 'threw' } }, error),
      )
      .catch((error: unknown) => {
        if (error !== this.#parts.broken) throw error
      })
  }

  #settle(answer: { claim: Claim; result: unknown; end: End }, error?: unknown): void {
    if (this.#outOfBand) return
    this.#answer = answer
    this.record({
      kind: 'claim',
      claim: answer.claim,
      result: textOf(answer.result).slice(0, 2_000),
      ...(answer.end.kind === 'threw' && { error: errorFacts(error) }),
    })
  }

  /** Resolving claims success, unless the scenario says otherwise or the model itself gave up in its last answer. */
  #claimOf(result: unknown): Claim {
    const said = this.#parts.claim(result)
    if (said) return said
    const last = this.#recorder.events.findLast((event) => event.kind === 'return' && event.reply !== undefined)
    return last?.kind === 'return' && last.reply?.gaveUp ? 'failure' : 'success'
  }

  #end(loopEnd: LoopEnd): End {
    if (this.#outOfBand) return this.#outOfBand
    switch (loopEnd.kind) {
      case 'deadlock':
      case 'horizon':
      case 'stuck':
        return loopEnd
      case 'settled':
      case 'stopped':
        return this.#answer?.end ?? { kind: 'deadlock' }
    }
  }

  #exit(code: number): never {
    this.#endOutOfBand({ kind: 'exited', code })
    throw new Error(`the agent called process.exit(${code})`)
  }

  #unhandled(how: 'rejection' | 'exception', error: unknown): void {
    this.record({ kind: 'unhandled', how, error: errorFacts(error) })
    if (how === 'exception') this.#endOutOfBand({ kind: 'crashed' })
  }

  /** The trial is over although the agent has not answered; nothing more touches the world or the trace. */
  #endOutOfBand(end: End): void {
    this.#outOfBand ??= end
    this.frozen = true
  }
}
