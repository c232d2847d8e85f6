import { defineFault } from '../fault.js'
import { answerLost } from '../params/lost.js'

export const replyLost = defineFault({
  name: 'tool/reply-lost',
  summary: 'The tool runs and its answer is lost: the caller sees a timeout or a reset although the work was done.',
  class: 'indeterminate',
  boundaries: ['tool'],
  params: answerLost,
  action: ({ symptom, timeout }) => ({ kind: 'drop', when: 'after', symptom, timeoutMs: timeout }),
})
