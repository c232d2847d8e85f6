/** Files that the runs themselves write must not keep a watch running for ever. */
import { describe, expect, it } from 'vitest'
import { Rewritten } from '../../../../harness/cli/watch/rewritten.js'

function note(rewritten: Rewritten, file: string): string {
  rewritten.runBegins()
  return rewritten.note(file)
}

describe('a file that changes during runs', () => {
  it('is heeded in two runs in a row, and not from the third on', () => {
    const rewritten = new Rewritten()
    const answers = [1, 2, 3, 4].map(() => note(rewritten, '/log'))
    expect(answers).toEqual(['heed', 'heed', 'first ignored', 'ignored'])
  })

  it('counts once for each run, however often it is written', () => {
    const rewritten = new Rewritten()
    rewritten.runBegins()
    expect([1, 2, 3, 4].map(() => rewritten.note('/log'))).toEqual(['heed', 'heed', 'heed', 'heed'])
  })

  it('is heeded again after a run that left it alone, and after somebody else wrote it', () => {
    const rewritten = new Rewritten()
    for (let run = 0; run < 3; run++) note(rewritten, '/log')
    rewritten.runBegins()
    expect(note(rewritten, '/log')).toBe('heed')
    note(rewritten, '/log')
    rewritten.forget('/log')
    expect(note(rewritten, '/log')).toBe('heed')
  })
})
