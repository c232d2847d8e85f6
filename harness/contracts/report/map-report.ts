/** The map in a report: how far each fault came at each site, and what was not tried at all. */
import { z } from 'zod'

const count = z.int().nonnegative()

export const coverageRow = z.object({
  site: z.string().describe('boundary:target'),
  fault: z.string(),
  phase: z
    .string()
    .exactOptional()
    .describe('Of a fault that can choose it: before, during or after the crossing. Such a fault has a row of each.'),
  state: z
    .enum(['not-tried', 'never-reached', 'reached', 'masked', 'struck'])
    .describe(
      'The furthest that any trial came. `not-tried`: it fits there, and no trial planned it. `reached`: the crossing ' +
        'came, and the fault had nothing to take hold of. `masked`: an earlier fault had ended the crossing.',
    ),
  planned: count.describe('Trials whose plan aimed the fault at the site.'),
  reached: count.describe('Of these, trials in which the planned crossing came.'),
  masked: count.describe('Of these, trials in which an earlier fault had ended the crossing.'),
  landed: count.describe('Of these, trials in which the fault took effect.'),
})

export const leftOut = z
  .object({
    kind: z.enum(['bound', 'selection', 'class', 'pairs', 'same', 'site']),
    what: z.string().describe('The class, the site, or the plans in words.'),
    plans: count.describe('How many plans that is, at the least; 0 where nobody can say before they are tried.'),
    option: z.string().describe('What would try them.'),
  })
  .describe('What the search did not try. `timing.trialMs` tells what a plan costs.')

/** How far one fault came at one site, in one phase. */
export type CoverageRow = z.infer<typeof coverageRow>
/** Something that the search did not try. */
export type LeftOut = z.infer<typeof leftOut>
