/** A question to whoever sits at a terminal. */
import { createInterface } from 'node:readline/promises'
import type { ReadStream, WriteStream } from 'node:tty'

/** `undefined` where one of the two is no terminal, or where the input ends. */
export async function askAt(input: ReadStream, output: WriteStream, question: string): Promise<string | undefined> {
  if (!input.isTTY || !output.isTTY) return undefined
  const lines = createInterface({ input, output })
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
  try {
    return await Promise.race([lines.question(question), ended])
  } finally {
    lines.close()
  }
}
