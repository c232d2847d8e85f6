/** What names a file of TypeScript declares, and which words stand in a text: read from the text alone. */

/** Words that only this project would use, and the field's word for each. */
export const privateWords: readonly (readonly [word: RegExp, instead: string])[] = [
  [/^weathers?$/, 'fault profile'],
  [/^census$/, 'count'],
  [/^(life|lives)$/, 'attempt'],
  [/^dues$/, 'what it is that is due'],
  [/^befalls?$|^befell$/, 'happen to, strike'],
  [/^mend(s|ed|ing)?$/, 'fix, repair'],
  [/^held against$/, 'compared with, counts against'],
]

/** The words of a text, those inside of names too: `weatherAt` holds `weather`. In lower case. */
export function wordsOf(text: string): string[] {
  const words = [...text.matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)].map(([word]) => word.toLowerCase())
  const pairs = [...text.matchAll(/\bheld(?:\s+(?:\*\s*)?|(?=A))against\b/gi)].map(() => 'held against')
  return [...words, ...pairs]
}

/** A list of parameters, in which one more level of brackets may stand. */
const parameters = String.raw`\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`
const functionPattern = new RegExp(
  [
    String.raw`\bfunction\s*\*?\s+(\w+)`,
    String.raw`\bconst\s+(\w+)\s*=\s*(?:async\s*)?(?:<[^=(]*>)?${parameters}(?::[^=;]+)?\s*=>`,
    String.raw`^ +(?:async\s+)?#?(\w+)(?:<[^(]*>)?${parameters}(?::[^;\n]*)?\s*\{$`,
  ].join('|'),
  'gm',
)

/** Functions and methods that are declared with a body. */
export function functionsIn(source: string): string[] {
  return [...source.matchAll(functionPattern)].flatMap(
    ([, declared, assigned, method]) => declared ?? assigned ?? method ?? [],
  )
}

/** Names of values, types and parameters that are declared in a line of code. */
export function declaredIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const pattern =
    /\b(?:const|let|function|class|interface|type)\s+(\w+)|[({,]\s*#?(\w+)\??:(?! ['"`])|#(\w+)|\{ (\w+) \}/g
  return [...code.matchAll(pattern)].flatMap(
    ([, declared, typed, hidden, bound]) => declared ?? typed ?? hidden ?? bound ?? [],
  )
}

/** Types that other files may import. */
export function exportedTypesIn(source: string): string[] {
  return [...source.matchAll(/^export (?:declare )?(?:abstract )?(?:interface|type|class) (\w+)/gm)].map(
    ([, name = '']) => name,
  )
}
