import type { StoredDomain } from '../../../store/stored-domain.ts'
import type { Html } from '../../hono.ts'

/** What a change was made from: one that was made from an older version is refused. */
export const VersionField = ({ domain }: { readonly domain: Pick<StoredDomain, 'version'> }): Html => (
  <input type="hidden" name="version" value={`${domain.version}`} />
)
