/** The job is not one that could be deployed: names the operator, what is wrong and what would be right. */
export class JobGraphError extends Error {
  override readonly name = 'JobGraphError'
}
