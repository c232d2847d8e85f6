/**
 * `jiti test/bench/measuring/serve-main.ts MODULE [ARGUMENT...]`: runs the sides of a module when it is told to: `NAME TIMES`, a line for each. It
 * reads by blocking, for a process whose event loop always has something to wait for runs no trials.
 */
import { readSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { timeWork } from './cost.js'
import type { Sides } from './process.js'

const answersFd = 3
/** What came due while it was blocked, such as connections that were idle for too long, is done with first. */
const settleMs = 20
const [file = '', ...args] = process.argv.slice(2)
const { sides } = (await import(file)) as { readonly sides: Sides }
const works = await sides(...args)

for (let line = readLine(); line !== ''; line = readLine()) {
  const [name = '', times = ''] = line.split(' ')
  const work = works[name]
  if (!work) throw new Error(`${file} has no side ${name}: expected one of ${Object.keys(works).join(', ')}`)
  await sleep(settleMs)
  writeSync(answersFd, `${JSON.stringify(await timeWork(work, Number(times)))}\n`)
}
process.exit()

/** Empty where there is none any more. */
function readLine(): string {
  const buffer = Buffer.alloc(1)
  let line = ''
  while (readSync(0, buffer) === 1 && buffer[0] !== 10) line += buffer.toString('latin1')
  return line
}
