/** The command that replays one trial in a fresh process, quoted for a shell. */
export function replayCommand(file: string, seed: number, plan: string, repaired = false): string {
  const variant = repaired ? ' --repaired' : ''
  return `npx agent-chaos replay ${quote(file.startsWith('-') ? `./${file}` : file)}${variant} --seed ${seed} --plan ${quote(plan, true)}`
}

/** Single quotes keep everything as it is but themselves. */
function quote(text: string, always = false): string {
  if (!always && /^[\w./@-]+$/.test(text)) return text
  return `'${text.replaceAll("'", `'\\''`)}'`
}
