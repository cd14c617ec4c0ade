// SPDX-License-Identifier: MIT
/// \file The Python module that a model with a shared library brings along.
#ifndef MLSCRIBE_FLAVOR_SHARED_LIBRARY_LOADER_HPP
#define MLSCRIBE_FLAVOR_SHARED_LIBRARY_LOADER_HPP

#include <mlscribe/config/config.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// `code/mlscribe_ctypes_loader.py`: needs NumPy and the standard library.
inline constexpr const char* shared_library_loader =
    R"python("""Loads a model whose predictor is a shared library in C++ (mlscribe's flavor shared_library)."""
import ctypes
import os
import sys

import numpy

ABI = 1
LIBRARY = "predictor.so"
_MACHINES = {3: "x86", 21: "ppc64", 22: "s390x", 40: "arm", 62: "x86-64", 183: "aarch64", 243: "riscv", 258: "loongarch"}


class _Elf:
    """What the head of a program or library of Linux tells; machine is None where it is none."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self._head = file.read(64)
        self.machine, self.size = None, 0
        if len(self._head) < 64 or self._head[:4] != b"\x7fELF":
            return
        wide = self._head[4] == 2
        self._order = "big" if self._head[5] == 2 else "little"
        number = self._number(18, 2)
        self.machine = "%s (%d bits, %s endian)" % (_MACHINES.get(number, "machine %d" % number), 64 if wide else 32, self._order)
        # The table of sections stands at the end of the file.
        start, entry, count = (self._number(40, 8), self._number(58, 2), self._number(60, 2)) if wide else (
            self._number(32, 4), self._number(46, 2), self._number(48, 2))
        self.size = start + entry * count

    def _number(self, offset, size):
        return int.from_bytes(self._head[offset:offset + size], self._order)


def _open_library(path):
    if not os.path.exists(path):
        raise RuntimeError("%s is missing; log the model again" % path)
    here, there = _Elf(os.path.realpath(sys.executable)), _Elf(path)
    if here.machine and not there.machine:
        raise RuntimeError("%s is no shared library of this system" % path)
    if here.machine != there.machine:
        raise RuntimeError("%s was built for %s, and this Python runs on %s; log a library that was built for this machine" % (path, there.machine, here.machine))
    # The system would kill a Python that runs into the missing part.
    if os.path.getsize(path) < there.size:
        raise RuntimeError("%s was cut off; log the model again" % path)
    try:
        library = ctypes.CDLL(path)
    except OSError as why:
        raise RuntimeError("%s cannot be loaded: %s" % (path, why)) from why
    text, size, table = ctypes.c_char_p, ctypes.c_int64, ctypes.POINTER(ctypes.c_double)
    for name, result, *arguments in (
            ("abi", size),
            ("open", ctypes.c_void_p, text, text, size),
            ("features", size, ctypes.c_void_p),
            ("outputs", size, ctypes.c_void_p),
            ("predict", ctypes.c_int, ctypes.c_void_p, table, size, table, text, size),
            ("close", None, ctypes.c_void_p)):
        try:
            function = getattr(library, "mlscribe_predictor_" + name)
        except AttributeError:
            raise RuntimeError("%s exports no mlscribe_predictor_%s; build it with MLSCRIBE_EXPORT_PREDICTOR" % (path, name)) from None
        function.restype, function.argtypes = result, arguments
        if name == "abi" and function() != ABI:
            raise RuntimeError("%s has version %d of the interface, and this model was logged for version %d; build it with the headers that log it" % (path, function(), ABI))
    return library


class _Predictor:
    def __init__(self, directory):
        self._opened = None
        self._library = _open_library(os.path.join(directory, LIBRARY))
        why = ctypes.create_string_buffer(1024)
        self._opened = self._library.mlscribe_predictor_open(os.fsencode(directory), why, len(why))
        if not self._opened:
            raise RuntimeError("the model's predictor cannot be opened: " + why.value.decode("utf-8", "replace"))
        self._features = self._library.mlscribe_predictor_features(self._opened)
        self._outputs = self._library.mlscribe_predictor_outputs(self._opened)

    def __del__(self):
        if self._opened:
            self._library.mlscribe_predictor_close(self._opened)

    def predict(self, data, params=None):
        """One number for each row, or one row of them where the predictor gives several."""
        rows = numpy.ascontiguousarray(data, dtype=numpy.float64)
        if rows.ndim != 2 or rows.shape[1] != self._features:
            raise ValueError("the model takes a table of %d columns, not one of the shape %s" % (self._features, rows.shape))
        out = numpy.empty((len(rows), self._outputs))
        why = ctypes.create_string_buffer(1024)
        table = ctypes.POINTER(ctypes.c_double)
        if self._library.mlscribe_predictor_predict(
                self._opened, rows.ctypes.data_as(table), len(rows), out.ctypes.data_as(table), why, len(why)) != 0:
            raise RuntimeError("the model's predictor failed: " + why.value.decode("utf-8", "replace"))
        return out[:, 0] if self._outputs == 1 else out


def _load_pyfunc(path, model_config=None):
    return _Predictor(os.path.abspath(path))
)python";

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
