"""Run an ONNX graph of 8-bit RGB with onnxruntime, on one thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from selfcheck.errors import EngineError

Run: TypeAlias = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def library() -> Any:  # noqa: ANN401 -- onnxruntime ships no types
    """Load onnxruntime with its telemetry off.

    Its builds from 1.29 on send events to their maker over HTTPS and keep a device id and a
    database in the user's cache, unless the variable is set before the library is loaded
    (its docs/Privacy.md; seen with 1.32 on 2026-11-22). pyproject.toml keeps those builds out;
    this holds where somebody installs one all the same. Builds for Windows hand events to the
    system's own telemetry since 1.3, which the call turns off.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime as ort

    ort.disable_telemetry_events()
    return ort


def runner(graph: bytes) -> Run:
    """Load a graph from `pixels` to one output; raise EngineError where it cannot be run."""
    ort = library()
    from onnxruntime.capi import onnxruntime_pybind11_state as states

    options = ort.SessionOptions()
    # One thread a worker, and one worker a core: threads that wait spinning take the
    # cores from the other workers.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only: the rest is talk about its own optimiser
    options.enable_mem_pattern = False  # a plan for each new size of picture would pile up
    # The arena would keep the most it ever held: 30 MB a worker here, and no time is gained.
    options.enable_cpu_mem_arena = False
    try:
        session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (states.Fail, states.InvalidGraph, states.InvalidProtobuf) as error:
        message = "onnxruntime cannot run the face networks"
        raise EngineError(message, hint="install another version of onnxruntime") from error

    # It would keep the graph, 22 MB in every worker, for a change of providers that never comes.
    session._model_bytes = None  # noqa: SLF001 -- there is no public way

    def run(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = session.run(None, {"pixels": pixels})[0]
        return result

    return run
