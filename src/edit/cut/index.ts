export { type CutOptions, type CutReport, cutTape } from './cut-tape.ts'
export { FrameReading } from './frame-reading.ts'
