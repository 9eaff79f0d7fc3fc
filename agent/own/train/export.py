"""Writes the averaged weights of a run as GGUF, for llama.cpp, Ollama and the Go program alike.

    python export.py RUN planner.gguf

Matrices are F16, norms F32. The rotary layout needs no change: training turns consecutive pairs, as llama.cpp does for `llama`.
There is no output matrix: readers take the token matrix. The same run gives the same bytes.
"""

import argparse
import hashlib
from pathlib import Path

import gguf
import jax.numpy as jnp
import numpy as np

import checkpoint
import model
import tokenizer
from checkpoint import Settings
from train import Training

NAME = "keymaker-planner"
CONTEXT = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("gguf", type=Path)
    given = parser.parse_args()
    settings, vocabulary = checkpoint.read_settings(given.run), checkpoint.read_vocabulary(given.run)
    state, place = checkpoint.restore(given.run, Training(settings, vocabulary).fresh())
    write(given.gguf, settings, vocabulary, state.average)
    content = given.gguf.read_bytes()
    print(f"{given.gguf}: {len(content)} bytes after {place.step} steps, sha256 {hashlib.sha256(content).hexdigest()}")


def write(path: Path, settings: Settings, vocabulary: tokenizer.Vocabulary, weights: model.Weights) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer, settings, vocabulary)
    shared = jnp.asarray(model.shared_parts(vocabulary))
    for name, tensor in _tensors(weights, np.asarray(model.tables(weights, shared))):
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: gguf.GGUFWriter, settings: Settings, vocabulary: tokenizer.Vocabulary) -> None:
    writer.add_name(NAME)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(settings.width)
    writer.add_block_count(settings.layers)
    writer.add_feed_forward_length(settings.feed_forward)
    writer.add_head_count(settings.heads)
    writer.add_head_count_kv(settings.heads)
    writer.add_layer_norm_rms_eps(model.RMS_EPSILON)
    writer.add_rope_dimension_count(settings.width // settings.heads)
    writer.add_rope_freq_base(model.ROPE_BASE)
    writer.add_vocab_size(len(vocabulary))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(vocabulary.pieces)
    writer.add_token_scores(vocabulary.scores)
    writer.add_token_types(vocabulary.kinds)
    writer.add_unk_token_id(tokenizer.UNKNOWN)
    writer.add_bos_token_id(tokenizer.BEGIN)
    writer.add_eos_token_id(tokenizer.END)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(True)


def _tensors(weights: model.Weights, table: np.ndarray):
    """Names and tensors as llama.cpp wants them: a matrix is stored with one row for each output."""
    yield "token_embd.weight", table.astype(np.float16)
    yield "output_norm.weight", np.asarray(weights["norm"], np.float32)
    for number, layer in enumerate(weights["layers"]):
        q, k, v = np.split(np.asarray(layer["attn_qkv"]), 3, axis=1)
        gate, up = np.split(np.asarray(layer["ffn_gate_up"]), 2, axis=1)
        matrices = {
            "attn_q": q,
            "attn_k": k,
            "attn_v": v,
            "attn_output": np.asarray(layer["attn_output"]),
            "ffn_gate": gate,
            "ffn_up": up,
            "ffn_down": np.asarray(layer["ffn_down"]),
        }
        for name in ("attn_norm", "ffn_norm"):
            yield f"blk.{number}.{name}.weight", np.asarray(layer[name], np.float32)
        for name, matrix in matrices.items():
            yield f"blk.{number}.{name}.weight", np.ascontiguousarray(matrix.T, np.float16)


if __name__ == "__main__":
    main()
