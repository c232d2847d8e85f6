/**
 * What an agent may spend in one task, judged call by call. It cannot know beforehand what a call will cost, but it can
 * know what those before it did, and not make a further one.
 */

import { asksModel, isMadeByAgentAlone, runsTool } from '../contracts/boundary.js'
import type { SpendLimits } from '../contracts/budget.js'
import type { Usage } from '../contracts/conversation.js'
import type { Invariant } from '../contracts/invariant.js'
import { type Price, type Prices, priceOf, usdOf } from '../contracts/prices.js'
import { type Crossing, siteName, type Trace } from '../contracts/trace.js'
import { held, inconclusive, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { type AgentAttempt, attemptsOf } from './reading/attempts.js'
import { othersUnderWay } from './reading/flows.js'
import { atLeast, eachOf, mandatory, recordOf, taking } from './reading/options.js'
import { inOrderOfCompletion } from './reading/outcomes.js'
import { turnsIn } from './reading/run-limits.js'
import { becauseUnseen } from './reading/unseen-tools.js'
import { weightiest } from './reading/weightiest.js'

/** Limits on one trial: calls, turns, tokens, US dollars, virtual seconds. What is left out has no limit. */
export interface BudgetLimits extends SpendLimits {
  /** Requests to the model, retries included. */
  readonly modelCalls?: number
  /** Calls of tools, retries included. */
  readonly toolCalls?: number
  /** In US dollars for a million tokens, by the beginning of a model's name; they go before the provider's list. */
  readonly prices?: Prices
}

type Unit = Exclude<keyof BudgetLimits, 'prices'>
type Judge = (allowed: number, trace: Trace, attempt: AgentAttempt, prices: Prices | undefined) => Verdict

/** The agent makes no further call once a limit is spent. Time is monotonic: a jump of the wall clock is no excuse. */
export const withinBudget = taking(
  'withinBudget',
  {
    turns: atLeast(0),
    modelCalls: atLeast(0),
    toolCalls: atLeast(0),
    tokens: atLeast(0),
    usd: atLeast(0),
    seconds: atLeast(0),
    prices: eachOf(
      recordOf({
        input: mandatory(atLeast(0), 'US dollars for a million tokens'),
        output: mandatory(atLeast(0), 'US dollars for a million tokens'),
      }),
    ),
  },
  (limits: BudgetLimits): Invariant => {
    const given = units.flatMap((unit) => {
      const allowed = limits[unit]
      return allowed === undefined ? [] : [{ unit, allowed }]
    })
    const named = given.map(({ unit, allowed }) => amount(allowed, unit)).join(', ')
    return {
      name: 'within-budget',
      ...(given.length === 0 && { idle: 'no limit was given' }),
      kind: 'safety',
      outcome: true,
      promise:
        `No call begins that spends of what is used up${named && `, of ${named}`}: a limit is exceeded by the calls in ` +
        'flight at most. Retries of a question to the model are no turns, whichever model is asked.',
      antecedent:
        'A limit was reached. Turns and calls count when they begin, tokens and dollars when an answer has arrived whole.',
      remedy: 'Look at the budget before each call, and stop before it is exceeded.',
      example:
        'The agent added up its tokens at the end of every turn, and a turn was over when a whole answer had come. The ' +
        'answers broke off, the turn never ended, and it asked for the same long answer until the month was paid for.',
      exemptions: {
        'in-flight': 'Of tokens and dollars: the question had been asked when the answer came that reached the limit.',
        'broken-off': 'Of tokens and dollars: of an answer that broke off the agent does not learn what it cost.',
        'another-flow':
          'Of tokens and dollars: the question was asked in the very instant of that answer, one for each other flow that was ' +
          'under way.',
        'same-instant': 'Of seconds: the call began in the very instant in which the time was up.',
        'after-the-answer': 'Of seconds: what the world still does when the agent has answered.',
        restart: 'What the agent had counted is gone with a crash.',
      },
      check: (trace) => {
        const attempts = attemptsOf(trace)
        const verdicts = given.flatMap(({ unit, allowed }) =>
          attempts.map((attempt) => judges[unit](allowed, trace, attempt, limits.prices)),
        )
        return weightiest(verdicts, sayUntested(given, trace))
      },
    }
  },
)

interface Given {
  readonly unit: Unit
  readonly allowed: number
}

/** Why nothing was put to the test, and how near it came. */
function sayUntested(given: readonly Given[], trace: Trace): Verdict {
  const far = given.map(({ unit, allowed }) => ({ unit, allowed, spent: spentOf(trace, unit) }))
  const parts = far.map(({ unit, allowed, spent }) =>
    spent ? `${amount(allowed, unit)} (it got to ${Number(spent.toFixed(6))})` : amount(allowed, unit),
  )
  const because = given.length === 0 ? 'no limit was given' : `no limit was reached: ${parts.join(', ')}`
  const near = Math.max(0, ...far.map(({ allowed, spent }) => (allowed > 0 ? (spent ?? 0) / allowed : 0)))
  const isOfTools = given.some(({ unit }) => unit === 'toolCalls')
  return vacuous(isOfTools ? becauseUnseen(because, trace) : because, near)
}

/** In the whole trial. */
function spentOf({ spend }: Trace, unit: Unit): number | null {
  return unit === 'tokens' ? spend.inputTokens + spend.outputTokens : spend[unit]
}

const judges: Readonly<Record<Unit, Judge>> = {
  turns: countLimit('turns', turnsIn),
  modelCalls: countLimit('modelCalls', (crossings) => crossings.filter(({ call }) => asksModel(call.site))),
  toolCalls: countLimit('toolCalls', (crossings) => crossings.filter(({ call }) => runsTool(call.site))),
  tokens: costLimit('tokens', ({ inputTokens, outputTokens }) => inputTokens + outputTokens),
  usd: costLimit('usd', (usage, price) => (price ? usdOf(usage, price) : undefined)),
  seconds: judgeTime,
}
const units = Object.keys(judges) as Unit[]

const names: Readonly<Record<Unit, string>> = {
  turns: 'turns',
  modelCalls: 'requests to the model',
  toolCalls: 'tool calls',
  tokens: 'tokens',
  usd: 'usd',
  seconds: 'seconds',
}

function amount(count: number, unit: Unit): string {
  return `${Number(count.toFixed(6))} ${names[unit]}`
}

function overspending(
  unit: Unit,
  spent: number,
  allowed: number,
  later: Crossing,
  evidence: readonly number[],
): Verdict {
  const story = `The agent called ${siteName(later.call.site)} when ${amount(spent, unit)} had been spent; ${allowed} are allowed.`
  return violated(unit, story, evidence)
}

/** What counts by beginning: the agent itself is who begins it. */
function countLimit(unit: Unit, counted: (crossings: readonly Crossing[]) => readonly Crossing[]): Judge {
  return (allowed, _trace, { crossings }) => {
    const calls = counted(crossings)
    const later = calls[allowed]
    if (later) return overspending(unit, allowed, allowed, later, [later.callIndex])
    return calls.length === allowed ? held : vacuous('the limit was not reached')
  }
}

/** What counts by the answers that have come. `chargeOf` gives `undefined` where the price is not known. */
function costLimit(unit: Unit, chargeOf: (usage: Usage, price: Price | null) => number | undefined): Judge {
  return (allowed, _trace, { crossings }, prices) => {
    const questions = crossings.filter(({ call }) => asksModel(call.site))
    let spent = 0
    let reached = false
    for (const answered of inOrderOfCompletion(questions)) {
      const { reply, outcome } = answered.result ?? {}
      if (!reply || outcome?.kind !== 'ok') continue
      const model = answered.call.site.target
      const charge = chargeOf(reply.usage, (prices && priceOf(model, prices)) ?? reply.price)
      if (charge === undefined) return inconclusive(`no price is known of the model ${JSON.stringify(model)}`)
      spent += charge
      if (spent < allowed) continue
      reached = true
      const later = firstKnowing(questions, answered, crossings)
      if (later) return overspending(unit, spent, allowed, later, [answered.resultIndex, later.callIndex])
    }
    return reached ? held : vacuous('the limit was not reached')
  }
}

/** The first question whose asker must have heard the answer: in that instant each other flow may not have. */
function firstKnowing(
  questions: readonly Crossing[],
  answered: Crossing,
  crossings: readonly Crossing[],
): Crossing | undefined {
  let excused = othersUnderWay(answered, crossings)
  return questions.find(
    ({ call, callIndex }) => callIndex > answered.resultIndex && !(call.at === answered.result?.at && excused-- > 0),
  )
}

/** In the very instant in which the time is up, it is up for one flow before the other. */
function judgeTime(allowed: number, { events }: Trace, { from, to, crossings }: AgentAttempt): Verdict {
  const beganAt = from === 0 ? 0 : (events[from]?.at ?? 0)
  const isUp = (at: number) => at - beganAt > allowed * 1_000
  const later = crossings.find(({ call }) => isUp(call.at) && isMadeByAgentAlone(call.site))
  if (later) return overspending('seconds', (later.call.at - beganAt) / 1_000, allowed, later, [later.callIndex])
  const mine = events.slice(from, to)
  const last = mine.find((event) => event.kind === 'claim') ?? mine.at(-1)
  return last && isUp(last.at) ? held : vacuous('the limit was not reached')
}
