/** Proves that the doctor tells what a system cannot do, and nothing of it where it can all. */
import { expect, it } from 'vitest'
import { platformNotes } from '../../../../harness/cli/doctor/checks.js'

const notesOn = (platform: NodeJS.Platform) => platformNotes(platform).map(({ kind, text }) => `${kind} ${text}`)

it.each([
  ['linux', []],
  ['darwin', [/processor/]],
  ['win32', [/processor/, /--memory-max/, /not ended with its worker/, /temporary files/, /cmd takes quotes/]],
] as const)('on %s', (platform, patterns) => {
  const notes = notesOn(platform)
  expect(notes).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)))
  for (const note of notes) expect(note).toMatch(new RegExp(`^note ${platform}: `))
})
