import { defineFault } from '../fault.js'
import { takesTime } from '../params/lost.js'

export const slow = defineFault({
  name: 'model/slow',
  summary: 'The model takes its time before its answer begins; the answer is whole.',
  class: 'transient',
  boundaries: ['model'],
  params: takesTime,
  action: ({ delay }) => ({ kind: 'delay', ms: delay }),
})
