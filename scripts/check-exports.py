"""Reads the exports of a sweep back with the tools they are for, and compares them with each other.

Usage: python scripts/check-exports.py FOLDER, which holds out.csv, out.parquet, out.npz, out.optuna, out.tensorboard.
Needs numpy, pandas, pyarrow, optuna and tensorboard.
"""

import json
import os
import sys
import types
import warnings

# TensorBoard without TensorFlow: it then reads files by its own means, whatever else is installed.
sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")

import numpy as np
import optuna
import pandas as pd
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2


def same(a, b, what):
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    assert a.shape == b.shape, (what, a.shape, b.shape)
    assert np.array_equal(a.view(np.int64)[~np.isnan(a)], b.view(np.int64)[~np.isnan(b)]), what
    assert np.array_equal(np.isnan(a), np.isnan(b)), what


def check_tables(folder):
    """Parquet, CSV and npz hold the same rows, every number with all its bits."""
    parquet = pd.read_parquet(f"{folder}/out.parquet")
    csv = pd.read_csv(f"{folder}/out.csv", float_precision="round_trip")
    arrays = np.load(f"{folder}/out.npz")
    assert list(parquet.columns) == list(csv.columns)
    assert len(parquet) == len(csv) == len(arrays["trial"])
    for name in parquet.columns:
        column = parquet[name]
        if name in ("status", "batch"):
            assert list(column) == list(csv[name]) == list(arrays[f"choices.{name}"][arrays[name]])
        elif f"choices.{name.removeprefix('parameters.')}" not in arrays:
            same(column, csv[name], name)
            same(column, arrays[name], name)
        elif all(isinstance(text, str) and text[:1] in "[{" for text in column.dropna()):
            # Lists and groups: the same JSON in every form.
            choices, codes = arrays[f"choices.{name.removeprefix('parameters.')}"], arrays[name]
            for text, other, code in zip(column, csv[name], codes):
                assert text == other == choices[code], (name, text, other)
                json.loads(text)
    assert str(parquet["trial"].dtype) == "int64"
    return parquet


def check_optuna(folder, table):
    """Every trial is there with its state, its parameters and its values on the way."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = JournalStorage(JournalFileBackend(f"{folder}/out.optuna"))
    (summary,) = optuna.get_all_study_summaries(storage)
    study = optuna.load_study(study_name=summary.study_name, storage=storage)
    by_trial = {trial: rows for trial, rows in table.groupby("trial")}
    assert len(study.trials) == min(5000, len(by_trial))
    for trial in study.trials:
        rows = by_trial[trial.user_attrs["zenoflow:trial"]]
        last = rows.iloc[-1]
        for name, value in trial.params.items():
            stored = last[f"parameters.{name}"]
            if isinstance(value, float) or (isinstance(value, str) and value[:1] in "[{"):
                assert value == stored, (trial.number, name)
            assert trial.distributions[name]._contains(
                trial.distributions[name].to_internal_repr(value)
            ), (trial.number, name, value)
        steps = rows.dropna(subset=["value"])["steps"]
        assert set(steps) <= set(trial.intermediate_values), trial.number
        if trial.state.name == "COMPLETE":
            assert trial.value == last["value"]
        elif trial.state.name == "FAIL":
            assert last["status"] in ("diverged", "error") or not np.isfinite(last["value"])
    return {state.name: sum(t.state == state for t in study.trials) for state in optuna.trial.TrialState}


def check_tensorboard(folder, table):
    """Curves stand at the steps of the rungs; the best runs carry their settings."""
    root = f"{folder}/out.tensorboard"
    ok = table[table["status"] == "ok"]
    names = sorted(os.listdir(f"{root}/quantiles"))
    for name in names:
        events = EventAccumulator(f"{root}/quantiles/{name}").Reload()
        curve = events.Scalars("value")
        steps = sorted(ok["steps"].unique())
        assert [event.step for event in curve] == steps, (name, steps)
        for event in curve:
            values = ok[ok["steps"] == event.step]["value"]
            assert np.isclose(event.value, np.quantile(values, int(name) / 100), rtol=1e-6)
    best = sorted(os.listdir(f"{root}/best"))
    for name in best:
        events = EventAccumulator(f"{root}/best/{name}").Reload()
        trial = int(name.rsplit("-", 1)[1])
        rows = table[table["trial"] == trial]
        assert [event.step for event in events.Scalars("value")] == list(rows["steps"])
        contents = events.summary_metadata["_hparams_/session_start_info"].plugin_data.content
        settings = plugin_data_pb2.HParamsPluginData.FromString(contents).session_start_info.hparams
        assert "train.lr" not in settings or settings["train.lr"].number_value == rows.iloc[0]["parameters.train.lr"]
        assert len(settings) > 0
        for key, setting in settings.items():
            stored = rows.iloc[0][f"parameters.{key}"]
            if isinstance(stored, str) and stored[:1] in "[{":
                assert setting.string_value == stored, (key, setting, stored)
        end = events.summary_metadata["_hparams_/session_end_info"].plugin_data.content
        assert plugin_data_pb2.HParamsPluginData.FromString(end).session_end_info.status == 1
    return names, best


def main():
    folder = sys.argv[1]
    warnings.simplefilter("ignore")
    table = check_tables(folder)
    print(f"csv, parquet, npz: {len(table)} rows, {len(table.columns)} columns, the same bits")
    print("optuna:", check_optuna(folder, table))
    print("tensorboard:", *check_tensorboard(folder, table))


if __name__ == "__main__":
    main()
