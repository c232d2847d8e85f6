/** Proves that paths are told alike on every system, whatever separators it has. */
import { posix, win32 } from 'node:path'
import { describe, expect, it } from 'vitest'
import { namesOf, userFrames } from '../../../harness/contracts/place.js'
import { shorten, shownPath } from '../../../harness/contracts/shown-path.js'

describe('a path', () => {
  it.each([
    [posix, '/home/shop', '/home/shop/scenarios/refund.chaos.ts'],
    [win32, 'C:\\shop', 'C:\\shop\\scenarios\\refund.chaos.ts'],
    [win32, 'C:\\shop', 'c:\\shop\\scenarios/refund.chaos.ts'],
  ])('is told from the folder, with slashes', (path, cwd, file) => {
    expect(shownPath(file, cwd, path)).toBe('scenarios/refund.chaos.ts')
  })

  it('of another folder or drive is still one that leads there', () => {
    expect(shownPath('/home/other/a.ts', '/home/shop', posix)).toBe('../other/a.ts')
    expect(shownPath('D:\\a.ts', 'C:\\shop', win32)).toBe('D:/a.ts')
    expect(shownPath('/home/shop', '/home/shop', posix)).toBe('/home/shop')
  })
})

describe('a place', () => {
  it.each([
    [posix, '/home/shop', '/home/shop/src/agent.ts:7', 'src/agent.ts:7'],
    [win32, 'C:\\shop', 'C:\\shop\\src\\agent.ts:7', 'src/agent.ts:7'],
    [win32, 'C:\\shop', 'C:/shop/src/agent.ts:7', 'src/agent.ts:7'],
    // A terminal may name the drive otherwise than a module does.
    [win32, 'c:\\shop', 'C:\\shop\\src\\agent.ts:7', 'src/agent.ts:7'],
    [win32, 'C:\\shop', 'C:\\shopping\\agent.ts:7', 'C:\\shopping\\agent.ts:7'],
    [win32, 'C:\\shop', 'D:\\shop\\agent.ts:7', 'D:\\shop\\agent.ts:7'],
    [posix, '/home/shop', '/home/shop/..src/agent.ts:7', '..src/agent.ts:7'],
    [posix, '/home/shop', '/home/agent.ts:7', '/home/agent.ts:7'],
    [posix, '/home/shop', 'plan:1:7', 'plan:1:7'],
  ])('is told from the folder, with slashes', (path, cwd, where, told) => {
    expect(shorten(where, cwd, path)).toBe(told)
  })

  it('is read from a stack by path or by address, of either system', () => {
    const stack = [
      'Error: here',
      '    at pay (C:\\shop\\src\\agent.ts:7:3)',
      '    at file:///home/my%20shop/b.mjs:2:1',
      '    at pay (file:///D:/shop/c.mjs:3:1)',
      '    at file://elsewhere/d.mjs:4:1',
    ].join('\n')
    expect(userFrames(stack)).toEqual([
      { file: 'C:\\shop\\src\\agent.ts', line: 7, column: 3, name: 'pay' },
      { file: '/home/my shop/b.mjs', line: 2, column: 1, name: undefined },
      { file: 'D:\\shop\\c.mjs', line: 3, column: 1, name: 'pay' },
      { file: '\\\\elsewhere\\d.mjs', line: 4, column: 1, name: undefined },
    ])
  })
})

describe("this package's own folder", () => {
  it('is known in each way in which a stack may name it, on either system', () => {
    expect(namesOf('file:///D:/my%20shop/dist/')).toEqual([
      'file:///D:/my%20shop/dist/',
      'D:\\my shop\\dist\\',
      'D:/my shop/dist/',
    ])
    expect(namesOf('file:///home/shop/dist/')).toEqual(['file:///home/shop/dist/', '/home/shop/dist/'])
  })
})
