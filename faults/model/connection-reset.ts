import { defineFault } from '../fault.js'

export const connectionReset = defineFault({
  name: 'model/connection-reset',
  summary: 'The connection to the model API is reset before an answer comes.',
  class: 'transient',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'drop', when: 'before', symptom: 'reset', timeoutMs: 0 }),
})
