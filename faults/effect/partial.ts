import { defineFault } from '../fault.js'
import { answerLost } from '../params/lost.js'

export const partial = defineFault({
  name: 'effect/partial',
  summary: 'The first steps of a change are applied, the rest is not, and no answer comes.',
  class: 'indeterminate',
  boundaries: ['effect'],
  needs: ['steps'],
  params: {
    steps: { kind: 'integer', doc: 'how many steps are applied', min: 1, max: 100, default: 1 },
    ...answerLost,
  },
  action: ({ steps, symptom, timeout }) => ({ kind: 'partial', steps, symptom, timeoutMs: timeout }),
})
