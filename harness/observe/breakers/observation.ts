/**
 * Listens to the breakers of one start of the agent, and writes what they tell into the trace. It belongs to the attempt:
 * breakers at module level outlive it, and must neither keep its listeners nor speak for a later one.
 */
import type { BreakerListener, Observe } from '../../contracts/breaker.js'
import type { Unstamped } from '../../contracts/crossing.js'
import { UserError } from '../../contracts/errors.js'
import { siteOf } from '../../contracts/site.js'
import { siteName } from '../../contracts/trace.js'
import { followCockatiel } from './cockatiel.js'
import { homeMadeHook } from './home-made.js'
import { followOpossum } from './opossum.js'

/** Listens until what it returns is called. */
type Follow = (report: BreakerListener) => () => void

export class BreakerObservation {
  readonly #record: (event: Unstamped) => void
  readonly #sites = new Set<string>()
  readonly #undo: (() => void)[] = []
  #ended = false

  /** `record` appends to the trace while the attempt runs. */
  constructor(record: (event: Unstamped) => void) {
    this.#record = record
  }

  readonly observe: Observe = {
    cockatiel: (breaker, site) => this.#follow(site, (report) => followCockatiel(breaker, report)),
    opossum: (breaker, site) => this.#follow(site, (report) => followOpossum(breaker, report)),
    breaker: (site, found) => homeMadeHook(this.#reportFor(site), found),
  }

  /** Takes all listeners off; what is asked to be observed afterwards is not. */
  end(): void {
    this.#ended = true
    for (const undo of this.#undo.splice(0)) undo()
  }

  #follow(site: string, follow: Follow): void {
    const report = this.#reportFor(site)
    if (!this.#ended) this.#undo.push(follow(report))
  }

  /** What several breakers tell of one site could not be told apart. */
  #reportFor(site: string): BreakerListener {
    const breaker = siteName(siteOf(site))
    if (this.#sites.has(breaker)) {
      throw new UserError(`observe: a breaker before ${breaker} is observed already; expected one for each site`)
    }
    this.#sites.add(breaker)
    return (news) => this.#record({ kind: 'breaker', breaker, ...news })
  }
}
