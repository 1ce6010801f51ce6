// The agent that the page talks to, and the thread that it goes on with after a reload.

import { HttpAgent } from '@copilotkit/react-core/v2';

const address = new URL(location.href);
export const feature = address.searchParams.get('feature');

const known = address.searchParams.get('thread');
export const thread = known ?? crypto.randomUUID();
address.searchParams.set('thread', thread);
history.replaceState(null, '', address);

/** Asks a server that keeps threads for the one that was here before the reload: by a run without messages. */
class ThreadAgent extends HttpAgent {
  connect(input) {
    return known ? this.run(input) : super.connect(input);
  }
}

// Behind the slash is a variant of the page; the agent is the same.
const [prefix] = feature.split('/');
export const agent = new ThreadAgent({ url: `${address.searchParams.get('server')}/${prefix}/agui` });
