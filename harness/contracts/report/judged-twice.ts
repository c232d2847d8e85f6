/** The contract of judging twice: what a process that never ran the agent made of trials which others had judged. */
import { z } from 'zod'

const count = z.int().nonnegative()

const difference = z
  .object({
    invariant: z.string(),
    said: z.string().describe('By the process in which the agent ran: the kind of verdict, and which bug.'),
    again: z.string().describe('By the one in which it never did, of the same trace.'),
    counted: z
      .enum(['held', 'vacuous', 'violated', 'inconclusive'])
      .describe('The kind of verdict that counts; it is never a pass.'),
    trials: count.describe('How many show it; plan and seed are those of the one with the shortest plan.'),
    plan: z.string(),
    seed: z.int(),
    changed: z.array(z.string()).describe('What the agent had changed by then: built-ins of the language.'),
  })
  .describe('Two processes judged one trace by one invariant, and not alike.')

export const judgedTwiceSchema = z
  .object({
    trials: count.describe('How many were judged again.'),
    unanswered: count.describe('How many should have been, and the process that judges ended over it.'),
    leftOut: z
      .array(z.string())
      .describe('Invariants that were not judged again in some trial: they go by a state that is no plain data.'),
    differences: z.array(difference),
  })
  .describe('How trials were judged again, by a process that never ran the agent. It grows with shards and workers.')

/** What came of judging trials again, where the agent never ran. */
export type JudgedTwice = z.infer<typeof judgedTwiceSchema>
/** Two processes judged one trace by one invariant, and not alike. */
export type JudgedDifference = JudgedTwice['differences'][number]

/** Of parts of one run. */
export function joinJudged(parts: readonly JudgedTwice[]): JudgedTwice {
  const joined = new Map<string, JudgedDifference>()
  for (const one of parts.flatMap(({ differences }) => differences)) {
    const key = differenceKey(one)
    const known = joined.get(key)
    joined.set(key, known ? { ...smaller(known, one), trials: known.trials + one.trials } : one)
  }
  return {
    trials: parts.reduce((sum, { trials }) => sum + trials, 0),
    unanswered: parts.reduce((sum, { unanswered }) => sum + unanswered, 0),
    leftOut: [...new Set(parts.flatMap(({ leftOut }) => leftOut))].sort(),
    differences: [...joined].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, one]) => one),
  }
}

/** By the shorter plan, so that it does not matter which trial ended first. */
function smaller(left: JudgedDifference, right: JudgedDifference): JudgedDifference {
  const [one, other] = [left, right].map(({ plan, seed }) => [plan.length, plan, seed] as const)
  return one && other && isBefore(other, one) ? right : left
}

function isBefore(left: readonly (string | number)[], right: readonly (string | number)[]): boolean {
  const at = left.findIndex((part, index) => part !== right[index])
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0)
}

/** Equal keys are one difference, that several trials show. */
function differenceKey({ invariant, said, again, counted }: JudgedDifference): string {
  return [invariant, said, again, counted].join('\n')
}
