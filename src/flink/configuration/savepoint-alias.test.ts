import { expect, it } from 'vitest'
import { effectiveConfiguration } from './effective-configuration.js'
import { readSetOption } from './set-option.js'

it('the older name of the snapshot to start from is understood', () => {
  const { values, warnings } = effectiveConfiguration([readSetOption('execution.savepoint.path=s3://b/sp')])
  expect(values.find(({ key }) => key === 'execution.state-recovery.path')).toMatchObject({ value: 's3://b/sp', isDefault: false })
  expect(warnings.join()).not.toMatch(/unknown/)
})
