"""The Python servers that agui is measured beside, each with a model that is there at once.

    python peers.py pydantic-ai|agno burst|paced

Says its port in one line and serves `POST /agui` with one worker until its input is closed. Needs, best in a virtual
environment: pydantic-ai-slim[ag-ui]==2.68.0, agno==3.1.10, fastapi,
python-multipart, uvicorn.
"""

import asyncio
import os
import socket
import sys
import threading

import uvicorn

WORDS = ["The ", "answer ", "comes ", "word ", "by ", "word, ", "as ", "models "]
DELTAS = 200


async def deltas(paced):
    for index in range(DELTAS):
        if paced:
            await asyncio.sleep(0)
        yield WORDS[index % len(WORDS)]


def pydantic_ai(paced):
    from pydantic_ai import Agent
    from pydantic_ai.models.function import FunctionModel
    from pydantic_ai.ui.ag_ui import AGUIAdapter
    from starlette.applications import Starlette
    from starlette.routing import Route

    async def stream(messages, info):
        async for delta in deltas(paced):
            yield delta

    agent = Agent(FunctionModel(stream_function=stream))

    async def run(request):
        return await AGUIAdapter.dispatch_request(request, agent=agent)

    return Starlette(routes=[Route("/agui", run, methods=["POST"])])


def agno(paced):
    from agno.agent import Agent
    from agno.models.base import Model
    from agno.models.response import ModelResponse
    from agno.os import AgentOS
    from agno.os.interfaces.agui import AGUI

    class Words(Model):
        async def ainvoke_stream(self, *args, **kwargs):
            async for delta in deltas(paced):
                yield ModelResponse(role="assistant", content=delta)

        def invoke(self, *args, **kwargs):
            raise NotImplementedError

        async def ainvoke(self, *args, **kwargs):
            raise NotImplementedError

        def invoke_stream(self, *args, **kwargs):
            raise NotImplementedError

        def _parse_provider_response(self, response, **kwargs):
            return response

        def _parse_provider_response_delta(self, response):
            return response

    agent = Agent(model=Words(id="words"), telemetry=False)
    return AgentOS(agents=[agent], interfaces=[AGUI(agent=agent)], telemetry=False).get_app()


def main():
    peer, shape = sys.argv[1:]
    app = {"pydantic-ai": pydantic_ai, "agno": agno}[peer](shape == "paced")
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    # Whoever reads the port may connect at once.
    listener.listen()
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, workers=1))
    server.run(sockets=[listener])


main()
