/**
 * How output may look on a stream: the width, colour and characters that it can show. Colour follows NO_COLOR
 * (https://no-color.org), FORCE_COLOR and the terminal, in this order; an option goes before them all.
 */
import type { StyleOptions } from '../../../reports/index.js'
import type { Io, Sink } from '../context.js'

const widthDefault = 80
const widthLeast = 60
const widthMost = 140

export function appearanceOf(sink: Sink, env: Io['env'], colorAsked?: boolean): StyleOptions {
  return { width: widthOf(sink, env), color: colorAsked ?? usesColor(sink, env), unicode: usesUnicode(env) }
}

function widthOf(sink: Sink, env: Io['env']): number {
  const columns = sink.columns ?? Number(env.COLUMNS)
  return columns > 0 ? Math.min(widthMost, Math.max(widthLeast, Math.floor(columns))) : widthDefault
}

function usesColor(sink: Sink, env: Io['env']): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return sink.isTTY && env.TERM !== 'dumb'
}

/** By the locale; where none is set, as in most containers, UTF-8 is what is there. */
function usesUnicode(env: Io['env']): boolean {
  if (env.TERM === 'dumb' || env.TERM === 'linux') return false
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  if (locale === 'C' || locale === 'POSIX') return false
  return !locale.includes('.') || /utf-?8/i.test(locale)
}
