/**
 * `npm run same -- BEFORE.json AFTER.json [--allow FILE]`: exits 1 where two result files of the same command differ in more
 * than their traces. FILE is a JSON array of `{ "where": PATH, "because": REASON }`: what differs on purpose.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Allowance, differencesBetween, judge, type Results } from './differences.js'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { allow: { type: 'string' } } })
const [before, after, ...more] = positionals
if (before === undefined || after === undefined || more.length > 0) {
  console.error('expected two result files: npm run same -- BEFORE.json AFTER.json [--allow FILE]')
  process.exit(2)
}

const read = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T
const allowances = values.allow === undefined ? [] : read<Allowance[]>(values.allow)
const differences = differencesBetween(read<Results>(before), read<Results>(after))
const { unexplained, idle } = judge(differences, allowances)
for (const { where, before, after } of unexplained) console.log(`${where}: ${before} -> ${after}`)
for (const { where } of idle) console.log(`${where}: allowed to differ, and does not`)
console.log(`${differences.length - unexplained.length} differences on purpose, ${unexplained.length} others`)
process.exit(unexplained.length + idle.length > 0 ? 1 : 0)
