export { findForeignSecrets as findGenericSecrets } from '../feeds/foreign-secrets.ts'
