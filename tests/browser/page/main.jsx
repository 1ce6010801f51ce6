// A CopilotKit page as its users write it: one component a feature, and nothing between browser and agent.
// The address says which: `?feature=agentic_chat&server=http://127.0.0.1:9001`.

import '@copilotkit/react-core/v2/styles.css';
import { CopilotKit } from '@copilotkit/react-core';
import { createRoot } from 'react-dom/client';
import { agent, feature, thread } from './agent.js';
import { Chat } from './features/chat.jsx';
import { Classic } from './features/classic.jsx';
import { OwnDocument, SharedDocument } from './features/document.jsx';
import { Haiku } from './features/haiku.jsx';
import { Meeting } from './features/meeting.jsx';
import { Plan } from './features/plan.jsx';
import { Recipe } from './features/recipe.jsx';
import { ShownState } from './features/state.jsx';
import { Weather } from './features/weather.jsx';

const FEATURES = {
  'agentic_chat': Chat,
  'agentic_chat/classic': Classic,
  'agentic_chat_reasoning': Chat,
  'agentic_generative_ui': ShownState,
  'backend_tool_rendering': Weather,
  'human_in_the_loop': Plan,
  'interrupt': Meeting,
  'predictive_state_updates': SharedDocument,
  'predictive_state_updates/own': OwnDocument,
  'shared_state': Recipe,
  'subgraphs': ShownState,
  'tool_based_generative_ui': Haiku,
};
const Feature = FEATURES[feature];
const agents = { default: agent };

createRoot(document.getElementById('root')).render(
  <CopilotKit selfManagedAgents={agents} agent="default" threadId={thread} enableInspector={false}>
    <Feature />
  </CopilotKit>,
);
