import { useCopilotAction } from '@copilotkit/react-core';
import { CopilotChat } from '@copilotkit/react-ui';
// Not for the other features, whose classes have the same names.
import styles from '@copilotkit/react-ui/styles.css?inline';
import { useState } from 'react';

/** The same chat with the components and hooks that CopilotKit had first. */
export function Classic() {
  const [background, setBackground] = useState('white');
  useCopilotAction({
    name: 'change_background',
    description: 'Changes the background of the page.',
    parameters: [{ name: 'background', type: 'string', description: 'A CSS background.' }],
    handler: ({ background }) => setBackground(background),
  });
  return (
    <main style={{ background, padding: 24 }}>
      <style>{styles}</style>
      <CopilotChat />
    </main>
  );
}
