import { CopilotChat, useAgent, useHumanInTheLoop } from '@copilotkit/react-core/v2';
import { z } from 'zod';

/** A document in the agent's state, whose changes the user keeps or not. */
export function SharedDocument() {
  const { agent } = useAgent();
  useHumanInTheLoop({
    name: 'confirm_changes',
    description: 'Asks the user whether the changes are kept.',
    parameters: z.object({}),
    render: Decision,
  });
  return (
    <main>
      <article data-testid="document">{agent.state?.document}</article>
      <CopilotChat />
    </main>
  );
}

/** A document that the page takes from the arguments of its own tool while they arrive. */
export function OwnDocument() {
  useHumanInTheLoop({
    name: 'write_document',
    description: 'Shows a document, as Markdown.',
    parameters: z.object({ document: z.string() }),
    render: (props) => (
      <>
        <article data-testid="document">{props.args.document}</article>
        <Decision {...props} />
      </>
    ),
  });
  return <CopilotChat />;
}

function Decision({ status, respond }) {
  return status === 'executing' && (
    <>
      <button onClick={() => respond({ accepted: true })}>Keep</button>
      <button onClick={() => respond({ accepted: false })}>Drop</button>
    </>
  );
}
