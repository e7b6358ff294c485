/** Replays a token, from a copy of the project, and prints the kinds of violations that it shows as one line of JSON. */
import { scenarios } from '../../scenarios/index.js'
import { experimentOf } from '../../src/search/cell.js'
import { runExperiment } from '../../src/search/experiment.js'
import { parseToken } from '../../src/search/replay-token.js'
import { kindOf, sightingsOf } from '../../src/search/sighting.js'

const name = parseToken(process.argv[2] ?? '')
const scenario = scenarios.find((each) => each.name === name.scenario)
if (scenario === undefined) throw new RangeError(`there is no scenario ${name.scenario}`)
const { verdict } = runExperiment(experimentOf({ scenario, mode: name.mode }, name))
const sightings = verdict === undefined ? [] : sightingsOf(verdict, scenario.claims(name.mode))
console.log(JSON.stringify(sightings.filter(({ standing }) => standing === 'violation').map(kindOf)))
