import { CopilotChat, useRenderTool } from '@copilotkit/react-core/v2';
import { z } from 'zod';

/** A tool of the server whose results are shown as a card. */
export function Weather() {
  useRenderTool({
    name: 'get_weather',
    parameters: z.object({ location: z.string() }),
    render: ({ status, parameters, result }) =>
      status === 'complete' ? <Card {...JSON.parse(result)} /> : <p>Asking for {parameters?.location}…</p>,
  });
  return <CopilotChat />;
}

function Card({ location, conditions, temperature, humidity, windSpeed }) {
  return (
    <section data-testid="weather">
      <h3>{location}</h3>
      <p>{conditions}, {temperature} °C, humidity {humidity} %, wind {windSpeed} km/h</p>
    </section>
  );
}
