/** What a process of its own does for `compareSides`: finds the scenarios it is told of, then runs seeds and tells their traces. */
import { CellRunner } from './cell.js'
import type { ScenarioModule } from './chunk-runners.js'
import type { SideAnswer, SideQuestion } from './process-side.js'
import { stepsUntil, traceRuns } from './run-trace.js'

let runner = new CellRunner([])

async function answerTo(question: SideQuestion): Promise<SideAnswer> {
  switch (question.ask) {
    case 'begin': {
      const { source, cells, driver } = question.task
      const { loadScenarios } = (await import(source.module)) as ScenarioModule
      const scenarios = loadScenarios(source.argument)
      const known = cells.flatMap(({ scenario: name, mode }) => {
        const scenario = scenarios.find((candidate) => candidate.name === name)
        return scenario === undefined ? [] : [{ scenario, mode }]
      })
      runner = new CellRunner(known, driver)
      return process.versions.node
    }
    case 'trace':
      return traceRuns(runner, question.requests)
    case 'steps':
      return stepsUntil(runner, question.request, question.step)
  }
}

process.on('message', (question: SideQuestion) => {
  void answerTo(question).then((answer) => process.send?.(answer))
})
