import { defineFault } from '../fault.js'

export const unavailable = defineFault({
  name: 'tool/unavailable',
  summary: 'The tool answers 503 and does nothing; the same call may succeed later.',
  class: 'transient',
  boundaries: ['tool'],
  params: {},
  action: () => ({ kind: 'reject', code: 'unavailable' }),
})
