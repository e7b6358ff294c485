/** Plans of Flink jobs: three forms in, one shape out. */
export { planFormOf, readPlan, readPlanText, type PlanForm, type PlanOptions } from './import-plan.js'
export type { ImportedPlan, PlanInput, PlanIteration, PlanOperator, PlanProblem, PlanVertex, ShipStrategy } from './imported-plan.js'
export { jobOfAnswers, readRestFolder, type ImportedJob, type RestAnswer } from './rest-folder.js'
export { isClusterAddress, readJobAddress, readRunningJob } from './running-cluster.js'
