/** `npm run words`: of each file the number of sentences and their mean, and every sentence that is too long. */
import { wordsMax } from './sentences.js'
import { meanOf, texts } from './texts.js'

function line(file: string, sentences: Parameters<typeof meanOf>[0]): string {
  const long = sentences.filter(({ words }) => words > wordsMax)
  const counts = `${sentences.length} sentences, mean ${meanOf(sentences).toFixed(1)}, ${long.length} over ${wordsMax}`
  return [`${file}: ${counts}`, ...long.map(({ words, text }) => `  ${words}: ${text}`)].join('\n')
}

for (const { file, sentences } of texts) console.log(line(file, sentences))
const all = texts.flatMap(({ sentences }) => sentences)
console.log(`\nall: ${all.length} sentences, mean ${meanOf(all).toFixed(2)}`)
console.log(`over ${wordsMax}: ${all.filter(({ words }) => words > wordsMax).length}`)
