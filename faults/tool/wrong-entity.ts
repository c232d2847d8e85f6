import { defineFault } from '../fault.js'

export const wrongEntity = defineFault({
  name: 'tool/wrong-entity',
  summary: 'The tool runs, and its caller is told what the last call about something else was told.',
  class: 'deceptive',
  boundaries: ['tool'],
  params: {},
  action: () => ({ kind: 'rewrite', edit: { kind: 'earlier', call: 'other' } }),
})
