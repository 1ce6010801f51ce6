import { CopilotChat, useAgent } from '@copilotkit/react-core/v2';

/** The agent's state as it is. */
export function ShownState() {
  const { agent } = useAgent();
  return (
    <main>
      <pre data-testid="state">{JSON.stringify(agent.state, null, 2)}</pre>
      <CopilotChat />
    </main>
  );
}
