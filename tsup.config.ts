import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'text/index': 'src/text/index.ts',
    'message/index': 'src/message/index.ts',
    'nodemailer/index': 'src/nodemailer/index.ts',
    'receiver/index': 'src/receiver/index.ts',
    'engagement/index': 'src/engagement/index.ts',
    'domains/index': 'src/domains/index.ts',
    'dns/index': 'src/dns/index.ts',
    'store/index': 'src/store/index.ts',
    'service/index': 'src/service/index.ts',
    'testing/index': 'src/testing/index.ts',
    'cli/main': 'src/cli/main.ts',
  },
  format: 'esm',
  target: 'es2023',
  // Neutral: a static `node:` import in anything but the command line would show up as an unresolved one.
  platform: 'neutral',
  external: [/^node:/],
  splitting: true,
  clean: true,
  // tsup's own declarations do not work with TypeScript 7; `tsc --emitDeclarationOnly` writes them.
  dts: false,
})
