/**
 * `npm run goldens -- [--json] [--only NAME]…`: counts the states of models whose numbers other checkers have published, the large
 * ones too. Exit code 1 when a number is another.
 */
import { parseArgs } from 'node:util'
import { goldens, type Counts } from './golden.js'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true } } })
const unknown = (values.only ?? []).filter((name) => !goldens.some((golden) => golden.name === name))
if (unknown.length > 0) refuse(`there is no model ${unknown.join(', ')}; there are ${goldens.map(({ name }) => name).join(', ')}`)
else run()

function refuse(why: string): void {
  console.error(why)
  process.exitCode = 2
}

function run(): void {
  const models = goldens
    .filter(({ name }) => values.only === undefined || values.only.includes(name))
    .map(({ name, expected, count }) => {
      const found = count()
      const equal = found.distinct === expected.distinct && found.generated === expected.generated && found.depth === expected.depth
      if (values.json !== true) console.log(`${name.padEnd(32)} ${inWords(found)}${equal ? '' : `   NOT EQUAL: ${inWords(expected)}`}`)
      return { name, ...found, expected, equal }
    })
  if (values.json === true) console.log(JSON.stringify({ schema: 1, models }))
  process.exitCode = models.every(({ equal }) => equal) ? 0 : 1
}

function inWords({ distinct, generated, depth }: Counts): string {
  return `${distinct} distinct, ${generated} generated, depth ${depth}`
}
