/** Where the rules come from, by public names; `explain` prints them. */
export const article = 'Microsoft, "Information for non-endorsed distributions" (create-upload-generic), 2018-10-08';
export const articleNow = 'Microsoft, "Prepare Linux for imaging in Azure" (create-upload-generic), 2022-12-14';
export const rhelArticle = 'Microsoft, redhat-create-upload-vhd, 2026-09-09';
export const suseArticle = 'Microsoft, suse-create-upload-vhd, 2026-09-09';
export const debianArticle = 'Microsoft, debian-create-upload-vhd, 2026-09-09';
export const ubuntuArticle = 'Microsoft, create-upload-ubuntu, 2026-09-09';
export const centosArticle = 'Microsoft, create-upload-centos, 2022-12-14';
export const oracleArticle = 'Microsoft, oracle-create-upload-vhd, 2026-09-09';
export const driverArticle = 'Microsoft, linux-vm-no-boot-hyper-v-driver-issues, 2025-02-26';
export const kernelBootArticle = 'Microsoft, kernel-related-boot-issues, 2025-07-08';
export const nvmeArticle = 'Microsoft, enable-nvme-interface, 2026-06-18';
export const certification = 'Microsoft Partner Center, virtual machine certification FAQ, 2021-01-18';
export const marketplace = 'Microsoft, azure-marketplace-images (security), 2023-08-29';
export const agentMinimum = 'Microsoft KB4049215, 2025-09-15';
export const agentArticle = 'Microsoft, agent-linux, 2025-08-18';
export const swapArticle = 'Microsoft, create-swap-file-linux-vm, 2025-10-22';
export const waagent = 'Azure/WALinuxAgent 2.15.0.1';
export const cloudInit = 'canonical/cloud-init 26.2';
export const azureVmUtils = 'Azure/azure-vm-utils';
export const serialArticle = 'Microsoft, serial-console-grub-proactive-configuration, 2019-07-10';
export const timeArticle = 'Microsoft, time-sync, 2024-12-09';
export const systemdImages = 'systemd, "Safely Building Images"';

/** A test of LISA, Microsoft's acceptance suite for images. */
export const lisa = (test: string): string => `microsoft/lisa ${test}`;
