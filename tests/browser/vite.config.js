import react from '@vitejs/plugin-react';

export default {
  root: import.meta.dirname + '/page',
  plugins: [react()],
  logLevel: 'warn',
  // Readable where something fails in the page; nobody waits for a download.
  build: { outDir: '../../../target/browser/page', emptyOutDir: true, minify: false, chunkSizeWarningLimit: Infinity },
};
