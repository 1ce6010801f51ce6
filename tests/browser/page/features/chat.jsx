import { CopilotChat, useFrontendTool } from '@copilotkit/react-core/v2';
import { useState } from 'react';
import { z } from 'zod';

/** A chat with a tool that runs in the page. */
export function Chat() {
  const [background, setBackground] = useState('white');
  useFrontendTool({
    name: 'change_background',
    description: 'Changes the background of the page.',
    parameters: z.object({ background: z.string().describe('A CSS background, such as a gradient.') }),
    handler: async ({ background }) => {
      setBackground(background);
      return { status: 'success' };
    },
  });
  return (
    <main style={{ background, padding: 24 }}>
      <CopilotChat />
    </main>
  );
}
