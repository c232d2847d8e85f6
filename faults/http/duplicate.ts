import { defineFault } from '../fault.js'
import { deliveredAgain } from '../params/lost.js'

export const duplicate = defineFault({
  name: 'http/duplicate',
  summary: 'The same request is delivered to the service more than once; the client sees one answer.',
  class: 'indeterminate',
  boundaries: ['http'],
  params: deliveredAgain,
  action: ({ times, gap }) => ({ kind: 'repeat', times, gapMs: gap }),
})
