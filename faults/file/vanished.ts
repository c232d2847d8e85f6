import { defineFault } from '../fault.js'

export const vanished = defineFault({
  name: 'file/vanished',
  summary: 'A file that was there a moment ago is gone: somebody else removed it, and using it fails with ENOENT.',
  class: 'definite',
  boundaries: ['file'],
  needs: ['lookup'],
  params: {},
  action: () => ({ kind: 'vanish' }),
})
