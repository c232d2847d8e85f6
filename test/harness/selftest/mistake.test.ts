/** What a file says of its own mistake, however its comment is laid out. */
import { describe, expect, it } from 'vitest'
import { mistakeIn } from '../../../harness/selftest/mistake.js'

describe('the mistake of a canary', () => {
  it.each([
    ['/** Wrong on purpose: no key. */\nimport', 'no key'],
    ['/**\n * Wrong on purpose: a key\n * for nothing.\n */\nimport', 'a key for nothing'],
    ['/* It never gives up. */', 'It never gives up'],
    ['\n/** A 503. */\n/** Another. */', 'A 503'],
  ])('of %j is %j', (source, mistake) => {
    expect(mistakeIn(source)).toBe(mistake)
  })

  it.each(['', 'import x from "x"\n/** Later. */', '// A line.', '/** */'])('is not said by %j', (source) => {
    expect(mistakeIn(source)).toBeNull()
  })
})
