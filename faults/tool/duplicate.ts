import { defineFault } from '../fault.js'
import { deliveredAgain } from '../params/lost.js'

export const duplicate = defineFault({
  name: 'tool/duplicate',
  summary: 'The same call is delivered more than once; the caller sees one answer.',
  class: 'indeterminate',
  boundaries: ['tool'],
  params: deliveredAgain,
  action: ({ times, gap }) => ({ kind: 'repeat', times, gapMs: gap }),
})
