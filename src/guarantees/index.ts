/** The oracles: one file per guarantee. They see histories only, and know neither the engine nor the simulator. */
export * from './oracle.js'
