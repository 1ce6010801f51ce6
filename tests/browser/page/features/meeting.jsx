import { CopilotChat, useInterrupt } from '@copilotkit/react-core/v2';

/** A tool of the server that waits for the user's approval: the run ends with an interrupt. */
export function Meeting() {
  useInterrupt({
    render: ({ interrupt, event, resolve, cancel }) => (
      <section data-testid="approval">
        <p>{interrupt?.message ?? JSON.stringify(event?.value)}</p>
        <button onClick={() => resolve({ approved: true })}>Approve</button>
        <button onClick={() => resolve({ approved: false })}>Decline</button>
        <button onClick={() => cancel()}>Cancel</button>
      </section>
    ),
  });
  return <CopilotChat />;
}
