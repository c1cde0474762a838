/** Devices that are there on a machine that prepares an image, and on no machine that boots it. */
const passing = /(?:^|\s)(?:rd\.)?root=["']?((?:block:)?\/dev\/(?:loop|nbd|z?ram|dm-)\d[^\s"']*)/m;

/**
 * The root device that a host-only build in a chroot has written into the image's own command line (dracutdevs/dracut#942):
 * such an image waits for ever for a loop device. `texts` as of InitrdContent.
 */
export function bakedRoot(
  texts: Readonly<Record<string, string>>,
): { readonly path: string; readonly device: string } | undefined {
  for (const [path, text] of Object.entries(texts)) {
    const device = /^etc\/cmdline(\.d\/|$)/.test(path) ? passing.exec(text)?.[1] : undefined;
    if (device !== undefined) return { path, device };
  }
  return undefined;
}
