import { defineFault } from '../fault.js'
import { deliveredAgain } from '../params/lost.js'

export const duplicate = defineFault({
  name: 'effect/duplicate',
  summary: 'The request for a change is delivered more than once; the caller sees one answer.',
  class: 'indeterminate',
  boundaries: ['effect'],
  params: deliveredAgain,
  action: ({ times, gap }) => ({ kind: 'repeat', times, gapMs: gap }),
})
