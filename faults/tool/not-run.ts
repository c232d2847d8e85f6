import { defineFault } from '../fault.js'
import { answerLost } from '../params/lost.js'

export const notRun = defineFault({
  name: 'tool/not-run',
  summary: 'The tool never runs and no answer comes: to the caller it looks the same as a lost answer.',
  class: 'indeterminate',
  boundaries: ['tool'],
  params: answerLost,
  action: ({ symptom, timeout }) => ({ kind: 'drop', when: 'before', symptom, timeoutMs: timeout }),
})
