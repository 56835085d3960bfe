"""Packages that take from a tenth of a second to seconds to import. Pure."""

import re
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


_AT_MARGIN: Final = re.compile(r"\n(?:import|from) (\w+)")


def imported_at_margin(text: str) -> frozenset[str]:
    """The packages that lines at the margin of `text` import, the first of each line."""
    return frozenset(_AT_MARGIN.findall("\n" + text))
