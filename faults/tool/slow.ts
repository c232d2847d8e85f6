import { defineFault } from '../fault.js'
import { takesTime } from '../params/lost.js'

export const slow = defineFault({
  name: 'tool/slow',
  summary: 'The tool takes its time before it begins; it works, and answers in the end.',
  class: 'transient',
  boundaries: ['tool'],
  params: takesTime,
  action: ({ delay }) => ({ kind: 'delay', ms: delay }),
})
