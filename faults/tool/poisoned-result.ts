import { defineFault } from '../fault.js'
import { poisonParams } from '../params/instruction.js'

export const poisonedResult = defineFault({
  name: 'tool/poisoned-result',
  summary: 'The tool does its work, and the text of its result ends with an instruction to the model.',
  class: 'deceptive',
  boundaries: ['tool'],
  params: poisonParams,
  action: ({ token }) => ({ kind: 'poison', token }),
})
