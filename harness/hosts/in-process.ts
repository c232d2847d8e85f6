/** The agent in this process: in virtual time, its globals taken over for the trial, and started by a call. */
import { forAgent } from '../contracts/agent-error.js'
import { isAllowed } from '../contracts/allowed.js'
import type { AgentProcess, FollowOptions, Host, OpenHost, Stage } from '../contracts/host.js'
import { callSite } from '../contracts/place.js'
import { enter } from '../sandbox/ambient.js'
import { armBackground } from '../sandbox/background.js'
import { VirtualClock } from '../sandbox/clock.js'
import { Entropy } from '../sandbox/entropy.js'
import { drive } from '../sandbox/loop.js'
import { endingOpened } from '../sandbox/opened.js'
import { requireDrainingLoop, takeOver } from '../sandbox/process.js'
import { real } from '../sandbox/real.js'
import type { Ambient } from '../sandbox/shared.js'

/** Turns of the event loop in which an agent that was called off may clean up; no time passes in them. */
const turnsToStop = 3

export const inProcess: Host = {
  name: 'in-process',
  clock: 'virtual',
  prepare: requireDrainingLoop,
  open: (stage) => new InProcess(stage),
}

class InProcess implements OpenHost {
  readonly clock: VirtualClock
  readonly #stage: Stage
  #entropy: Entropy
  /** From when the trial is entered. */
  #ambient: { -readonly [K in keyof Ambient]: Ambient[K] } | undefined
  /** Ends what this start of the agent has opened: once it has crashed nobody uses its modules again. */
  #endOpened = () => {}
  #isAnew = false

  constructor(stage: Stage) {
    this.#stage = stage
    this.clock = new VirtualClock(stage.clock)
    this.#entropy = new Entropy(stage.seed)
  }

  enter(guests: ReadonlyMap<string, unknown>): () => void {
    const { environment, network, onExit, onUnhandled } = this.#stage
    const { allow } = network()
    this.#ambient = {
      clock: this.clock,
      entropy: this.#entropy,
      fetch: (input, init) => network().fetch(input, init),
      stray: (origin, by) => network().refuse(origin, by),
      allow,
      allows: (host, port) => isAllowed(allow, host, port),
      guests,
      exit: (code) => {
        onExit(code, callSite())
        throw forAgent(new Error(`the agent called process.exit(${code})`))
      },
    }
    const leave = enter(this.#ambient)
    const giveBack = takeOver(environment, onUnhandled)
    return () => {
      if (this.#isAnew) this.#endOpened()
      leave()
      giveBack()
    }
  }

  begin(attempt: number): AgentProcess {
    this.clock.processBegins()
    const { reloads = false } = this.#stage
    const isAnew = attempt > 1 && reloads
    this.#isAnew = isAnew
    // What modules set goes on with them.
    if (!isAnew) armBackground(this.clock)
    // The world stays that of the first modules, and so do their connections.
    if (reloads) this.#endOpened = endingOpened(isAnew ? 'too' : 'not')
    this.#entropy = new Entropy(this.#stage.seed, attempt)
    if (this.#ambient) this.#ambient.entropy = this.#entropy
    return {
      start: (context) => Promise.resolve().then(() => this.#stage.agent(context)),
      // While time, chance and network are still the trial's: what this wakes in the agent must not run into the next one.
      stop: async (abort) => {
        abort()
        for (let turn = 0; turn < turnsToStop; turn++) await new Promise((resolve) => real.setImmediate(resolve))
      },
      crash: () => {
        this.clock.processEnded()
        this.#endOpened()
      },
    }
  }

  follow(options: FollowOptions) {
    return drive({ clock: this.clock, ...options })
  }
}
