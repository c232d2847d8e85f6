/** Replaces functions of the platform and puts them back: the one place that knows how to do either faithfully. */

export type Callable = (this: unknown, ...args: unknown[]) => unknown

/** Replacements that are taken back together. */
export class Patches {
  readonly #undo: (() => void)[] = []
  readonly #stubs = new Map<Callable, Callable>()

  /**
   * Replaces the function `owner[key]` by what `make` makes of it; does nothing where this Node has no such function.
   * The stub takes over the original's own properties, name, length and `util.promisify` forms included. A function that
   * is found in two places becomes one stub.
   */
  replace(owner: object, key: PropertyKey, make: (original: Callable) => Callable): void {
    const original: unknown = Reflect.get(owner, key)
    if (typeof original !== 'function') return
    const known = this.#stubs.get(original as Callable)
    const stub = known ?? mimic(make(original as Callable), original)
    this.#stubs.set(original as Callable, stub)
    this.define(owner, key, { value: stub })
  }

  /** Redefines `owner[key]`, keeping what `change` does not mention. */
  define(owner: object, key: PropertyKey, change: PropertyDescriptor): void {
    const before = Object.getOwnPropertyDescriptor(owner, key)
    Object.defineProperty(owner, key, { ...(before ?? { writable: true, configurable: true }), ...change })
    this.#undo.push(() => {
      // Left alone where somebody else has replaced it since: their undo is theirs, and ours only passes on.
      const now = Object.getOwnPropertyDescriptor(owner, key)
      if (now?.value !== change.value || now?.get !== (change.get ?? before?.get)) return
      if (before) Object.defineProperty(owner, key, before)
      else Reflect.deleteProperty(owner, key)
    })
  }

  undo(): void {
    for (const step of this.#undo.splice(0).reverse()) step()
    this.#stubs.clear()
  }
}

function mimic(stub: Callable, original: object): Callable {
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key)
    if (descriptor && Object.getOwnPropertyDescriptor(stub, key)?.configurable !== false) {
      Object.defineProperty(stub, key, descriptor)
    }
  }
  return stub
}
