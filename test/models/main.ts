/**
 * `npm run goldens -- [--json] [--only NAME]…`: counts the states of models whose numbers other checkers have published, the large
 * ones too, and shows how many are lost with fingerprints of 32 bits. Exit code 1 when a number is another.
 */
import { parseArgs } from 'node:util'
import { goldens, type Counts, type Golden } from './golden.js'
import { countWith, Truncated } from './truncated.js'
import { twoPhase } from './two-phase.js'

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
    .map(({ name, of, expected, count }) => {
      const found = count()
      const equal = found.distinct === expected.distinct && found.generated === expected.generated && found.depth === expected.depth
      if (values.json !== true)
        console.log(`${name.padEnd(32)} ${inWords(of, found)}${equal ? '' : `   NOT EQUAL: ${inWords(of, expected)}`}`)
      return { name, of, ...found, expected, equal }
    })
  const calibration = values.only === undefined ? [calibrate()] : []
  if (values.json === true) console.log(JSON.stringify({ schema: 1, models, calibration }))
  process.exitCode = models.every(({ equal }) => equal) ? 0 : 1
}

/** With 32 bits for 1,745,408 states, birthdays take n² / 2³³ = 355 of them; 64 bits are counted above and lose none. */
function calibrate(): { readonly name: string; readonly bits: number; readonly lost: number; readonly expected: number } {
  const name = 'TwoPhase(8)'
  const all = goldens.find((golden) => golden.name === name)?.expected.distinct ?? 0
  const lost = all - countWith(twoPhase(8), new Truncated(32)).distinct
  const expected = Math.round(all ** 2 / 2 ** 33)
  if (values.json !== true) console.log(`${name.padEnd(32)} ${lost} states lost with 32 bits, about ${expected} expected`)
  return { name, bits: 32, lost, expected }
}

function inWords(of: Golden['of'], { distinct, generated, depth }: Counts): string {
  return of === 'states'
    ? `${distinct} distinct, ${generated} generated, depth ${depth}`
    : `${distinct} executions, ${generated} of them blocked`
}
