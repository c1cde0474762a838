import { inGuest } from '../../scripts/guest/in-guest.ts';

/** A few settings of /etc/waagent.conf as the agent's own code in the guest reads them. */
export interface AgentView {
  readonly format: boolean;
  readonly filesystem: string;
  readonly mountPoint: string;
  readonly enableSwap: boolean;
  readonly swapSizeMB: number;
  readonly provisioningAgent: string;
  readonly regenerateHostKeys: boolean;
  readonly deleteRootPassword: boolean;
}

const script = `
import json
from azurelinuxagent.common import conf
conf.load_conf_from_file("/etc/waagent.conf")
print(json.dumps({
  "format": conf.get_resourcedisk_format(),
  "filesystem": conf.get_resourcedisk_filesystem(),
  "mountPoint": conf.get_resourcedisk_mountpoint(),
  "enableSwap": conf.get_resourcedisk_enable_swap(),
  "swapSizeMB": conf.get_resourcedisk_swap_size_mb(),
  "provisioningAgent": conf.get_provisioning_agent(),
  "regenerateHostKeys": conf.get_regenerate_ssh_host_key(),
  "deleteRootPassword": conf.get_delete_root_password(),
}))
`;

/** Asks the guest's own agent what it makes of its configuration. */
export async function agentView(root: string): Promise<AgentView> {
  return JSON.parse(await inGuest(root, ['python3', '-B', '-c', script])) as AgentView;
}
