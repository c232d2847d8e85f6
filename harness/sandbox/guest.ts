/**
 * What a room above the sandbox has in the trial that is entered: the directory whose writes it watches, the spans that it
 * gathers. The sandbox keeps it and knows nothing of it. Found by name, for a process may load this package twice.
 */
import { shared } from './shared.js'

export interface Guest<T> {
  readonly name: string
  /** It, as `Ambient.guests` takes it. */
  as(value: T): readonly [string, T]
  /** That of the trial that is entered; `undefined` where there is no trial, or it has none. */
  current(): T | undefined
}

export function guest<T>(name: string): Guest<T> {
  return {
    name,
    as: (value) => [name, value],
    current: () => shared.ambient?.guests?.get(name) as T | undefined,
  }
}
