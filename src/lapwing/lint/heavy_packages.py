"""Packages that take from a tenth of a second to seconds to import. Pure."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

HEAVY: Final = frozenset(
    [
        "tensorflow",
        "torch",
        "keras",
        "jax",
        "transformers",
        "sklearn",
        "scipy",
        "pandas",
        "matplotlib",
        "plotly",
        "bokeh",
        "seaborn",
        "sympy",
        "pyspark",
        "dask",
        "distributed",
        "spacy",
        "nltk",
        "statsmodels",
        "xarray",
        "cv2",
        "skimage",
        "selenium",
        "openai",
        "langchain",
        "ray",
        "airflow",
        "apache_beam",
        "torchvision",
        "tensorflow_probability",
        "pytorch_lightning",
        "lightgbm",
        "xgboost",
        "catboost",
        "geopandas",
        "astropy",
    ]
)


def imports_heavy(text: str, more: Iterable[str] = ()) -> bool:
    """Whether a line at the margin of `text` imports a heavy package."""
    return _pattern(tuple(more)).search(text) is not None


@cache
def _pattern(more: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:\A|\n)(?:import|from) (?:{'|'.join(map(re.escape, sorted({*HEAVY, *more})))})\b")
