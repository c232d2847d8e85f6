/**
 * Runs one trial: the user's agent in a world of its own, in virtual time, under one plan and one seed; then judges the
 * trace. Trials of one process queue, for they share its globals.
 */
import { errorFacts, resultFacts } from '../boundaries/calls/failures.js'
import { connectionGuest } from '../boundaries/http/stubs.js'
import { install } from '../boundaries/install.js'
import { asksModel } from '../contracts/boundary.js'
import { crossingsMax, horizonMs, modelCallsMax } from '../contracts/budget.js'
import type { Crossings } from '../contracts/crossing.js'
import { unlessDebugged } from '../contracts/debugging.js'
import { isThenable } from '../contracts/errors.js'
import type { AgentProcess, FollowEnd, Host, OpenHost } from '../contracts/host.js'
import type { EndpointsOptions } from '../contracts/provider.js'
import type { Scenario } from '../contracts/scenario.js'
import type { Claim, End } from '../contracts/trace.js'
import { inProcess } from '../hosts/in-process.js'
import { type Telemetry, telemetryOf } from '../observe/spans/telemetry.js'
import { Loopback } from '../transports/loopback/transport.js'
import { AdvisedWaits } from './advised-waits.js'
import { Attempt, type AttemptHost } from './attempt.js'
import { type Answer, conclude } from './conclude.js'
import { Copies } from './copies.js'
import { endpointsOf, type Network, networkOf, surroundingsOf } from './network.js'
import { Parts } from './parts.js'
import type { TrialOptions } from './trial-options.js'
import type { Thrown, TrialEnding, TrialResult } from './trial-result.js'
import { TrialWorld } from './trial-world.js'

const realLimitMsDefault = 10_000
/** How often an agent is started in one trial. */
const startsMax = 6
/** Virtual milliseconds from a crash to the next start, doubled each time, as supervisors have it. */
const restartMs = 1_000

let queue: Promise<unknown> = Promise.resolve()

/** Runs one trial when those before it are done. Rejects with a `UserError` where the scenario cannot be set up. */
export async function runOne(scenario: Scenario, options: TrialOptions): Promise<TrialResult> {
  const outcome = await runUntilCrash({ ...scenario, crash: 'soft' }, options)
  if (outcome.kind === 'ended') return outcome
  throw new Error('a soft crash left the process')
}

/** The same, but where the scenario asks for hard crashes it comes back with the world when the agent crashes. */
export function runUntilCrash(scenario: Scenario, options: TrialOptions): Promise<TrialEnding> {
  const result = queue.then(() => trial(scenario, options))
  queue = result.catch(() => {})
  return result
}

async function trial(scenario: Scenario, options: TrialOptions): Promise<TrialEnding> {
  install()
  const host = scenario.host ?? inProcess
  await host.prepare()
  const telemetry = await telemetryOf(scenario)
  const loopback = scenario.transport === 'loopback' ? await Loopback.start() : undefined
  try {
    return await new RunningTrial(scenario, options, host, telemetry, loopback).run()
  } finally {
    await loopback?.stop()
  }
}

/** The mutable heart of a trial; it is dropped as soon as the result has been taken. */
class RunningTrial implements AttemptHost {
  readonly scenario: Scenario
  readonly world: TrialWorld
  readonly endpoints: EndpointsOptions
  readonly #loopback: Loopback | undefined
  readonly #options: TrialOptions
  readonly #realLimitMs: number
  readonly #host: OpenHost
  readonly #parts: Parts
  #attempt: Attempt
  /** That of the attempt. */
  #process: AgentProcess
  #network: Network
  #answer: Answer | undefined
  #thrown: Thrown | undefined
  #outOfBand: End | undefined
  /** The agent crashed, and goes on in another process. */
  #left = false
  readonly #copies: Copies
  #crossings = 0
  #modelCalls = 0
  over = false

  constructor(
    scenario: Scenario,
    options: TrialOptions,
    host: Host,
    telemetry: Telemetry | undefined,
    loopback: Loopback | undefined,
  ) {
    this.scenario = scenario
    this.#loopback = loopback
    this.endpoints = endpointsOf(scenario, loopback)
    this.#copies = new Copies(scenario, options)
    this.#options = options
    this.#realLimitMs = options.realLimitMs ?? unlessDebugged(realLimitMsDefault)
    const plan = () => this.world.injector.plan
    this.#parts = new Parts(scenario, plan, () => this.#endOutOfBand({ kind: 'crashed' }))
    const { onMisuse } = this
    const agent = { crossings: () => this.#attempt, parent: () => this.#attempt.tools.current(), onMisuse }
    this.#host = host.open({
      seed: options.seed,
      agent: this.#copies.agent,
      reloads: this.#copies.areRenewed,
      ...surroundingsOf(scenario, this.endpoints, options),
      network: () => this.#network,
      onExit: (code, where) => this.#exit(code, where),
      onUnhandled: (how, error) => this.#failUnhandled(how, error),
    })
    this.world = new TrialWorld(scenario, options, agent, this.#host.clock, telemetry)
    const number = options.resume?.attempt ?? 1
    this.#attempt = new Attempt(this, number)
    this.#process = this.#host.begin(number)
    this.#network = this.#networkOf(this.#attempt)
  }

  readonly open: Crossings['open'] = (boundary, opening) => {
    this.#crossings++
    if (asksModel({ boundary })) this.#modelCalls++
    this.#options.onProgress?.(this.#modelCalls)
    if (this.#crossings > crossingsMax || this.#modelCalls > modelCallsMax(this.scenario.budget)) {
      this.#endOutOfBand({ kind: 'horizon' })
    }
    return this.world.injector.open(boundary, opening)
  }

  readonly record: Crossings['record'] = (event) => {
    if (!this.over) this.world.recorder.record(event)
  }

  readonly onMisuse: AttemptHost['onMisuse'] = (error) => this.#parts.misuse(error)

  get answered(): boolean {
    return this.#answer !== undefined
  }

  /** Everything that the agent's process held is gone; the world goes on, and starts it again. */
  onCrash(): void {
    const { number } = this.#attempt
    this.#process.crash()
    this.world.injector.abandon()
    if (number >= startsMax) this.#endOutOfBand({ kind: 'crash-loop', attempts: number })
    else if (this.scenario.crash === 'hard') this.#left = true
    else void this.#supervise(number + 1).then(() => this.#startAgain(number + 1))
  }

  /** The time until the agent is started again as `attempt`, which is the second or a later one. */
  #supervise(attempt: number): Promise<void> {
    return this.world.clock.sleepOn(restartMs * 2 ** (attempt - 2))
  }

  async run(): Promise<TrialEnding> {
    const connections = connectionGuest.as((wanted) => this.#network.connect(wanted))
    const leave = this.#host.enter(new Map([...this.world.guests, connections]))
    const advised = new AdvisedWaits(this.world.recorder.events, () => this.world.clock.wallNow())
    const unwatch = this.world.watch()
    try {
      if (this.#options.resume) void this.#supervise(this.#attempt.number).then(() => this.#tryToBegin())
      else {
        this.world.begin(() => this.#parts.state())
        this.#begin()
      }
      const followEnd = await this.#host.follow({
        isSettled: () => this.#answer !== undefined || this.#left || this.#copies.unloadable,
        onDrained: () => this.#answer && this.world.noteLeftRunning(this.#attempt.tools.busy),
        isStopped: () => this.#outOfBand !== undefined,
        horizonMs: horizonMs(this.scenario.budget),
        moreMs: () => advised.ms,
        realLimitMs: this.#realLimitMs,
        progress: () => this.#crossings,
        onStep: () => this.#options.onProgress?.(this.#modelCalls),
        memoryMbMax: this.#options.memoryMbMax,
      })
      if (this.#parts.broken) throw this.#parts.broken
      if (this.#copies.unloadable) return { kind: 'unloadable' }
      if (this.#left) return { kind: 'crashed', snapshot: this.world.snapshot(this.#attempt.number + 1) }
      return { kind: 'ended', ...(await this.#conclude(this.#end(followEnd))) }
    } finally {
      this.over = true
      this.world.recorder.close()
      this.#attempt.end()
      this.world.clock.stop()
      if (!this.#answer && !this.#attempt.gone) await this.#process.stop(() => this.#attempt.abort())
      // Left before the process's handles are given back: inside a trial a port cannot be made to hold the loop.
      this.#network.close()
      unwatch()
      leave()
      if (!this.#left) this.world.files.close()
    }
  }

  #conclude(end: End): Promise<TrialResult> {
    this.world.recorder.record({ kind: 'end', end })
    // Whatever the agent still does leaves no mark from here on: the scenario may take its time to answer.
    this.over = true
    const { seed } = this.#options
    const { scenario, world } = this
    const [host, parts, answer, thrown] = [this.#host, this.#parts, this.#answer, this.#thrown]
    const tools = [...this.#attempt.tools.names]
    const goalsElsewhere = () => this.#copies.goalsElsewhere()
    const realMs = this.#realLimitMs
    return conclude({ scenario, seed, host, world, parts, end, answer, thrown, tools, goalsElsewhere, realMs })
  }

  #networkOf(attempt: Attempt): Network {
    const { scenario, world } = this
    const misfit = (why: string) => this.#parts.misfit(why)
    return networkOf({
      ...{ scenario, world, attempt, misfit },
      model: this.#parts.model,
      seed: this.#options.seed,
      loopback: this.#loopback,
      instead: this.#options.instead,
    })
  }

  #startAgain(number: number): void {
    if (this.over || this.#outOfBand) return
    this.#attempt = new Attempt(this, number)
    this.#process = this.#host.begin(number)
    this.#network.close()
    this.#network = this.#networkOf(this.#attempt)
    this.#copies.renew(() => {
      if (!this.over && !this.#outOfBand) this.#tryToBegin()
    })
  }

  /** Where the scenario itself is at fault that is reported when the trial has come to its end. */
  #tryToBegin(): void {
    try {
      this.#begin()
    } catch (error) {
      if (error !== this.#parts.broken) throw error
    }
  }

  #begin(): void {
    const attempt = this.#attempt
    if (attempt.number > 1) this.record({ kind: 'restart', attempt: attempt.number, ...this.#memory })
    const { state, services, files } = this.world
    services.undeclare()
    const { tools } = this.#parts.world({
      ...{ state, effect: attempt.effect(), http: services, files },
      faultLanded: () => this.world.injector.hasLanded,
    })
    const context = attempt.context(tools, (input, init) => this.#network.fetch(input, init))
    this.#process
      .start(context)
      .then(
        (result) => this.#settle(attempt, result),
        (error: unknown) => this.#fail(attempt, error),
      )
      .catch((error: unknown) => {
        if (error !== this.#parts.broken) throw error
      })
  }

  /** What of its memory the agent has kept, where that is not nothing. */
  get #memory(): { readonly memory?: 'kept' } {
    return this.#copies.areRenewed || this.scenario.crash === 'hard' ? {} : { memory: 'kept' }
  }

  #settle(attempt: Attempt, result: unknown): void {
    if (attempt.frozen) return
    const said = this.#parts.claim(result)
    const later = isThenable(said) ? { claim: said, index: this.world.recorder.events.length } : undefined
    const claim = isThenable(said) || said === undefined ? this.#usualClaim() : said
    this.#answer = { claim, result, end: { kind: 'returned' }, promise: later }
    this.record({ kind: 'claim', claim, ...resultFacts(result) })
  }

  #fail(attempt: Attempt, error: unknown): void {
    if (attempt.frozen) return
    this.#answer = { claim: 'failure', result: undefined, end: { kind: 'threw' } }
    this.#thrown = { error }
    this.record({ kind: 'claim', claim: 'failure', ...resultFacts(undefined), error: errorFacts(error) })
  }

  /** Resolving claims success, unless the model itself gave up in its last answer. */
  #usualClaim(): Claim {
    const last = this.world.recorder.events.findLast((event) => event.kind === 'return' && event.reply !== undefined)
    return last?.kind === 'return' && last.reply?.gaveUp ? 'failure' : 'success'
  }

  #end(followEnd: FollowEnd): End {
    if (this.#outOfBand) return this.#outOfBand
    switch (followEnd.kind) {
      case 'deadlock':
      case 'horizon':
      case 'stuck':
        return followEnd
      case 'settled':
      case 'stopped':
        return this.#answer?.end ?? { kind: 'deadlock' }
    }
  }

  #exit(code: number, where: string | undefined): void {
    if (this.#attempt.frozen) return
    this.#thrown = { exitAt: where }
    this.#endOutOfBand({ kind: 'exited', code })
  }

  /** What a process that is gone would still have thrown is nobody's. */
  #failUnhandled(how: 'rejection' | 'exception', error: unknown): void {
    if (this.#attempt.frozen) return
    this.#thrown ??= { error }
    this.record({ kind: 'unhandled', how, error: errorFacts(error) })
    if (how === 'exception') this.#endOutOfBand({ kind: 'crashed' })
  }

  /** The trial is over although the agent has not answered; nothing more touches the world or the trace. */
  #endOutOfBand(end: End): void {
    this.#outOfBand ??= end
    this.over = true
  }
}
