/** Paths of temporary folders, whose length must not tell one trial from another. */
import { describe, expect, it } from 'vitest'
import {
  isTemporary,
  ownFolderPrefix,
  randomBytesInPath,
  temporaryPrefix,
  trialFolderIn,
} from '../../../harness/sandbox/temporary.js'

describe("the path of a trial's folder", () => {
  it('is as long for each trial, in a worker and without one', () => {
    const ofRun = temporaryPrefix() + 'ff'.repeat(randomBytesInPath)
    const paths = [...[1, 9, 10, 999_999].map((number) => trialFolderIn(ofRun, number)), `${ownFolderPrefix()}XXXXXX`]
    expect(new Set(paths).size).toBe(paths.length)
    expect(new Set(paths.map((path) => path.length)).size).toBe(1)
    expect(paths.every(isTemporary)).toBe(true)
  })
})
