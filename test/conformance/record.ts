/** What the trace of a trial would say of one crossing, which is treated as told. */
import type { Action } from '../../faults/action.js'
import type { Crossings, OpenCrossing } from '../../harness/contracts/crossing.js'
import { shortDigest } from '../../harness/contracts/digest.js'
import type { Endpoint, Exchange } from '../../harness/contracts/transport.js'
import type { VirtualClock } from '../../harness/sandbox/clock.js'
import { treatmentOf } from './actions.js'

export class Record implements Crossings {
  /** Of the agent's process; all of it ends together. */
  frozen = false
  readonly events = []
  /** In order, each with its virtual time. */
  readonly lines: string[] = []
  readonly #action: Action | undefined
  readonly #clock: VirtualClock

  constructor(action: Action | undefined, clock: VirtualClock) {
    this.#action = action
    this.#clock = clock
  }

  readonly open: Crossings['open'] = (_boundary, opening) => {
    this.#note('call', { target: opening.target, request: opening.request, traits: opening.traits })
    const crossing: OpenCrossing<'model'> = {
      number: 0,
      treatment: treatmentOf(this.#action) as never,
      endingClass: 'unknown',
      strike: (which = 'all') => this.#note('struck', which),
      finish: (outcome, reply) => this.#note('return', { outcome, reply }),
    }
    return crossing as never
  }

  readonly digest: Crossings['digest'] = shortDigest
  readonly portable: Crossings['portable'] = (text) => text
  readonly identityOf: Crossings['identityOf'] = shortDigest
  readonly record: Crossings['record'] = (event) => this.#note('record', event)
  readonly sleep: Crossings['sleep'] = (ms) => this.#clock.sleepOn(ms)
  readonly jumpClock: Crossings['jumpClock'] = (ms) => this.#note('jump', ms)
  readonly cancel: Crossings['cancel'] = () => this.#note('cancel', true)
  readonly kill: Crossings['kill'] = (ms) => this.#note('kill', ms)
  readonly crash: Crossings['crash'] = () => {
    this.#note('crash', true)
    this.frozen = true
    this.#clock.processEnded()
  }

  /** The endpoint, with how each exchange was settled on record. */
  watch(endpoint: Endpoint): Endpoint {
    const watch = (exchange: Exchange): Exchange => ({
      ...exchange,
      settle: (how) => {
        this.#note('settled', how)
        exchange.settle(how)
      },
    })
    return (request) => {
      const answer = endpoint(request)
      return answer instanceof Promise ? answer.then(watch) : watch(answer)
    }
  }

  #note(what: string, facts: unknown): void {
    this.lines.push(`${this.#clock.now()} ${what} ${JSON.stringify(facts)}`)
  }
}
