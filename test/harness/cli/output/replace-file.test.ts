/** A file is replaced as a whole or not at all, whatever stands at its path. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkReplaceable, replaceFile } from '../../../../harness/cli/output/replace-file.js'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-chaos-replace-'))
  file = join(folder, 'report.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('replaceFile', () => {
  it('writes a new file, in a folder that it makes, and leaves nothing else', () => {
    const deep = join(folder, 'a', 'b', 'report.json')
    replaceFile(deep, 'ü')

    expect(readFileSync(deep, 'utf8')).toBe('ü')
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['report.json'])
  })

  it('puts another file in place of the former one, with its permissions', () => {
    writeFileSync(file, 'former')
    chmodSync(file, 0o640)
    const { ino } = statSync(file)
    replaceFile(file, 'new')

    expect(readFileSync(file, 'utf8')).toBe('new')
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(statSync(file).ino).not.toBe(ino)
    expect(readdirSync(folder)).toEqual(['report.json'])
  })

  it.each([true, false])('follows a symbolic link, where something is at its end: %s', (isThere) => {
    mkdirSync(join(folder, 'results'))
    const target = join(folder, 'results', 'latest.json')
    if (isThere) writeFileSync(target, 'former')
    symlinkSync('results/latest.json', file)
    replaceFile(file, 'new')

    expect(readFileSync(target, 'utf8')).toBe('new')
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readlinkSync(file)).toBe('results/latest.json')
    expect(readdirSync(join(folder, 'results'))).toEqual(['latest.json'])
  })

  it('takes a name that is as long as a name can be', () => {
    const long = join(folder, 'x'.repeat(255))
    replaceFile(long, 'new')

    expect(readFileSync(long, 'utf8')).toBe('new')
  })

  it('writes to a device, and puts nothing in its place', () => {
    replaceFile('/dev/null', 'new')

    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    expect(() => replaceFile('/dev/full', 'new')).toThrow('ENOSPC')
  })

  it('leaves nothing behind where the new file cannot take its name', () => {
    mkdirSync(file)

    expect(() => replaceFile(file, 'new')).toThrow('EISDIR')
    expect(readdirSync(folder)).toEqual(['report.json'])
  })
})

describe('checkReplaceable', () => {
  it('makes the folder and no file', () => {
    checkReplaceable(join(folder, 'a', 'report.json'))

    expect(existsSync(join(folder, 'a'))).toBe(true)
    expect(readdirSync(join(folder, 'a'))).toEqual([])
  })

  it('leaves the former file as it is', () => {
    writeFileSync(file, 'former')
    checkReplaceable(file)

    expect(readFileSync(file, 'utf8')).toBe('former')
    expect(readdirSync(folder)).toEqual(['report.json'])
  })

  it.each([
    // Newer versions of Node say that the folder cannot be made.
    ['below a file', 'report.json/x', /ENOTDIR|EEXIST/],
    ['with a name that is too long', 'x'.repeat(300), /ENAMETOOLONG/],
    ['at a link to itself', 'loop', /ELOOP/],
  ])('throws for a path %s', (_what, path, code) => {
    writeFileSync(file, '')
    symlinkSync('loop', join(folder, 'loop'))

    expect(() => checkReplaceable(join(folder, path))).toThrow(code)
  })
})
