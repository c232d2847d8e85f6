import { defineFault } from '../fault.js'

export const accessDenied = defineFault({
  name: 'file/access-denied',
  summary: 'The write is refused with EACCES before it changes anything; the same write will never succeed.',
  class: 'definite',
  boundaries: ['file'],
  params: {},
  action: () => ({ kind: 'tear', at: 0, code: 'access-denied' }),
})
