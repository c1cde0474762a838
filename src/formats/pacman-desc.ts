/** Name and version of a pacman package's `desc`: a line `%NAME%`, then its value. Undefined where one is missing. */
export function readPacmanDesc(text: string): { readonly name: string; readonly version: string } | undefined {
  const value = (field: string) => new RegExp(`^%${field}%\\r?\\n([^\\r\\n]+)`, 'm').exec(text)?.[1];
  const [name, version] = [value('NAME'), value('VERSION')];
  return name === undefined || version === undefined ? undefined : { name, version };
}
