/**
 * The page around the content. It holds all that it needs, and says so to the browser. Its policy lets no other script
 * run and no request leave, whatever a report might smuggle in.
 */
import { clientScript, styleSheet } from './assets.js'
import { type Html, html, ours } from './markup.js'

/** The document as text. */
export function page(title: string, content: Html): string {
  const [style, script] = [styleSheet(), clientScript()]
  const policy = [
    "default-src 'none'",
    `style-src '${style.hash}'`,
    `script-src '${script.hash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${ours(style.text)}</style>
</head>
<body>
${definitions}
<a class="skip" href="#content">Skip to the scenarios</a>
${content}
${ours(`<script>${script.text}</script>`)}
</body>
</html>
`
  return document.markup
}

/** What drawings refer to. */
const definitions = html`<svg class="definitions" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .5L8 4L0 7.5z"/></marker>
</defs></svg>`
