/** Who asks, said honestly. */
export const USER_AGENT = ['User-Agent', 'feedtape (records market data for its user)'] as const
