import { defineFault } from '../fault.js'

export const ioError = defineFault({
  name: 'file/io-error',
  summary: 'The disk fails: the call ends with EIO and leaves nothing of what it writes, which its caller cannot know.',
  class: 'indeterminate',
  boundaries: ['file'],
  params: {},
  action: () => ({ kind: 'tear', at: 0, code: 'io-error' }),
})
