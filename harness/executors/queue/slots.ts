/** The processes of one machine that run ranges of one run, each a range at a time. */
import type { Executors, OpenExecutor, ScenarioSource } from '../../contracts/executor.js'
import { namedSecretsIn } from '../../contracts/named-secrets.js'
import { formsOfSecret, redacted } from '../../contracts/secret-forms.js'
import { type RangeResult, rebase, type TrialRange } from './protocol.js'

/** Holds the scenario that it ran last: ranges of one scenario come one after the other. */
interface Slot {
  readonly number: number
  loaded?: { readonly source: ScenarioSource; readonly executor: OpenExecutor; readonly id: string }
}

export interface SlotsOptions {
  readonly executors: Executors
  readonly count: number
  /** Of the machine and this process. */
  readonly name: string
  /** The folder of the run here, and on the machine that leads it. */
  readonly root: string
  readonly rootThere: string
  /** What trials have put into the environment since it was asked last. */
  readonly takeSecrets: () => readonly string[]
}

export class Slots {
  readonly #options: SlotsOptions
  readonly #free: Slot[]
  #loads = 0

  constructor(options: SlotsOptions) {
    this.#options = options
    this.#free = Array.from({ length: options.count }, (_, number) => ({ number }))
  }

  /** Rejects with a `UserError` where the scenario cannot be loaded here. */
  async run({ source, specs }: TrialRange): Promise<RangeResult> {
    const at = this.#free.findIndex(({ loaded }) => loaded && isSame(loaded.source, source))
    const [slot] = this.#free.splice(Math.max(0, at), 1)
    if (!slot) throw new Error('more ranges than were asked for')
    try {
      const { executor, id } = await this.#load(slot, source)
      const records = await executor.run(specs)
      const changes = (await executor.changes?.()) ?? []
      const sum = executor.judgedTwice?.()
      const { name, root, rootThere, takeSecrets } = this.#options
      const result: RangeResult = {
        by: name,
        records: records.flatMap((record) => record ?? []),
        judged: sum && [id, sum],
        changes,
        secrets: takeSecrets(),
      }
      return rebase(withoutOwnSecrets(result), root, rootThere)
    } finally {
      this.#free.push(slot)
    }
  }

  close(): void {
    for (const { loaded } of this.#free) loaded?.executor.close()
    this.#options.executors.close()
  }

  async #load(slot: Slot, source: ScenarioSource): Promise<NonNullable<Slot['loaded']>> {
    if (slot.loaded && isSame(slot.loaded.source, source)) return slot.loaded
    slot.loaded?.executor.close()
    delete slot.loaded
    const executor = await this.#options.executors.open(source, () => 1)
    slot.loaded = { source, executor, id: `${this.#options.name}/${++this.#loads}` }
    return slot.loaded
  }
}

function isSame(one: ScenarioSource, other: ScenarioSource): boolean {
  return one.file === other.file && one.digest === other.digest
}

/** What the environment of this machine holds is not to reach the server. Whoever leads the run cannot know it, and so cannot hide it. */
function withoutOwnSecrets(result: RangeResult): RangeResult {
  const forms = namedSecretsIn(process.env).flatMap(formsOfSecret)
  const text = JSON.stringify(result)
  const found = forms.filter((form) => text.includes(form)).sort((left, right) => right.length - left.length)
  if (found.length === 0) return result
  return JSON.parse(found.reduce((rest, form) => rest.replaceAll(form, redacted), text)) as RangeResult
}
