import { defineFault } from '../fault.js'

export const badRequest = defineFault({
  name: 'tool/bad-request',
  summary: 'The tool answers 400 and does nothing; the same call will never succeed.',
  class: 'definite',
  boundaries: ['tool'],
  params: {},
  action: () => ({ kind: 'reject', code: 'bad-request' }),
})
