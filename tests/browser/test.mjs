// CopilotKit in a real browser, and the example `dojo`. Started by `run`, which says what it needs.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { check, dojo, lengths, slowly } from './support.mjs';

// Mostly they wait for the agent.
const TOGETHER = { concurrency: 3 };

describe('dojo', TOGETHER, () => {
  const server = dojo();
  conversations(server);
  features(server);
});

describe('dojo --sessions', TOGETHER, () => {
  const server = dojo('--sessions');
  conversations(server);
  reloads(server);
});

/** Runs that lead to others, which are the same whoever keeps the history. */
function conversations(server) {
  check('an answer grows while it arrives', 'agentic_chat', server, async (chat, page) => {
    const steps = await lengths(page, chat.ANSWER);
    await chat.say('Write a sonnet about AI');
    await chat.hears('woven from our own');
    await inSteps(steps);
  });

  check('an answer is stopped, and the next one comes', 'agentic_chat', server, async (chat, page) => {
    await slowly(page);
    await chat.say('Write a sonnet about AI');
    await chat.answers.first().waitFor();
    await page.getByTestId('copilot-send-button').click();
    await chat.say('My name is Ada');
    await chat.hears('Hello Ada');
    assert.equal(await chat.answers.filter({ hasText: 'woven from our own' }).count(), 0);
  });

  check('a tool of the page changes the page', 'agentic_chat', server, changesBackground);

  check('a plan is accepted without one of its steps', 'human_in_the_loop', server, async (chat, page) => {
    await chat.say('Plan a trip to Mars in 5 steps');
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await page.getByTestId('plan').getByRole('checkbox').nth(2).uncheck();
    await page.getByRole('button', { name: 'Accept' }).click();
    await chat.hears('the 4 steps');
  });

  check('a plan is rejected', 'human_in_the_loop', server, async (chat, page) => {
    await chat.say('Plan a trip to Mars in 5 steps');
    await page.getByRole('button', { name: 'Reject' }).click();
    await chat.hears('What should I change');
  });

  for (const [button, answer] of [
    ['Approve', 'is booked: tomorrow'],
    ['Decline', 'nothing is booked'],
    ['Cancel', 'nothing is booked'],
  ]) {
    check(`a call waits for approval: ${button}`, 'interrupt', server, async (chat, page) => {
      await chat.say('Schedule a meeting about the project');
      await page.getByRole('button', { name: button }).click();
      await chat.hears(answer);
    });
  }

  check('page and agent both write the state', 'shared_state', server, async (chat, page) => {
    await page.getByPlaceholder('Ingredient').fill('Saffron');
    await page.getByPlaceholder('Amount').fill('a pinch');
    await page.getByRole('button', { name: 'Add' }).click();
    await chat.shows('recipe', 'Saffron');
    await chat.say('Make it Italian');
    await chat.hears('a good deal better');
    await chat.shows('recipe', /Pasta al Pomodoro.*Saffron: a pinch.*Pasta: 400 g/);
  });
}

/** What else pages do. */
function features(server) {
  check('the components that came first do the same', 'agentic_chat/classic', server, changesBackground);

  check('a tool of the server is rendered', 'backend_tool_rendering', server, async (chat) => {
    await chat.say('What is the weather in Lisbon?');
    await chat.hears('The weather in Lisbon');
    await chat.shows('weather', /Lisbon.*\d °C/);
  });

  for (const feature of ['predictive_state_updates', 'predictive_state_updates/own']) {
    check(`a document grows while it is written: ${feature}`, feature, server, async (chat, page) => {
      const steps = await lengths(page, '[data-testid=document]');
      await chat.say('Write a story about a pirate called Candy Beard');
      await page.getByRole('button', { name: 'Keep' }).click();
      await chat.hears('The changes are kept');
      await chat.shows('document', 'never quite still');
      await inSteps(steps);
    });
  }

  check('a plan is carried out step by step', 'agentic_generative_ui', server, async (chat) => {
    await chat.say('Plan brownies in 5 steps');
    await chat.hears('All 5 steps of the plan are done');
    await chat.shows('state', /("completed"[^]*){5}/);
  });

  check('a poem is drawn', 'tool_based_generative_ui', server, async (chat) => {
    await chat.say('Write a haiku about frogs');
    await chat.hears('There it is');
    await chat.shows('haiku', 'An old quiet pond');
  });

  check('thoughts come before the answer', 'agentic_chat_reasoning', server, async (chat, page) => {
    await chat.say('What is the best car to buy?');
    await chat.hears('You said');
    await page.getByText('Thought for').waitFor();
  });

  check('a team works in one answer', 'subgraphs', server, async (chat) => {
    await chat.say('Plan a trip to San Francisco');
    await chat.hears('Fly with KLM');
    await chat.shows('state', /KLM[^]*Hotel Zoe[^]*Oyster bar/);
  });
}

/** The page asks for its thread again. */
function reloads(server) {
  check('keeps the thread', 'agentic_chat', server, async (chat, page) => {
    await chat.say('My name is Ada');
    await chat.hears('Hello Ada');
    await page.reload();
    await chat.hears('Hello Ada');
    await chat.shows('copilot-user-message', 'My name is Ada');
    await chat.say('What is my name?');
    await chat.hears('Your name is Ada');
  });

  check('keeps the state', 'shared_state', server, async (chat, page) => {
    await chat.say('Make it Italian');
    await chat.hears('a good deal better');
    await page.reload();
    await chat.shows('recipe', 'Pasta al Pomodoro');
  });

  check('keeps a plan that waits for the user', 'human_in_the_loop', server, async (chat, page) => {
    await chat.say('Plan a trip to Mars in 5 steps');
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Accept' }).click();
    await chat.hears('the 5 steps');
  });

  check('keeps a call that waits for approval', 'interrupt', server, async (chat, page) => {
    await chat.say('Schedule a meeting about the project');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Approve' }).click();
    await chat.hears('is booked: tomorrow');
  });
}

async function changesBackground(chat, page) {
  await chat.say('Change the background to a sunset gradient');
  await chat.hears('the background is changed');
  await page.locator('main[style*=gradient]').waitFor();
}

/** That a text was there in parts before it was there as a whole. */
async function inSteps(lengths) {
  const seen = await lengths();
  assert.ok(seen.length > 3, `lengths on the way: ${seen}`);
}
