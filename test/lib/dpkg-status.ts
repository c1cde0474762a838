/** /var/lib/dpkg/status with these packages in a state, `install ok installed` unless said otherwise. */
export function dpkgStatus(packages: Readonly<Record<string, string | { version: string; status: string }>>): string {
  return Object.entries(packages)
    .map(([name, of]) => {
      const { version, status } = typeof of === 'string' ? { version: of, status: 'install ok installed' } : of;
      return `Package: ${name}\nStatus: ${status}\nArchitecture: amd64\nVersion: ${version}\nDescription: x\n y\n`;
    })
    .join('\n');
}
