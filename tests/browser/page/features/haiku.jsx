import { CopilotChat, useFrontendTool } from '@copilotkit/react-core/v2';
import { z } from 'zod';

/** A poem that the agent hands to the page, which draws it. */
export function Haiku() {
  useFrontendTool({
    name: 'generate_haiku',
    description: 'Shows a haiku.',
    parameters: z.object({ japanese: z.array(z.string()), english: z.array(z.string()) }),
    handler: async () => 'The haiku is on the page.',
    render: ({ args }) => (
      <blockquote data-testid="haiku">
        {args.english?.map((line) => <div key={line}>{line}</div>)}
      </blockquote>
    ),
  });
  return <CopilotChat />;
}
