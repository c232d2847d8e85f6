/**
 * The shapes in which frameworks have tools: by which method a tool is run, what it is called, and where in the arguments
 * stands what the model asked for. Told by form alone, so that whatever has that form is understood too.
 */
import { parse } from '../calls/plain.js'

export type AnyFunction = (...args: never[]) => unknown

type Members = Readonly<Record<string, unknown>>

/** Methods that run a tool, whatever else an object has. */
const runners = ['execute', 'run', 'invoke', 'handler']
/** Methods that do so where the object is known to be a tool: many another object has one that is called so. */
const runnersOfTools = ['call', 'func', 'stream', 'callback']

const marks = ['description', 'inputSchema', 'input_schema', 'parameters', 'metadata']

/** `isNamed`: it stands in a record of tools. A record of tools may itself hold one that is called `run`. */
export function runnersOf(member: Members, isNamed: boolean): readonly string[] {
  const isTool = typeof member.name === 'string' || marks.some((mark) => mark in member)
  const candidates = isTool ? [...runners, ...runnersOfTools] : isNamed ? runners : []
  return candidates.filter((name) => typeof member[name] === 'function')
}

/** As it calls itself, or else by its key in the record of tools. */
export function ownNameOf({ name, metadata, id }: Members, key: string | undefined): string {
  const own = [name, (metadata as Members | undefined)?.name].find((each) => typeof each === 'string')
  return String(own ?? key ?? (typeof id === 'string' ? id : 'tool'))
}

/** Whether a call of it gives what it tells on its way, by its kind or by what it is called with. */
export function isGenerator(run: AnyFunction, args: readonly unknown[]): boolean {
  return Object.prototype.toString.call(run) === '[object AsyncGeneratorFunction]' || toolUseOf(args[0]) !== undefined
}

/** What is asked for, free of what a framework puts around it: the arguments as the tool itself would have them. */
export function askedBy(args: readonly unknown[]): readonly unknown[] {
  const [first, second] = args
  if (typeof first !== 'object' || first === null) return args
  const given = first as Members
  // A call as the model made it: `{ type: 'tool_call', name, id, args }`.
  if (given.type === 'tool_call' && 'args' in given) return [given.args]
  const use = toolUseOf(first)
  if (use) return [use.input]
  // The run first, and then the input as the model wrote it: `invoke(runContext, '{"orderId":"42"}')`.
  if (typeof second === 'string' && 'context' in given && 'usage' in given) return [parse(second)]
  // The input beside what belongs to the run: `execute({ context, runtimeContext })`.
  if ('context' in given && 'runtimeContext' in given) return [given.context]
  return args
}

/** What a tool is told of the call that it is to answer: `{ toolUse: { toolUseId, name, input }, ... }`. */
function toolUseOf(argument: unknown): { readonly input: unknown } | undefined {
  const use = (argument as { readonly toolUse?: unknown } | null | undefined)?.toolUse
  return typeof use === 'object' && use !== null && 'toolUseId' in use && 'input' in use ? use : undefined
}
