/** Magic numbers (statfs) of vfat and exfat. */
const bareFileSystems: readonly number[] = [0x4d44, 0x2011bab0];

/** File systems of firmware and boot partitions hold neither owners, modes, attributes nor second names of a file. */
export function isBareType(type: number): boolean {
  return bareFileSystems.includes(type);
}
