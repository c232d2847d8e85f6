/** A file is seen as it was or as it is to be, and never between. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeWhole } from '../../../scenarios/agent/atomic-file.js'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'atomic-file-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('writeWhole', () => {
  it('takes the place of the file that was there, and leaves no draft', async () => {
    writeFileSync(join(dir, 'report.md'), 'old')
    await writeWhole(join(dir, 'report.md'), 'new')
    expect(readFileSync(join(dir, 'report.md'), 'utf8')).toBe('new')
    expect(readdirSync(dir)).toEqual(['report.md'])
  })

  it('takes the place of a draft that a crash left', async () => {
    writeFileSync(join(dir, 'report.md.draft'), 'a longer draft that was torn in the midd')
    await writeWhole(join(dir, 'report.md'), 'new')
    expect(readdirSync(dir)).toEqual(['report.md'])
    expect(readFileSync(join(dir, 'report.md'), 'utf8')).toBe('new')
  })

  it('rejects, and leaves nothing behind, where it cannot write', async () => {
    await expect(writeWhole(join(dir, 'missing', 'report.md'), 'new')).rejects.toMatchObject({ code: 'ENOENT' })
    expect(readdirSync(dir)).toEqual([])
  })
})
