export { type FilesBelow, filesBelow } from './files-below.ts'
export { type RepairOptions, repairTape } from './repair-tape.ts'
export { isComplete, type Salvaged, salvage } from './salvage.ts'
export { type Sealed, type SealOptions, sealTape } from './seal-tape.ts'
