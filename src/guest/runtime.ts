/**
 * Variables by which a program loads somebody else's code or settings: the dynamic linker's, Node's, the shells', and
 * those of the interpreters that system tools are written in. PKG_ is what a parent made with pkg leaves behind.
 */
const steering =
  /^(LD_|NODE_|PKG_|BASH_FUNC_|PYTHON|PERL5)|^(BASH_ENV|ENV|GCONV_PATH|OPENSSL_CONF|XZ_OPT|XZ_DEFAULTS)$/;

/**
 * Takes out of this program's environment what would steer the programs it starts; called first of all by `main`.
 * The packed program itself has no use for any of them: see scripts/prelude.cjs. A linker variable has had its effect
 * on this very process by now, which no dynamically linked program can prevent.
 */
export function mendRuntime(): void {
  for (const name of Object.keys(process.env)) {
    if (steering.test(name)) delete process.env[name];
  }
}
