import { defineFault } from '../fault.js'
import { answerLost } from '../params/lost.js'

export const replyLost = defineFault({
  name: 'effect/reply-lost',
  summary: 'The change is applied and the acknowledgement is lost.',
  class: 'indeterminate',
  boundaries: ['effect'],
  params: answerLost,
  action: ({ symptom, timeout }) => ({ kind: 'drop', when: 'after', symptom, timeoutMs: timeout }),
})
