import { defineFault } from '../fault.js'
import { answerLost } from '../params/lost.js'

export const replyLost = defineFault({
  name: 'http/reply-lost',
  summary: 'The service does what was asked and its answer is lost: silence until the client gives up, or a reset.',
  class: 'indeterminate',
  boundaries: ['http'],
  params: { symptom: answerLost.symptom },
  action: ({ symptom }) => ({ kind: 'drop', when: 'after', symptom, timeoutMs: 0 }),
})
