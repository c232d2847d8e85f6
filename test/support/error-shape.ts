/** All that a program can see of an error, and of the errors that caused it, but for the accidents of one connection. */

export interface Shape {
  /** From its class up to `Error`. */
  readonly classes: readonly string[]
  readonly tag: string
  readonly name: string
  readonly message: string
  /** The first line, which is what many a log keeps. */
  readonly stack: string
  readonly text: string
  /** Own properties by name, the message and the stack aside; those that are enumerable are marked with `+`. */
  readonly own: Readonly<Record<string, unknown>>
  /** What `code` is, also where a prototype has it. */
  readonly code: unknown
  /** Symbols that any copy of a library knows, wherever they stand: some versions keep them on the prototype. */
  readonly marks: readonly string[]
}

/** Of a value that is no error, the value. */
export function shapeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const shape: Shape = {
    classes: classesOf(error),
    tag: Object.prototype.toString.call(error),
    name: error.name,
    message: anywhere(error.message),
    stack: anywhere(String(error.stack).split('\n')[0] ?? ''),
    text: anywhere(String(error)),
    own: ownOf(error),
    code: Reflect.get(error, 'code'),
    marks: marksOf(error),
  }
  return shape
}

function ownOf(error: Error): Record<string, unknown> {
  const names = Object.getOwnPropertyNames(error).filter((key) => key !== 'message' && key !== 'stack')
  return Object.fromEntries(
    names.map((key) => {
      const mark = Object.prototype.propertyIsEnumerable.call(error, key) ? '+' : ''
      return [`${mark}${key}`, comparable(key, Reflect.get(error, key))]
    }),
  )
}

function comparable(name: string, value: unknown): unknown {
  if (value instanceof Error) return shapeOf(value)
  if (name === 'address') return 'ADDRESS'
  return name === 'port' ? typeof value : value
}

function marksOf(error: Error): string[] {
  const marks = new Set<string>()
  for (let at: object | null = error; at; at = Object.getPrototypeOf(at)) {
    for (const symbol of Object.getOwnPropertySymbols(at)) {
      const name = Symbol.keyFor(symbol)
      if (name !== undefined && Reflect.get(error, symbol) === true) marks.add(name)
    }
  }
  return [...marks].sort()
}

function classesOf(error: Error): string[] {
  const names: string[] = []
  for (let at = Object.getPrototypeOf(error); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    // Node's own classes of system errors call themselves by the name of their base.
    if (names.at(-1) !== at.constructor.name) names.push(at.constructor.name)
  }
  return names
}

function anywhere(message: string): string {
  return message.replace(/[\d.]+:\d+/, 'ADDRESS')
}
