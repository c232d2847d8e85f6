import fs, { closeSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type ConsoleLine, lineMost, linesOf } from '../../../../harness/contracts/console.js'
import { ConsoleCapture } from '../../../../harness/observe/console/capture.js'

let at = 0
let leave = () => {}

function capturing(onLine?: (line: ConsoleLine) => void): ConsoleCapture {
  at = 0
  const capture = new ConsoleCapture({ now: () => at, events: () => at / 10, onLine })
  leave = capture.enter()
  return capture
}

/** Nobody is to read it in the output of the tests. */
function quietly<T>(action: () => T): T {
  const { write } = process.stdout
  process.stdout.write = () => true
  try {
    return action()
  } finally {
    process.stdout.write = write
  }
}

afterEach(() => leave())

const textsOf = (capture: ConsoleCapture) => capture.output?.lines.map(({ text }) => text)

describe('what is printed while it is caught', () => {
  it('is told with its time, its stream, and the events before it', () => {
    const heard: ConsoleLine[] = []
    const capture = quietly(() => {
      const made = capturing((line) => heard.push(line))
      console.log('a %s', 'b')
      at = 20
      console.error('c')
      return made
    })
    expect(capture.output?.lines).toEqual([
      { at: 0, after: 0, stream: 'stdout', text: 'a b' },
      { at: 20, after: 2, stream: 'stderr', text: 'c' },
    ])
    expect(heard).toEqual(capture.output?.lines)
  })

  it('is one line however many pieces it came in, and several where it holds line breaks', () => {
    const capture = quietly(() => {
      const made = capturing()
      for (const piece of ['on', 'e\ntw', 'o\r\n\n', 'three']) process.stdout.write(piece)
      return made
    })
    expect(textsOf(capture)).toEqual(['one', 'two', 'three'])
  })

  it('has no colours, and no more than the beginning of a line', () => {
    const capture = quietly(() => {
      const made = capturing()
      process.stdout.write(`\u001b[31mred\u001b[39m\n${'x'.repeat(lineMost + 1)}\n`)
      return made
    })
    expect(capture.output?.lines).toMatchObject([{ text: 'red' }, { text: 'x'.repeat(lineMost), cut: true }])
    expect(capture.output?.lines[0]).not.toHaveProperty('cut')
  })

  it('is caught from loggers that write to a descriptor, once, and not from files', () => {
    const file = openSync(join(tmpdir(), `agent-chaos-${process.pid}`), 'w')
    const { writeSync } = fs
    fs.writeSync = (() => 0) as typeof writeSync
    try {
      const capture = capturing()
      fs.writeSync(1, 'text\n')
      fs.writeSync(2, Buffer.from('-bytes-\n-'), 1, 7)
      fs.writeSync(file, 'elsewhere\n')
      expect(capture.output?.lines).toMatchObject([
        { stream: 'stdout', text: 'text' },
        { stream: 'stderr', text: 'bytes-' },
      ])
    } finally {
      leave()
      fs.writeSync = writeSync
      closeSync(file)
    }
  })

  it('is passed on as it came', () => {
    const passed: unknown[][] = []
    const { write } = process.stdout
    process.stdout.write = ((...args: unknown[]) => passed.push(args)) as unknown as typeof write
    try {
      capturing()
      process.stdout.write('a\n', 'utf8')
      expect(passed).toEqual([['a\n', 'utf8']])
      leave()
      process.stdout.write('b')
      expect(passed).toEqual([['a\n', 'utf8'], ['b']])
    } finally {
      process.stdout.write = write
    }
  })

  it('is kept at both ends where it is much, with how much is left out', () => {
    const capture = quietly(() => {
      const made = capturing()
      for (let line = 0; line < 1_000; line++) process.stdout.write(`${line}\n`)
      return made
    })
    const { output } = capture
    if (!output) throw new Error('nothing was caught')
    expect(output.omitted).toBe(800)
    expect(output.lines).toHaveLength(200)
    expect(linesOf(output).filter(({ leftOut }) => leftOut > 0)).toMatchObject([{ text: '900', leftOut: 800 }])
  })

  it('is nothing once the trial is left, nor where nothing was printed', () => {
    const capture = capturing()
    leave()
    quietly(() => process.stdout.write('late\n'))
    expect(capture.output).toBeUndefined()
  })
})
