import { CopilotChat, useAgent } from '@copilotkit/react-core/v2';

const EMPTY = {
  title: '', skill_level: 'Beginner', cooking_time: '5 min', special_preferences: [], ingredients: [], instructions: [],
};

/** A recipe that page and agent both change. */
export function Recipe() {
  const { agent } = useAgent();
  const recipe = { ...EMPTY, ...agent.state?.recipe };
  const change = (changes) => agent.setState({ recipe: { ...recipe, ...changes } });
  const add = (form) => {
    const ingredient = { icon: '🍴', name: form.get('name'), amount: form.get('amount') };
    change({ ingredients: [...recipe.ingredients, ingredient] });
  };
  return (
    <main>
      <section data-testid="recipe">
        <h2>{recipe.title}</h2>
        <p>{recipe.skill_level}, {recipe.cooking_time}, {recipe.special_preferences.join(', ')}</p>
        <ul>
          {recipe.ingredients.map(({ icon, name, amount }) => <li key={name}>{icon} {name}: {amount}</li>)}
        </ul>
        <ol>{recipe.instructions.map((step) => <li key={step}>{step}</li>)}</ol>
      </section>
      <form action={add}>
        <input name="name" placeholder="Ingredient" />
        <input name="amount" placeholder="Amount" />
        <button>Add</button>
      </form>
      <CopilotChat />
    </main>
  );
}
