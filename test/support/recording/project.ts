/** A project that records its agent: the package as it was built, vendors' clients, and files of fixtures. */
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, execute, root } from '../cli/command.js'

const installed = ['@anthropic-ai', '@google', 'openai']

export function recordingProject(...fixtures: readonly string[]): string {
  const cwd = mkdtempSync(join(tmpdir(), 'agent-chaos-record-'))
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(root, join(cwd, 'node_modules/agent-chaos'))
  for (const name of installed) symlinkSync(join(root, 'node_modules', name), join(cwd, 'node_modules', name))
  writeFileSync(join(cwd, 'package.json'), '{"type":"module"}')
  for (const name of fixtures) cpSync(join(root, 'test/fixtures/recording', name), join(cwd, name))
  return cwd
}

/** Calls `record` with each of these, one after the other in one process. Files in them are relative to the project. */
export function runRecord(
  cwd: string,
  calls: readonly object[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const script = `
import { record } from 'agent-chaos'
for (const call of ${JSON.stringify(calls)}) {
  const { questions, requests } = await record(call).catch((error) => {
    console.error(error.message)
    process.exit(2)
  })
  console.log(questions, requests)
}
`
  writeFileSync(join(cwd, 'record.mjs'), script)
  return execute(process.execPath, ['record.mjs'], { cwd, env })
}
