"""onnxruntime: a session on one thread and on all cores, NumPy arrays or bound buffers."""

import numpy as np
from measure import Run, Variant, thread_counts, whole
from works import Prediction

NAME = "onnxruntime"

# As many rows as leave a layer's outputs in the cache of a core.
CHUNK = 4096


def load() -> str:
    import onnx
    import onnxruntime

    assert onnx.__version__  # writes the model
    return onnxruntime.__version__


def _model(work: Prediction) -> bytes:
    """Return the network as Gemm and Relu nodes, rows left open."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, weights, last = [], [], "x"
    for i, (kernel, bias) in enumerate(work.layers, start=1):
        end = "y" if i == len(work.layers) else f"h{i}"
        weights += [
            numpy_helper.from_array(kernel, f"kernel{i}"),
            numpy_helper.from_array(bias, f"bias{i}"),
        ]
        z = end if end == "y" else f"z{i}"
        nodes.append(helper.make_node("Gemm", [last, f"kernel{i}", f"bias{i}"], [z]))
        if end != "y":
            nodes.append(helper.make_node("Relu", [z], [end]))
        last = end
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [rows, width])
        for name, rows, width in (("x", "n", work.widths[0]), ("y", "n", work.widths[-1]))
    ]
    graph = helper.make_graph(nodes, "dense", values[:1], values[1:], weights)
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()


def prediction(work: Prediction) -> list[Variant]:
    import onnxruntime

    model = _model(work)

    def session(n_threads: int):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = n_threads
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def plain(n_threads: int, rows: int) -> Run:
        ready = session(n_threads)
        parts = [work.inputs[i : i + rows] for i in range(0, len(work.inputs), rows)]
        if len(parts) == 1:
            return lambda: ready.run(None, {"x": work.inputs})[0]
        return lambda: np.concatenate([ready.run(None, {"x": part})[0] for part in parts])

    def bound(n_threads: int) -> Run:
        ready = session(n_threads)
        outputs = np.empty((len(work.inputs), work.widths[-1]), np.float32)
        binding = ready.io_binding()
        binding.bind_cpu_input("x", work.inputs)
        binding.bind_output("y", "cpu", 0, np.float32, outputs.shape, outputs.ctypes.data)

        def run() -> np.ndarray:
            ready.run_with_iobinding(binding)
            return outputs

        return run

    variants = []
    for n_threads in sorted({1, thread_counts()[-1]}):
        threads = f"{n_threads} thread{'s' * (n_threads > 1)}"
        variants += [
            Variant(NAME, f"run, {threads}", whole(plain(n_threads, len(work.inputs)))),
            Variant(NAME, f"IOBinding, {threads}", whole(bound(n_threads))),
        ]
        if len(work.inputs) > CHUNK:
            variants.append(
                Variant(NAME, f"run by {CHUNK:,} rows, {threads}", whole(plain(n_threads, CHUNK)))
            )
    return variants
