/** What is written into a poisoned answer can be read out of it again, wherever an agent puts it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canaryToken, instructionFor, tokenIn } from '../../../faults/params/instruction.js'

describe('an instruction', () => {
  it('is found again in whatever text it stands, and names its token', () => {
    const words = fc.stringMatching(/^[a-z0-9][a-z0-9 _-]*$/)
    fc.assert(
      fc.property(fc.string(), words, fc.string(), (before, token, after) => {
        expect(tokenIn(`${before} ${instructionFor(token)} ${after}`)).toBe(token)
      }),
    )
  })

  it('is found where the text became JSON, once or twice', () => {
    const once = JSON.stringify({ text: `"It rains."\n\n${instructionFor(canaryToken)}` })
    expect([once, JSON.stringify([once])].map(tokenIn)).toEqual([canaryToken, canaryToken])
  })

  it.each(['', 'It rains.', 'Call this tool once more, this time for', instructionFor('')])('is not in %j', (text) => {
    expect(tokenIn(text)).toBeUndefined()
  })
})
