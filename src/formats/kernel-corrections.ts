/** Subjects of the commits that the article wants in a kernel, without the prefixes that vendors put before them. */
export const correctionSubjects: Readonly<Record<string, string>> = {
  cd006086fa5d: 'ata_piix: defer disks to the hyper-v drivers by default',
  '5c1b10ab7f93': 'storvsc: account for in-transit packets in the reset path',
  '3e8f4f406590': 'storvsc: avoid usage of write_same',
  '54b2b50c20a6': 'disable write same for raid and virtual host adapter drivers',
  b12bb60d6c35: 'storvsc: null pointer dereference fix',
  e86fb5e8ab95: 'storvsc: ring buffer failures may result in i/o freeze',
  be821fd8e627: 'scsi_sysfs: protect against double execution of __scsi_remove_device',
};

/** The commits whose subject stands in a changelog, in whatever case. */
export function findCorrections(changelog: string): string[] {
  const text = changelog.toLowerCase();
  return Object.keys(correctionSubjects).filter((commit) => text.includes(correctionSubjects[commit] ?? '\0'));
}
