import { defineFault } from '../fault.js'
import { answerLost } from '../params/lost.js'

export const requestLost = defineFault({
  name: 'http/request-lost',
  summary: 'The request never reaches the service: to the client it looks the same as a lost answer.',
  class: 'indeterminate',
  boundaries: ['http'],
  params: { symptom: answerLost.symptom },
  action: ({ symptom }) => ({ kind: 'drop', when: 'before', symptom, timeoutMs: 0 }),
})
