import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SourceMaps } from '../../../../harness/observe/places/source-maps.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Its first line is the fourth of its source. */
const map = JSON.stringify({ version: 3, sources: ['../src/agent.ts'], names: [], mappings: 'AAGA' })

function compile(name: string, ending: string): string {
  const file = join(folder, name)
  writeFileSync(file, `pay()\n${ending}`)
  return file
}

const frameIn = (file: string) => ({ file, line: 1, column: 1, name: 'pay' })
const source = { file: join(folder, '../src/agent.ts'), line: 4, column: 1, name: 'pay' }

describe('a frame in a compiled file', () => {
  it('leads to the source by a map beside the file', () => {
    writeFileSync(join(folder, 'beside.js.map'), map)
    const file = compile('beside.js', '//# sourceMappingURL=beside.js.map\n')
    expect(new SourceMaps().sourceOf(frameIn(file))).toEqual(source)
  })

  it.each([
    ['in base64', `application/json;base64,${Buffer.from(map).toString('base64')}`],
    ['as text', `application/json,${encodeURIComponent(map)}`],
  ])('leads to the source by a map within the file, %s', (how, data) => {
    const file = compile(`within-${how.length}.js`, `//# sourceMappingURL=data:${data}\n`)
    expect(new SourceMaps().sourceOf(frameIn(file))).toEqual(source)
  })

  it('leads to a source on a drive, which is no address', () => {
    const drive = map.replace('../src/agent.ts', 'D:/src/agent.ts')
    const file = compile('drive.js', `//# sourceMappingURL=data:application/json,${encodeURIComponent(drive)}\n`)
    expect(new SourceMaps().sourceOf(frameIn(file))).toEqual({ ...source, file: normalize('D:/src/agent.ts') })
  })

  it.each([
    ['no map is named', ''],
    ['the map is not there', '//# sourceMappingURL=missing.js.map'],
    ['the map is none', '//# sourceMappingURL=data:application/json,nonsense'],
  ])('stays where it is if %s', (_, ending) => {
    const frame = frameIn(compile('without.js', ending))
    expect(new SourceMaps().sourceOf(frame)).toEqual(frame)
  })

  it('stays where it is if the file itself is not there', () => {
    const frame = frameIn(join(folder, 'nowhere.js'))
    expect(new SourceMaps().sourceOf(frame)).toEqual(frame)
  })
})
