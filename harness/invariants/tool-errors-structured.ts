import { asksModel, runsTool } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { asksOf } from '../contracts/model-asks.js'
import { type ToolResult, toolResultsOf } from '../contracts/request.js'
import { reportsError } from '../contracts/tool-error.js'
import { toolDescribed } from '../contracts/tools-described.js'
import type { Crossing, EventOf, Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { attemptsOf } from './reading/attempts.js'
import { mayBeGivenUp } from './reading/flows.js'
import { recordOf, taking, text, texts } from './reading/options.js'
import { failureOf, tellsOfFailure } from './reading/outcomes.js'
import { becauseUnseen } from './reading/unseen-tools.js'
import { weightiest } from './reading/weightiest.js'

/** How the agent's tools mark a failure for the model. */
export interface ToolErrorShape {
  /** Names of the fields, a dot reaching into an object: `error.type`. */
  readonly fields?: {
    /** A text that names the kind of error; `error_type`. */
    readonly type?: string
    /** Whether trying again makes sense; `recoverable`. */
    readonly recoverable?: string
    /** What to do instead; `suggestion`. */
    readonly suggestion?: string
  }
  /** Fields by which a result says that it is a substitute, so that it hides no failure. */
  readonly substitutes?: readonly string[]
}

const substitutesDefault = ['degraded', 'stale', 'fallback', 'cached', 'partial'] as const

/**
 * A tool's failure tells the model three things: what it is, whether it passes, and what to do instead. Results that are failures in
 * words, without the mark, are not held to them.
 */
export const toolErrorsStructured = taking(
  'toolErrorsStructured',
  { fields: recordOf({ type: text, recoverable: text, suggestion: text }), substitutes: texts },
  ({ fields = {}, substitutes = substitutesDefault }: ToolErrorShape = {}): Invariant => {
    const { type = 'error_type', recoverable = 'recoverable', suggestion = 'suggestion' } = fields
    const shape: Shape = { type, recoverable, suggestion, substitutes }
    return {
      name: 'tool-errors-structured',
      kind: 'safety',
      promise:
        `What the model is told of a failed tool is JSON with a text "${type}", a boolean "${recoverable}" and a text ` +
        `"${suggestion}". It never passes for a success.`,
      antecedent:
        'The model was handed a result marked as failed, or the results of a turn in which every tool call failed. That ' +
        'an error is not recoverable is expected only where all of them failed for good.',
      remedy: 'Tell the model what failed, whether trying again may help, and what else to do.',
      example:
        'The payment tool failed with a stack trace, which went to the model as it was. The model could not tell a ' +
        'declined card from a timeout, tried the same call five more times and apologised for the delay.',
      exemptions: {
        'not-known':
          'Of a result that hides a failure: some call went well, or the agent did not make all that were asked for.',
        'said-in-words': 'The result tells of a failure in words, or says by a field that it is a substitute.',
        'not-all-for-good':
          'Of an error that is called recoverable: not every call failed for good, soon enough to be heard.',
        'not-on-offer': 'Of a result: the model had named a tool that is not on offer, so that no tool failed.',
        restart: 'The calls were made before a crash.',
      },
      check: (trace) => {
        const judged = turnsOf(trace).map((turn) => judge(turn, shape))
        const verdict = weightiest(judged, untested)
        return verdict === untested ? vacuous(becauseUnseen(untestedBecause, trace)) : verdict
      },
    }
  },
)

const untestedBecause = 'no failure of a tool was told to the model'
const untested = vacuous(untestedBecause)

interface Shape {
  readonly type: string
  readonly recoverable: string
  readonly suggestion: string
  readonly substitutes: readonly string[]
}

/** What the model asked for, what came of it, and the call that hands in the results. */
interface Turn {
  readonly call: EventOf<'call'>
  readonly callIndex: number
  readonly results: readonly ToolResult[]
  readonly asked: readonly string[]
  /** Tool calls that the agent made for it. */
  readonly runs: readonly Crossing[]
}

function turnsOf(trace: Trace): Turn[] {
  return attemptsOf(trace).flatMap(({ crossings }) => {
    const models = crossings.filter(({ call }) => asksModel(call.site))
    return models.flatMap(({ call, callIndex }) => {
      const before = models.findLast(
        (other) => other.resultIndex >= 0 && other.resultIndex < callIndex && other.result?.outcome.kind === 'ok',
      )
      const made = before ? asksOf(before).filter(({ tool }) => !isOnOffer(tool, before, models)) : []
      const results = toolResultsOf(call.request).filter(({ id }) => !made.some((ask) => ask.id === id))
      if (results.length === 0) return []
      const since = before?.resultIndex ?? Number.POSITIVE_INFINITY
      const runs = crossings.filter((each) => runsTool(each.call.site) && each.call.parent === null)
      return [
        {
          call,
          callIndex,
          results,
          asked: before ? asksOf(before).flatMap((ask) => (made.includes(ask) ? [] : [ask.tool])) : [],
          runs: runs.filter((run) => run.callIndex > since && run.callIndex < callIndex),
        },
      ]
    })
  })
}

/** Where the request says nothing of tools, every tool counts as on offer. */
function isOnOffer(tool: string, { call }: Crossing, models: readonly Crossing[]): boolean {
  if (call.request.kind !== 'model') return true
  const { digest } = call.request.tools
  const described = models.map(({ call: { request } }) => (request.kind === 'model' ? request.tools : undefined))
  const tools = described.find((part) => part?.digest === digest && part.value !== undefined)?.value
  return tools === undefined || toolDescribed(tools, tool) !== undefined
}

function judge(turn: Turn, shape: Shape): Verdict {
  const failed = turn.results.filter((result) => result.failed)
  const unstructured = failed.find(({ text }) => missingField(text, shape) !== undefined)
  if (unstructured) {
    const field = missingField(unstructured.text, shape) ?? ''
    return violated(`unstructured:${field}`, `The model was told of a failed tool without ${field}.`, [turn.callIndex])
  }
  const certain = isTotalFailure(turn)
  const masked = certain && turn.results.find((result) => !result.failed && !isAdmitted(result, shape))
  if (masked) {
    return violated('masked', 'Every tool call failed, and the model was handed a result that looks like a success.', [
      ...turn.runs.map(({ resultIndex }) => resultIndex),
      turn.callIndex,
    ])
  }
  const final = certain && turn.runs.every((run) => failureOf(run)?.class === 'definite' && !mayBeGivenUp(run))
  if (final && failed.some(({ text }) => fieldOf(text, shape.recoverable) === true)) {
    return violated('recoverable', 'The model was told that an error that is for good is recoverable.', [
      ...turn.runs.map(({ resultIndex }) => resultIndex),
      turn.callIndex,
    ])
  }
  return failed.length > 0 || certain ? held : untested
}

/** Every call that the model asked for was made and failed, so that there is no success to tell of. */
function isTotalFailure({ asked, runs, results, callIndex }: Turn): boolean {
  const hasEnded = (run: Crossing) =>
    run.resultIndex >= 0 && run.resultIndex < callIndex && failureOf(run) !== undefined
  if (asked.length === 0 || results.length > asked.length || !runs.every(hasEnded)) return false
  return asked.every((tool) => {
    const occurrences = new Set(runs.filter(({ call }) => call.site.target === tool).map(({ call }) => call.occurrence))
      .size
    return occurrences >= asked.filter((other) => other === tool).length
  })
}

/** What is missing of a structured error. */
function missingField(text: string, { type, recoverable, suggestion }: Shape): string | undefined {
  const isText = (path: string) => {
    const value = fieldOf(text, path)
    return typeof value === 'string' && value.trim() !== ''
  }
  if (!isText(type)) return type
  if (typeof fieldOf(text, recoverable) !== 'boolean') return recoverable
  return isText(suggestion) ? undefined : suggestion
}

function isAdmitted({ text }: ToolResult, { substitutes, type }: Shape): boolean {
  return (
    reportsError(text) ||
    tellsOfFailure(text) ||
    fieldOf(text, type) !== undefined ||
    substitutes.some((field) => Boolean(fieldOf(text, field)))
  )
}

function fieldOf(text: string, path: string): unknown {
  try {
    return path
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], JSON.parse(text))
  } catch {
    return undefined
  }
}
