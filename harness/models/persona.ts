/**
 * What a simulated model does when a tool has failed: weights for what models are seen to do. Apart from `script.ts`,
 * because a user describes a persona and a script only obeys it.
 */

/** What is done about a failed call. */
export type Reaction = 'retry' | 'reword' | 'giveUp' | 'chooseAnother' | 'insist'

/** Weights, of which only the ratios count, and limits. */
export interface Persona {
  /** Calls again with the same input. */
  readonly retry: number
  /** Calls again with free text put in other words; ids, amounts and short strings stay as they are. */
  readonly reword: number
  /** Ends its turn and says that it could not be done. */
  readonly giveUp: number
  /**
   * Tries another tool on offer whose name says that it only looks something up, and then the step's own again. Where
   * there is none, it retries: a write that nobody asked for would count against the agent.
   */
  readonly chooseAnother: number
  /** Calls again with the same input, and from then on never gives up this step. */
  readonly insist: number
  /** Failures of one step after which it gives up; `Infinity` for never. */
  readonly attemptsMax: number
  /** Gives up at once where a result says `recoverable: false`. */
  readonly heedsRecoverable: boolean
}

const typical: Persona = {
  retry: 0.6,
  reword: 0.25,
  giveUp: 0.05,
  chooseAnother: 0.05,
  insist: 0.05,
  attemptsMax: 4,
  heedsRecoverable: true,
}

const never = { retry: 0, reword: 0, giveUp: 0, chooseAnother: 0, insist: 0 } as const

/** What a scripted model does when a tool has failed: four personas, for `script(steps, personas.timid)`. */
export const personas = {
  /** Mostly retries, sometimes in other words, gives up after four failures or when told that it is of no use. */
  typical,
  /** Always calls again with the same input and never gives up. */
  insistent: { ...never, insist: 1, attemptsMax: Number.POSITIVE_INFINITY, heedsRecoverable: false },
  /** Gives up at the first failure. */
  timid: { ...never, giveUp: 1, attemptsMax: 1, heedsRecoverable: true },
  /** Typical, but does not heed `recoverable: false`. */
  heedless: { ...typical, heedsRecoverable: false },
} as const satisfies Readonly<Record<string, Persona>>

/** One failure of a step, as far as the persona is concerned. */
export interface StepFailure {
  /** The result said that trying again is of no use. */
  readonly final: boolean
  /** Names the draw; the same label gives the same reaction in the same trial. */
  readonly label: string
}

/** How the persona takes a step's failures, the last one now. Pure in the failures and the draws. */
export function react(persona: Persona, failures: readonly StepFailure[], random: (label: string) => number): Reaction {
  const last = failures.at(-1)
  if (!last) return 'retry'
  if (last.final && persona.heedsRecoverable) return 'giveUp'
  const earlier = failures.slice(0, -1)
  if (persona.insist > 0 && earlier.some(({ label }) => drawReaction(persona, random(label)) === 'insist'))
    return 'insist'
  return failures.length >= persona.attemptsMax ? 'giveUp' : drawReaction(persona, random(last.label))
}

const reactions = ['retry', 'reword', 'giveUp', 'chooseAnother', 'insist'] as const satisfies readonly Reaction[]

function drawReaction(persona: Persona, draw: number): Reaction {
  const total = reactions.reduce((sum, reaction) => sum + persona[reaction], 0)
  let left = draw * total
  for (const reaction of reactions) {
    left -= persona[reaction]
    if (left < 0) return reaction
  }
  return 'retry'
}
