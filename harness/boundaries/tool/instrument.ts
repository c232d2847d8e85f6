/**
 * Makes tools of any shape a boundary. They may be plain functions, objects with a method that runs them (`shapes.ts`),
 * and clients with `callTool`. Arrays and records of these are taken too. What comes back has the shape that came.
 */
import type { Json } from '../../../faults/json.js'
import type { ErrorShapes } from '../../contracts/agent.js'
import { type Crossings, never } from '../../contracts/crossing.js'
import { carryOut } from '../calls/carry-out.js'
import { textOf } from '../calls/failures.js'
import { parse } from '../calls/plain.js'
import { type AnyFunction, askedBy, isGenerator, ownNameOf, runnersOf } from './shapes.js'

export class ToolBoundary {
  readonly #crossings: Crossings
  readonly #errors: ErrorShapes
  readonly #via: 'throw' | 'return'
  /** Deliveries under way, by the tool call that they belong to; and the call whose code is on the stack right now. */
  readonly #open = new Map<number, number>()
  #running: number | null = null
  /** Names of the tools that were made a boundary, called or not. */
  readonly names = new Set<string>()

  constructor(crossings: Crossings, errors: ErrorShapes, via: 'throw' | 'return') {
    this.#crossings = crossings
    this.#errors = errors
    this.#via = via
  }

  /** The tool call that an effect belongs to: the one on the stack, or the only one under way; otherwise unknown. */
  readonly current = (): number | null => {
    if (this.#running !== null) return this.#running
    const [only] = this.#open.keys()
    return this.#open.size === 1 && only !== undefined ? only : null
  }

  /** Whether a tool is at work, be it one whose answer nobody waits for any more. */
  get busy(): boolean {
    return this.#open.size > 0
  }

  /** The same tools, each call of them a crossing of `tool:NAME`. A function without a name is called `tool`. */
  readonly instrument = <T>(tools: T): T => this.#instrument(tools, undefined) as T

  #instrument(tools: unknown, name: string | undefined): unknown {
    if (typeof tools === 'function')
      return this.#wrapFunction(tools as AnyFunction, undefined, name ?? (tools.name || 'tool'))
    if (typeof tools !== 'object' || tools === null) return tools
    if (Array.isArray(tools)) return tools.map((tool) => this.#instrument(tool, undefined))
    const methods = this.#wrapMethods(tools, name)
    if (methods) return withMethods(tools, methods)
    if (tools instanceof Map)
      return new Map([...tools].map(([key, tool]) => [key, this.#instrument(tool, String(key))]))
    if (isPlain(tools))
      return Object.fromEntries(Object.entries(tools).map(([key, tool]) => [key, this.#instrument(tool, key)]))
    // A value among tools is not ours to change; an instance in their place has them as its methods.
    return name === undefined ? withMethods(tools, this.#wrapInstance(tools)) : tools
  }

  /** Every method of an instance, each a tool of its name. */
  #wrapInstance(instance: object): Record<string, AnyFunction> {
    const methods: Record<string, AnyFunction> = {}
    for (let at = instance; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
        if (key === 'constructor' || typeof value !== 'function' || Object.hasOwn(methods, key)) continue
        methods[key] = this.#wrapFunction(value as AnyFunction, instance, key)
      }
    }
    return methods
  }

  #wrapMethods(tool: object, name: string | undefined): Record<string, AnyFunction> | undefined {
    const member = tool as Record<string, unknown>
    if (typeof member.callTool === 'function')
      return { callTool: this.#wrapClient(member.callTool as AnyFunction, tool) }
    const found = runnersOf(member, name !== undefined)
    if (found.length === 0) return undefined
    const called = ownNameOf(member, name)
    return Object.fromEntries(
      found.map((runner) => [runner, this.#wrapFunction(member[runner] as AnyFunction, tool, called)]),
    )
  }

  #wrapFunction(run: AnyFunction, self: unknown, name: string): AnyFunction {
    this.names.add(name)
    return makeAlike(run, (...args) =>
      isGenerator(run, args)
        ? this.#stream(name, args, run, self)
        : this.#call(name, askedBy(args), () => Reflect.apply(run, self, args)),
    )
  }

  /** What a tool tells on its way is handed on when its work is over: whether a fault strikes is known by then. */
  async *#stream(name: string, args: readonly never[], run: AnyFunction, self: unknown): AsyncGenerator {
    const reports: unknown[] = []
    const result = await this.#call(name, askedBy(args), async () => {
      const steps = Reflect.apply(run, self, args) as AsyncGenerator
      for (;;) {
        const { done, value } = await steps.next()
        if (done) return value
        reports.push(value)
      }
    })
    yield* reports
    return result
  }

  /** A client of the Model Context Protocol, `callTool({ name, arguments })`, or one that is handed a list of calls. */
  #wrapClient(callTool: AnyFunction, self: unknown): AnyFunction {
    const one = (args: readonly unknown[]) => {
      const request = args[0] as ClientCall | undefined
      return this.#call(String(request?.name), [request?.arguments], () => Reflect.apply(callTool, self, args))
    }
    const each = async (asked: readonly ClientCall[], more: readonly unknown[]) => {
      const run = (call: ClientCall) =>
        this.#call(String(call.name), [call.args], () => Reflect.apply(callTool, self, [[call], ...more]))
      return (await Promise.all(asked.map(run))).flat()
    }
    return makeAlike(callTool, (...[first, ...more]: unknown[]) =>
      Array.isArray(first) ? each(first, more) : one([first, ...more]),
    )
  }

  async #call(name: string, args: readonly unknown[], run: () => unknown): Promise<unknown> {
    const asked = inputTextOf(args)
    const crossing = this.#crossings.open('tool', {
      target: name,
      request: { kind: 'call', arguments: argumentsOf(asked) },
      identity: this.#crossings.identityOf(asked),
      argument: () => args[0],
      traits: [],
      parent: null,
    })
    return carryOut<unknown>(crossing, this.#crossings, {
      target: name,
      errors: this.#errors,
      via: this.#via,
      execute: () => this.#execute(crossing.number, run),
    })
  }

  async #execute(number: number, run: () => unknown): Promise<unknown> {
    // A tool is the agent's own code: what of it had not begun when the agent crashed never does.
    if (this.#crossings.frozen) return never()
    this.#open.set(number, (this.#open.get(number) ?? 0) + 1)
    try {
      return await this.#onStack(number, run)
    } finally {
      const left = (this.#open.get(number) ?? 1) - 1
      if (left > 0) this.#open.set(number, left)
      else this.#open.delete(number)
    }
  }

  #onStack(number: number, run: () => unknown): unknown {
    const outer = this.#running
    this.#running = number
    try {
      return run()
    } finally {
      this.#running = outer
    }
  }
}

/** A call as clients are handed it. */
interface ClientCall {
  readonly name?: unknown
  readonly arguments?: unknown
  readonly args?: unknown
}

/** As JSON. Tools are mostly given one object; context that frameworks add behind it is no part of what is asked. */
function inputTextOf(args: readonly unknown[]): string {
  const [first] = args
  return textOf(typeof first === 'object' && first !== null ? [first] : args)
}

/** Arguments that JSON cannot hold are named together. */
function argumentsOf(asked: string): readonly Json[] {
  const given = parse(asked)
  return Array.isArray(given) ? (given as readonly Json[]) : [given]
}

/**
 * The same object with some methods replaced. A plain object is copied, so that spreading and JSON see it as it was.
 * Anything else is a proxy, so that private fields and `instanceof` go on working.
 */
function withMethods(tool: object, methods: Record<string, AnyFunction>): object {
  if (isPlain(tool)) return { ...tool, ...methods }
  return new Proxy(tool, {
    get(target, property) {
      if (typeof property === 'string' && Object.hasOwn(methods, property)) return methods[property]
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' && property !== 'constructor' ? value.bind(target) : value
    },
    set: (target, property, value) => Reflect.set(target, property, value, target),
  })
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** `wrapper` with the name, the length and whatever else `original` carries: agents find a tool by them. */
function makeAlike(original: AnyFunction, wrapper: AnyFunction): AnyFunction {
  for (const key of Reflect.ownKeys(original)) {
    if (key === 'prototype' || key === 'arguments' || key === 'caller') continue
    Object.defineProperty(wrapper, key, Object.getOwnPropertyDescriptor(original, key) ?? {})
  }
  return wrapper
}
