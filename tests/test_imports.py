"""Who may import whom, and where each library lives (the contract in pyproject.toml)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.application.use_cases import read_user_options
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
HOMES = {
    "streamlit": ("app.py", "coder/ui/"),
    "sqlalchemy": ("coder/store/",),
    "alembic": ("coder/store/",),
    "yaml": ("coder/load/",),
    "docx": (),
    "jieba": ("coder/words.py",),
    "opencc": ("coder/words.py",),
    "sklearn": ("coder/train.py", "coder/evaluate.py", "coder/train/", "coder/evaluate/", "coder/classify/"),
    "skops": ("coder/store/models.py",),
    "click": ("coder/cli.py", "coder/cli/"),
    "pickle": (),
    "joblib": (),
}


def modules() -> list[Path]:
    return [ROOT / "app.py", *sorted((ROOT / "coder").rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The top-level names of what a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_imports_go_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert read_user_options().contracts_options
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    for path in modules():
        if library in imported(path):
            place = path.relative_to(ROOT).as_posix()
            assert place.startswith(HOMES[library]) if HOMES[library] else False, f"{place} imports {library}"


def test_model_needs_the_standard_library_only() -> None:
    import sys

    for path in sorted((ROOT / "coder" / "model").glob("*.py")):
        foreign = imported(path) - set(sys.stdlib_module_names) - {"coder"}
        assert not foreign, f"{path.name} imports {foreign}"


def test_no_file_is_longer_than_500_lines_and_no_function_than_50() -> None:
    for path in modules():
        source = path.read_text(encoding="utf-8")
        assert source.count("\n") <= 500, path.name
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 50, f"{path.name}: {node.name} has {length} lines"
