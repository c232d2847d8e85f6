/** Keys of a terminal one by one, as they are pressed. Ctrl-C is among them, for the terminal no longer makes a signal of it. */

/** Calls `listener` for every key from now on; returns its undo, or `undefined` where the input is no terminal. */
export function keysOf(input: NodeJS.ReadStream, listener: (key: string) => void): (() => void) | undefined {
  if (!input.isTTY) return undefined
  const onData = (text: string) => {
    for (const key of text) listener(key)
  }
  input.setRawMode(true).setEncoding('utf8').on('data', onData).resume()
  return () => {
    input.off('data', onData).setRawMode(false).pause()
  }
}
