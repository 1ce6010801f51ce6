import { CopilotChat, useHumanInTheLoop } from '@copilotkit/react-core/v2';
import { useState } from 'react';
import { z } from 'zod';

const step = z.object({ description: z.string(), status: z.enum(['enabled', 'disabled', 'executing']) });

/** A plan that waits for the user: steps can be left out, and all of it accepted or rejected. */
export function Plan() {
  useHumanInTheLoop({
    name: 'generate_task_steps',
    description: 'Shows the steps of a plan to the user, who accepts or rejects it.',
    parameters: z.object({ steps: z.array(step) }),
    render: Steps,
  });
  return <CopilotChat />;
}

function Steps({ args, status, respond }) {
  const [without, setWithout] = useState([]);
  const steps = args.steps ?? [];
  const toggle = (at) => setWithout(without.includes(at) ? without.filter((other) => other !== at) : [...without, at]);
  const accepted = () => steps.filter((_, at) => !without.includes(at));
  return (
    <section data-testid="plan">
      {steps.map((step, at) => (
        <label key={at} style={{ display: 'block' }}>
          <input type="checkbox" checked={!without.includes(at)} onChange={() => toggle(at)} />
          {step.description}
        </label>
      ))}
      {status === 'executing' && (
        <>
          <button onClick={() => respond({ accepted: true, steps: accepted() })}>Accept</button>
          <button onClick={() => respond({ accepted: false })}>Reject</button>
        </>
      )}
    </section>
  );
}
