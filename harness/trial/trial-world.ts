/**
 * The world of one trial: everything that outlives a crash of the agent. Clock, record, plan, ledger, the outside
 * world's memory, services, files, and what the model's provider remembers. As a snapshot it moves to another process.
 */
import { deserialize, serialize } from 'node:v8'
import type { Json } from '../../faults/json.js'
import type { Plan } from '../../faults/plan/plan.js'
import { Ledger } from '../boundaries/effect/ledger.js'
import { FileBoundary } from '../boundaries/file/boundary.js'
import { filesGuest } from '../boundaries/file/guest.js'
import { Services } from '../boundaries/http/services.js'
import { IssuedIds, type IssuedIdsSnapshot } from '../boundaries/model/issued-ids.js'
import type { Beside } from '../contracts/beside.js'
import type { ConsoleLine, ConsoleOutput } from '../contracts/console.js'
import type { Crossings, Unstamped } from '../contracts/crossing.js'
import { UserError } from '../contracts/errors.js'
import type { Clock, ClockSnapshot } from '../contracts/host.js'
import type { ProviderSession } from '../contracts/provider.js'
import type { RouteTaken } from '../contracts/routes.js'
import type { Scenario } from '../contracts/scenario.js'
import type { TraceEvent } from '../contracts/trace.js'
import type { WireRecord, Wiretap } from '../contracts/wire.js'
import { ConsoleCapture } from '../observe/console/capture.js'
import { PlaceCapture } from '../observe/places/capture.js'
import type { SpanCapture, SpanCounts } from '../observe/spans/capture.js'
import type { Telemetry } from '../observe/spans/telemetry.js'
import type { Draw } from './chance.js'
import { Injector, type InjectorSnapshot } from './injector.js'
import { Recorder } from './recorder.js'

/** A world as plain data. */
export interface WorldSnapshot extends Beside {
  /** The start of the agent that comes next. */
  readonly attempt: number
  readonly clock: ClockSnapshot
  readonly events: readonly TraceEvent[]
  readonly injector: InjectorSnapshot
  readonly ledger: Json
  /** The outside world's memory, as `v8.serialize` has it, in base64. */
  readonly state: string
  readonly services: Json
  readonly ids: IssuedIdsSnapshot
  /** Where its files are; the directory itself moves to whoever goes on with the trial. */
  readonly dir: string | null
  /** What the other end of each API remembers, by `PROVIDER/API`. */
  readonly sessions: Readonly<Record<string, Json>>
  /** What passed over the wire so far, where that is kept. */
  readonly wire?: readonly WireRecord[]
  /** `null` where no spans are gathered. */
  readonly spans: SpanCounts | null
}

/** The agent as the world meets it: the attempt that runs now, and the crossing of a tool that is under way in it. */
export interface RunningAgent {
  readonly crossings: () => Crossings
  readonly parent: () => number | null
  /** What the world was handed is used wrongly. */
  readonly onMisuse: (error: UserError) => void
}

export interface TrialWorldOptions {
  readonly plan: Plan
  /** Strikes crossings by chance, in place of a plan. */
  readonly draw?: Draw | undefined
  /** Whether to keep what passes over the wire. */
  readonly wire?: boolean
  /** Whether to keep what is printed. */
  readonly console?: boolean
  /** Whether to find out where in the agent's code each call is made. */
  readonly places?: boolean | undefined
  /** Where its files are kept; a temporary folder unless given. */
  readonly dir?: string
  /** Told of each event as it is recorded, so that it is known of a trial which never ends. */
  readonly onEvent?: ((event: TraceEvent) => void) | undefined
  /** Told of each line that is printed, where that is kept. */
  readonly onPrint?: ((line: ConsoleLine) => void) | undefined
  /** The world that the agent left behind when it crashed in another process. */
  readonly resume?: WorldSnapshot | undefined
}

export class TrialWorld {
  readonly clock: Clock
  readonly recorder: Recorder
  readonly injector: Injector
  readonly ledger: Ledger
  readonly files: FileBoundary
  readonly services: Services
  /** Of tool calls, as the simulated model gave them. */
  readonly ids: IssuedIds
  /** Where an invariant needs them. */
  readonly spans: SpanCapture | undefined
  /** What passed over the wire, where that is to be kept. */
  readonly wire: WireRecord[] | undefined
  readonly wiretap: Wiretap | undefined
  readonly #console: ConsoleCapture | undefined
  readonly #places: PlaceCapture | undefined
  readonly #sessions = new Map<string, ProviderSession>()
  readonly #remembered: WorldSnapshot['sessions']
  #state: unknown

  constructor(
    scenario: Scenario,
    options: TrialWorldOptions,
    agent: RunningAgent,
    clock: Clock,
    telemetry: Telemetry | undefined,
  ) {
    const { plan, draw, dir, resume, wire } = options
    this.clock = clock
    this.wire = wire ? [...(resume?.wire ?? [])] : undefined
    this.wiretap = this.wire && ((record) => void this.wire?.push(record))
    this.files = new FileBoundary({ ...agent, at: dir })
    this.#console = options.console ? this.#catchConsole(options) : undefined
    this.#places = options.places
      ? new PlaceCapture(scenario.declaredAt?.replace(/:\d+$/, ''), resume?.places)
      : undefined
    this.recorder = new Recorder(() => this.clock.now(), this.files, resume?.events, this.#listener(options))
    this.injector = new Injector(plan, scenario.faults, this.recorder, resume?.injector, draw)
    const record = (event: Unstamped) => this.recorder.record(event)
    this.ledger = new Ledger(record, resume?.ledger)
    this.ids = new IssuedIds(resume?.ids)
    this.services = new Services({
      ...agent,
      record,
      now: () => this.clock.now(),
      sleep: (ms) => this.clock.sleepOn(ms),
      wiretap: this.wiretap,
      reserved: scenario.providers.flatMap(({ origins }) => origins),
    })
    this.spans = telemetry && new telemetry.SpanCapture(this.clock, agent.crossings, resume?.spans ?? undefined)
    this.#remembered = resume?.sessions ?? {}
    if (!resume) return
    this.#state = deserialize(Buffer.from(resume.state, 'base64'))
    this.services.restore(resume.services)
    if (resume.dir !== null) this.files.adopt(resume.dir)
  }

  /** What is entered with the trial, for those who watch in the sandbox. */
  get guests(): ReadonlyMap<string, unknown> {
    return new Map([filesGuest.as(this.files), ...(this.spans ? [this.spans.guest] : [])])
  }

  /** What the agent tells, prints and begins is noted from now on; returns the undo. For while the trial is entered. */
  watch(): () => void {
    const undo = [this.spans?.register(), this.#console?.enter(), this.#places?.enter()]
    return () => {
      for (const step of undo.reverse()) step?.()
    }
  }

  /** What stands beside the trace, where it is kept: what was printed, and where calls were made. */
  beside(thrown?: unknown): Beside {
    const output = this.#console?.output
    const places = this.#places?.places(this.recorder.events, thrown)
    return { ...(output && { console: this.#portable(output) }), ...(places && { places }) }
  }

  #portable({ lines, omitted }: ConsoleOutput): ConsoleOutput {
    if (!this.files.made) return { lines, omitted }
    return { lines: lines.map((line) => ({ ...line, text: this.files.portable(line.text) })), omitted }
  }

  #catchConsole({ resume, onPrint }: TrialWorldOptions): ConsoleCapture {
    const now = () => this.clock.now()
    const events = () => this.recorder.events.length
    return new ConsoleCapture({ now, events, before: resume?.console, onLine: onPrint })
  }

  #listener({ onEvent }: TrialWorldOptions): ((event: TraceEvent) => void) | undefined {
    const places = this.#places
    if (!places) return onEvent
    return (event) => {
      onEvent?.(event)
      places.note(event, this.recorder.events.length - 1)
    }
  }

  /** The outside world's memory. */
  get state(): unknown {
    return this.#state
  }

  /** Whether the task was called off, be it while an earlier start of the agent ran. */
  get cancelled(): boolean {
    return this.recorder.events.some(({ kind }) => kind === 'cancel')
  }

  /** Records what the agent has not let go of. Tools and services that are still at work may have set it themselves. */
  noteLeftRunning(toolsBusy: boolean): void {
    if (toolsBusy || this.services.busy) return
    for (const left of this.clock.heldTimers()) this.recorder.record({ kind: 'left-running', ...left })
  }

  /** Makes the outside world's memory, in the time and chance of the trial. */
  begin(state: () => unknown): void {
    this.#state = state()
  }

  /** The other end of an API's line, which remembers what a crashed agent has forgotten. */
  session({ provider, api }: Pick<RouteTaken, 'provider' | 'api'>): ProviderSession {
    const key = `${provider.name}/${api}`
    const known = this.#sessions.get(key)
    if (known) return known
    const opened = provider.apis[api]?.open(this.#remembered[key])
    if (!opened) throw new Error(`the provider ${provider.name} has no API ${api}`)
    this.#sessions.set(key, opened)
    return opened
  }

  /** For the process in which the agent is started as `attempt`. Throws a `UserError` where the state is no plain data. */
  snapshot(attempt: number): WorldSnapshot {
    return {
      attempt,
      clock: this.clock.snapshot(),
      events: this.recorder.events,
      injector: this.injector.snapshot(),
      ledger: this.ledger.snapshot(),
      state: serializeState(this.state),
      services: this.services.snapshot(),
      ids: this.ids.snapshot(),
      dir: this.files.made ? this.files.dir : null,
      sessions: {
        ...this.#remembered,
        ...Object.fromEntries([...this.#sessions].map(([key, session]) => [key, session.snapshot()])),
      },
      ...(this.wire && { wire: this.wire }),
      ...this.beside(),
      spans: this.spans?.snapshot() ?? null,
    }
  }
}

function serializeState(state: unknown): string {
  try {
    return serialize(state).toString('base64')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError(`state: expected plain data, for a hard crash moves it to another process; ${why}`)
  }
}
