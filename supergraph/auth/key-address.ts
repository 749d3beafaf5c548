// Owns from which addresses keys may be fetched: who can change them on their way can make any token.

export interface KeyAddressRules {
  production: boolean;
  /** Names of hosts from which keys may come over plain HTTP in production too. */
  hostsWithoutTls: readonly string[];
}

/** Why keys may not be fetched from there; undefined when they may. */
export function objectionToKeyAddress(address: string, rules: KeyAddressRules): string | undefined {
  if (!URL.canParse(address)) return `"${address}" is no address.`;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return `the address at ${hostname} must not hold a password.`;
  if (protocol === 'https:') return undefined;
  if (protocol !== 'http:') return `"${address}" must start with https://.`;
  if (!rules.production || isLoopback(hostname) || rules.hostsWithoutTls.includes(hostname)) return undefined;
  return `"${address}" must start with https:// in production, or JWKS_HTTP_HOSTS must list ${hostname}.`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
