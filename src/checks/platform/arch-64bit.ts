import type { Check, Facts, Looked } from '../../model.ts';
import { certification, lisa, marketplace } from '../sources.ts';

function look(facts: Facts): Looked {
  const { arch } = facts.os;
  if (arch.is !== 'there')
    return { is: 'unknown', why: arch.is === 'absent' ? 'no program was found whose header would tell' : arch.why };
  if (/^(x86_64|amd64|aarch64|arm64)$/.test(arch.value)) return { is: 'pass', says: `the system is ${arch.value}` };
  return {
    is: 'fail',
    findings: [
      {
        about: arch.value,
        says: `the system is ${arch.value}, not a 64-bit x86 or ARM one`,
        evidence: [],
        wants: [],
        advice: 'install a 64-bit system anew: a change of architecture cannot be made in place',
      },
    ],
  };
}

export const arch64bit: Check = {
  id: 'arch-64bit',
  area: 'platform',
  title: 'The system is 64-bit',
  severity: 'must',
  why: 'Azure accepts images of 64-bit systems only.',
  source: [lisa('verify_azure_64bit_os'), certification, marketplace],
  fix: { all: 'by hand: install a 64-bit system; nothing can be converted' },
  look,
};
