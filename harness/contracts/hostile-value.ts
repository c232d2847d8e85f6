/** Reads of what an agent made: a proxy's trap or a getter may throw, and that must cost the agent no more than the value. */

/** What `read` gives; `otherwise` where it throws. */
export function readOr<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** A field of a value of any kind; `undefined` where there is none, and where it cannot be read. */
export function fieldOf(value: unknown, name: string): unknown {
  return readOr(() => Reflect.get(Object(value), name) as unknown, undefined)
}

/** The stack of an error; `undefined` of what is none. */
export function stackOf(error: unknown): unknown {
  return readOr(() => (error instanceof Error ? error.stack : undefined), undefined)
}
