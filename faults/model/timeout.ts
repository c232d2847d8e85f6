import { defineFault } from '../fault.js'

export const timeout = defineFault({
  name: 'model/timeout',
  summary: 'The model API accepts the request and never answers; the client waits until its own timeout.',
  class: 'transient',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'drop', when: 'before', symptom: 'timeout', timeoutMs: 300_000 }),
})
