import { defineFault } from '../fault.js'

export const accessDenied = defineFault({
  name: 'file/access-denied',
  summary: 'The file is refused with EACCES before anything is changed; the same call will never succeed.',
  class: 'definite',
  boundaries: ['file'],
  params: {},
  action: () => ({ kind: 'tear', at: 0, code: 'access-denied' }),
})
