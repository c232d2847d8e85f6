/**
 * How much an agent puts up with, as data: one table by kind of task. Each member can be replaced alone, to fit a task
 * or to see what happens without it.
 */
import type Anthropic from '@anthropic-ai/sdk'
import { adviceMs, explain, failureIn, kindOf, type ToolError } from './failure.js'

export interface Policy {
  /** The most questions to the model in one task. */
  readonly turnsMax: number
  /** Failed tool calls, retries included, after which the task is given up. */
  readonly toolFailuresMax: number
  /** How often the same tool may give the same answer to the same input. */
  readonly repeatsMax: number
  /** How often a model that talks and does nothing is told to act. */
  readonly nudgesMax: number

  /** Tries at one call, the first included. Nothing below or above it retries as well, for then they would multiply. */
  readonly attemptsMax: number
  readonly firstPauseMs: number
  readonly pauseMsMax: number
  /** The failure that an answer tells of, which then is one, as if it had been thrown. */
  readonly failureIn: (answer: unknown) => Error | undefined
  /** Whether to try again after this error. */
  readonly mayPass: (error: unknown) => boolean
  /** Whether an error counts against the other side, so that enough of them open the circuit breaker before it. */
  readonly countsAgainst: (error: unknown) => boolean
  /** What the other side asks to wait. */
  readonly adviceMs: (error: unknown) => number

  /** How long the model may take to begin its answer, and to end it. */
  readonly answerBeginsMsMax: number
  readonly answerEndsMsMax: number
  /** Long answers are streamed. */
  readonly streams: boolean
  /** Whether an answer is all there, so that it may be acted on. */
  readonly isWhole: (message: Anthropic.Message) => boolean
  /** How long a tool may take. */
  readonly toolMsMax: number

  /** Failures in a row after which a dependency is left alone, and for how long. */
  readonly breakerAfter: number
  readonly breakerResetMs: number
  /** Whether a task waits while the model is left alone, or is given up at once because there is another way. */
  readonly waitsForModel: boolean

  /** The idempotency key of a change; asked for at every attempt, so it must be the same each time. */
  readonly keyFor: (change: string, revision: number) => string | undefined
  /** How the model is told of a failed tool call. */
  readonly explain: (error: unknown) => unknown
  /** Whether what can be undone is undone when the task has failed. */
  readonly undoes: boolean
}

const patienceMs = 600_000

const usual: Policy = {
  turnsMax: 10,
  toolFailuresMax: 5,
  repeatsMax: 3,
  nudgesMax: 2,

  attemptsMax: 4,
  firstPauseMs: 500,
  pauseMsMax: 20_000,
  failureIn,
  // Whoever is to stay away for longer gives up: to come back early would be refused again.
  mayPass: (error) => kindOf(error) !== 'definite' && adviceMs(error) <= patienceMs,
  // A refusal says that the other side works.
  countsAgainst: (error) => kindOf(error) !== 'definite',
  adviceMs,

  answerBeginsMsMax: 10_000,
  answerEndsMsMax: 40_000,
  streams: false,
  isWhole: ({ stop_reason }) => stop_reason !== null && stop_reason !== 'max_tokens',
  toolMsMax: 15_000,

  breakerAfter: 3,
  breakerResetMs: 30_000,
  waitsForModel: true,

  keyFor: (change, revision) => (revision === 1 ? change : `${change}:${revision}`),
  explain: (error): ToolError => explain(error),
  undoes: true,
}

/** What is a lot for an errand is little for research: the thresholds belong to the kind of task. */
export const policies = {
  /** A few calls with consequences: better given up early and honestly than tried for long. */
  errand: usual,
  /** Many small calls, any of which may fail. */
  round: { ...usual, turnsMax: 16, toolFailuresMax: 12 },
  /** Much reading and long answers; there is another source where one fails. */
  research: {
    ...usual,
    turnsMax: 25,
    toolFailuresMax: 15,
    attemptsMax: 5,
    breakerResetMs: 10_000,
    streams: true,
    answerEndsMsMax: 120_000,
  },
  /** One of many, behind which the next is waiting, and which a person can take over. */
  ticket: { ...usual, turnsMax: 6, toolFailuresMax: 4, breakerResetMs: 10_000, waitsForModel: false },
} as const satisfies Readonly<Record<string, Policy>>
