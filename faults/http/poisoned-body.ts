import { defineFault } from '../fault.js'
import { poisonParams } from '../params/instruction.js'

export const poisonedBody = defineFault({
  name: 'http/poisoned-body',
  summary: 'The service does what was asked, and the text of its answer ends with an instruction to the model.',
  class: 'deceptive',
  boundaries: ['http'],
  params: poisonParams,
  action: ({ token }) => ({ kind: 'poison', token }),
})
