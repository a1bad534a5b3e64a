"""Starts the app with the engine of tests/desk.py, which needs no training: ``serve.py PORT``.

Run with PYTHONPATH holding the project and tests/.
"""

import sys
from pathlib import Path

from desk import fake_engine
from streamlit.web import cli

from coder import engine

engine.load_engine = fake_engine
engine.wanted_model = lambda *_: Path(__file__)  # it exists: nothing to train
cli.main(["run", "app.py", "--server.port", sys.argv[1], "--server.headless", "true"])
