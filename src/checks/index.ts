import type { Check } from '../model.ts';
import { shellHistoryClean } from './accounts/shell-history-clean.ts';
import { sudoersNoTargetpw } from './accounts/sudoers-no-targetpw.ts';
import { usersNoAuthorizedKeys } from './accounts/users-no-authorized-keys.ts';
import { usersNoPasswords } from './accounts/users-no-passwords.ts';
import { usersRemoved } from './accounts/users-removed.ts';
import { agentAutoupdate } from './agent/agent-autoupdate.ts';
import { agentEnabled } from './agent/agent-enabled.ts';
import { agentInstalled } from './agent/agent-installed.ts';
import { agentMinVersion } from './agent/agent-min-version.ts';
import { agentOpenssl } from './agent/agent-openssl.ts';
import { agentPyasn1 } from './agent/agent-pyasn1.ts';
import { agentPython } from './agent/agent-python.ts';
import { agentTools } from './agent/agent-tools.ts';
import { cloudinitDatasourceAzure } from './agent/cloudinit-datasource-azure.ts';
import { cloudinitInstalledEnabled } from './agent/cloudinit-installed-enabled.ts';
import { cloudinitInstallerLeftovers } from './agent/cloudinit-installer-leftovers.ts';
import { cloudinitLogging } from './agent/cloudinit-logging.ts';
import { cloudinitMountsOrder } from './agent/cloudinit-mounts-order.ts';
import { cloudinitNotDisabled } from './agent/cloudinit-not-disabled.ts';
import { cloudinitSwap } from './agent/cloudinit-swap.ts';
import { cloudinitTelemetry } from './agent/cloudinit-telemetry.ts';
import { growpartGdisk } from './agent/growpart-gdisk.ts';
import { hypervDaemons } from './agent/hyperv-daemons.ts';
import { omiVersion } from './agent/omi-version.ts';
import { scsiTimeout } from './agent/scsi-timeout.ts';
import { waagentConfParse } from './agent/waagent-conf-parse.ts';
import { waagentConfProvisioning } from './agent/waagent-conf-provisioning.ts';
import { waagentConfResourcedisk } from './agent/waagent-conf-resourcedisk.ts';
import { grubBlscfg } from './boot/grub-blscfg.ts';
import { grubConfigRegenerated } from './boot/grub-config-regenerated.ts';
import { grubSerialTerminal } from './boot/grub-serial-terminal.ts';
import { inittabSerialGetty } from './boot/inittab-serial-getty.ts';
import { kernelCmdlineConsole } from './boot/kernel-cmdline-console.ts';
import { kernelCmdlineEarlyprintk } from './boot/kernel-cmdline-earlyprintk.ts';
import { kernelCmdlineNetIfnames } from './boot/kernel-cmdline-net-ifnames.ts';
import { kernelCmdlineNoAtapiOff } from './boot/kernel-cmdline-no-atapi-off.ts';
import { kernelCmdlineNoCloudinitDisabled } from './boot/kernel-cmdline-no-cloudinit-disabled.ts';
import { kernelCmdlineNoCrashkernelAuto } from './boot/kernel-cmdline-no-crashkernel-auto.ts';
import { kernelCmdlineNoQuiet } from './boot/kernel-cmdline-no-quiet.ts';
import { kernelCmdlineNoRhgb } from './boot/kernel-cmdline-no-rhgb.ts';
import { kernelCmdlineNoStaleResume } from './boot/kernel-cmdline-no-stale-resume.ts';
import { kernelCmdlineRootdelay } from './boot/kernel-cmdline-rootdelay.ts';
import { initrdAllKernels } from './initrd/initrd-all-kernels.ts';
import { initrdHvModules } from './initrd/initrd-hv-modules.ts';
import { initrdPersistentConfig } from './initrd/initrd-persistent-config.ts';
import { arm64PmuParam } from './kernel/arm64-pmu-param.ts';
import { azureKernelUbuntu } from './kernel/azure-kernel-ubuntu.ts';
import { floppyBlocked } from './kernel/floppy-blocked.ts';
import { kernelCifsWatchdog } from './kernel/kernel-cifs-watchdog.ts';
import { kernelCmdlineNumaOff } from './kernel/kernel-cmdline-numa-off.ts';
import { kernelDvdPath } from './kernel/kernel-dvd-path.ts';
import { kernelHypervDrivers } from './kernel/kernel-hyperv-drivers.ts';
import { kernelNvme } from './kernel/kernel-nvme.ts';
import { kernelPatchAtaPiixDefer } from './kernel/kernel-patch-ata-piix-defer.ts';
import { kernelPatchScsiSysfsDoubleRemove } from './kernel/kernel-patch-scsi-sysfs-double-remove.ts';
import { kernelPatchScsiWriteSameRaid } from './kernel/kernel-patch-scsi-write-same-raid.ts';
import { kernelPatchStorvscNoWriteSame } from './kernel/kernel-patch-storvsc-no-write-same.ts';
import { kernelPatchStorvscNullDeref } from './kernel/kernel-patch-storvsc-null-deref.ts';
import { kernelPatchStorvscResetIntransit } from './kernel/kernel-patch-storvsc-reset-intransit.ts';
import { kernelPatchStorvscRingBuffer } from './kernel/kernel-patch-storvsc-ring-buffer.ts';
import { kernelSackFix } from './kernel/kernel-sack-fix.ts';
import { kernelSerialConsole } from './kernel/kernel-serial-console.ts';
import { kernelUdf } from './kernel/kernel-udf.ts';
import { kernelUek2 } from './kernel/kernel-uek2.ts';
import { kernelVersionRecommended } from './kernel/kernel-version-recommended.ts';
import { kernelVfat } from './kernel/kernel-vfat.ts';
import { lisPackageRhel6 } from './kernel/lis-package-rhel6.ts';
import { modprobeNotBlocked } from './kernel/modprobe-not-blocked.ts';
import { dhcpSetHostnameNo } from './network/dhcp-set-hostname-no.ts';
import { dhcpTimeout } from './network/dhcp-timeout.ts';
import { netIfcfgEth0 } from './network/net-ifcfg-eth0.ts';
import { netNmProfileDhcp } from './network/net-nm-profile-dhcp.ts';
import { netNoStaticConfig } from './network/net-no-static-config.ts';
import { netServiceEnabled } from './network/net-service-enabled.ts';
import { netSriovUnmanaged } from './network/net-sriov-unmanaged.ts';
import { netSysconfigNetwork } from './network/net-sysconfig-network.ts';
import { networkmanagerConflict } from './network/networkmanager-conflict.ts';
import { udevNoPersistentNet } from './network/udev-no-persistent-net.ts';
import { wireserverReachable } from './network/wireserver-reachable.ts';
import { arch64bit } from './platform/arch-64bit.ts';
import { diskSizeMax } from './platform/disk-size-max.ts';
import { diskSizeMibMultiple } from './platform/disk-size-mib-multiple.ts';
import { distroEndorsed } from './platform/distro-endorsed.ts';
import { fstabSane } from './platform/fstab-sane.ts';
import { lvmDevicesFile } from './platform/lvm-devices-file.ts';
import { partitionFirst1mib } from './platform/partition-first-1mib.ts';
import { rootByPersistentId } from './platform/root-by-persistent-id.ts';
import { rootNotLvm } from './platform/root-not-lvm.ts';
import { rootSinglePartition } from './platform/root-single-partition.ts';
import { uefiFallbackLoader } from './platform/uefi-fallback-loader.ts';
import { vmGeneration } from './platform/vm-generation.ts';
import { cloudinitClean } from './seal/cloudinit-clean.ts';
import { dhcpLeasesClean } from './seal/dhcp-leases-clean.ts';
import { hostnameGeneric } from './seal/hostname-generic.ts';
import { logsClean } from './seal/logs-clean.ts';
import { machineIdReset } from './seal/machine-id-reset.ts';
import { randomSeed } from './seal/random-seed.ts';
import { resolvConfRemoved } from './seal/resolv-conf-removed.ts';
import { rootLocked } from './seal/root-locked.ts';
import { sshHostKeysRemoved } from './seal/ssh-host-keys-removed.ts';
import { subscriptionClean } from './seal/subscription-clean.ts';
import { waagentStateClean } from './seal/waagent-state-clean.ts';
import { sshClientAlive } from './ssh/ssh-client-alive.ts';
import { sshServerEnabled } from './ssh/ssh-server-enabled.ts';
import { sshServerInstalled } from './ssh/ssh-server-installed.ts';
import { swapNoneOnOsDisk } from './swap/swap-none-on-os-disk.ts';
import { swapResourceSwapfileRemoved } from './swap/swap-resource-swapfile-removed.ts';
import { hypervisorLeftovers } from './system/hypervisor-leftovers.ts';
import { oracleAddonsRepo } from './system/oracle-addons-repo.ts';
import { packagesUpdated } from './system/packages-updated.ts';
import { reposPresent } from './system/repos-present.ts';
import { selinuxLabels } from './system/selinux-labels.ts';
import { suseReposRegistered } from './system/suse-repos-registered.ts';
import { sysrq } from './system/sysrq.ts';
import { timePtpChrony } from './system/time-ptp-chrony.ts';
import { yumHttpCaching } from './system/yum-http-caching.ts';

/** Every rule, in the order of the report. A new one is a file below its area and a line here. */
export const checks: readonly Check[] = [
  distroEndorsed,
  arch64bit,
  vmGeneration,
  uefiFallbackLoader,
  diskSizeMax,
  diskSizeMibMultiple,
  partitionFirst1mib,
  rootNotLvm,
  lvmDevicesFile,
  rootSinglePartition,
  rootByPersistentId,
  fstabSane,
  kernelHypervDrivers,
  kernelUek2,
  lisPackageRhel6,
  kernelNvme,
  modprobeNotBlocked,
  floppyBlocked,
  kernelUdf,
  kernelVfat,
  kernelDvdPath,
  kernelCmdlineNumaOff,
  arm64PmuParam,
  kernelSerialConsole,
  kernelCifsWatchdog,
  kernelVersionRecommended,
  azureKernelUbuntu,
  kernelPatchAtaPiixDefer,
  kernelPatchStorvscResetIntransit,
  kernelPatchStorvscNoWriteSame,
  kernelPatchScsiWriteSameRaid,
  kernelPatchStorvscNullDeref,
  kernelPatchStorvscRingBuffer,
  kernelPatchScsiSysfsDoubleRemove,
  kernelSackFix,
  initrdHvModules,
  initrdPersistentConfig,
  initrdAllKernels,
  kernelCmdlineConsole,
  kernelCmdlineEarlyprintk,
  kernelCmdlineRootdelay,
  kernelCmdlineNoRhgb,
  kernelCmdlineNoQuiet,
  kernelCmdlineNetIfnames,
  kernelCmdlineNoAtapiOff,
  kernelCmdlineNoCrashkernelAuto,
  kernelCmdlineNoStaleResume,
  kernelCmdlineNoCloudinitDisabled,
  grubConfigRegenerated,
  grubBlscfg,
  inittabSerialGetty,
  grubSerialTerminal,
  networkmanagerConflict,
  netServiceEnabled,
  netSysconfigNetwork,
  netIfcfgEth0,
  netNmProfileDhcp,
  netSriovUnmanaged,
  dhcpTimeout,
  dhcpSetHostnameNo,
  udevNoPersistentNet,
  netNoStaticConfig,
  wireserverReachable,
  sshServerInstalled,
  sshServerEnabled,
  sshClientAlive,
  agentInstalled,
  agentEnabled,
  agentMinVersion,
  agentAutoupdate,
  agentPython,
  agentPyasn1,
  agentOpenssl,
  agentTools,
  waagentConfParse,
  waagentConfResourcedisk,
  waagentConfProvisioning,
  scsiTimeout,
  cloudinitInstalledEnabled,
  cloudinitNotDisabled,
  cloudinitDatasourceAzure,
  cloudinitInstallerLeftovers,
  cloudinitMountsOrder,
  cloudinitSwap,
  cloudinitLogging,
  cloudinitTelemetry,
  hypervDaemons,
  growpartGdisk,
  omiVersion,
  swapNoneOnOsDisk,
  swapResourceSwapfileRemoved,
  sudoersNoTargetpw,
  usersNoPasswords,
  usersNoAuthorizedKeys,
  usersRemoved,
  shellHistoryClean,
  hypervisorLeftovers,
  reposPresent,
  yumHttpCaching,
  oracleAddonsRepo,
  suseReposRegistered,
  packagesUpdated,
  timePtpChrony,
  sysrq,
  selinuxLabels,
  subscriptionClean,
  sshHostKeysRemoved,
  rootLocked,
  machineIdReset,
  randomSeed,
  dhcpLeasesClean,
  resolvConfRemoved,
  hostnameGeneric,
  cloudinitClean,
  waagentStateClean,
  logsClean,
];
