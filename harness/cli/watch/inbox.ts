/** What reaches a watch, whatever it is doing: changed files, keys and the wish to end, kept until they are taken. */

export interface News {
  readonly changed: readonly string[]
  /** What was asked for by a key. */
  readonly asked: 'all' | 'failed' | undefined
  readonly ends: boolean
}

const nothing: News = { changed: [], asked: undefined, ends: false }

export class Inbox {
  #news = nothing
  #arrival: Promise<void> | undefined
  #arrive: (() => void) | undefined

  put({ changed = [], asked, ends = false }: Partial<News>): void {
    const { changed: before, asked: askedBefore, ends: endsBefore } = this.#news
    this.#news = { changed: [...before, ...changed], asked: asked ?? askedBefore, ends: ends || endsBefore }
    this.#arrive?.()
  }

  /** Resolves as soon as there is something to take. */
  waitForNews(): Promise<void> {
    if (this.#news !== nothing) return Promise.resolve()
    this.#arrival ??= new Promise((resolve) => {
      this.#arrive = resolve
    })
    return this.#arrival
  }

  take(): News {
    const news = this.#news
    this.#news = nothing
    this.#arrival = undefined
    this.#arrive = undefined
    return news
  }
}
