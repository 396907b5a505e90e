"""Attributes that libhdf5 decodes on its way to the one that is asked for."""

import h5py
import numpy as np


def attributes_of_every_type(place):
    """`rate_hz` behind one of every type; the file needs a data set `tracings`."""
    compound = np.dtype([("name", "S8"), ("value", "<f8", (2, 3)), ("of", np.int16)])
    place.attrs["compound"] = np.zeros(2, compound)
    place.attrs["enum"] = np.array([True, False])
    place.attrs["text"] = "of variable length"
    place.attrs["texts"] = ["of", "variable", "length"]
    place.attrs["fixed"] = np.bytes_("fixed")
    place.attrs["opaque"] = np.void(b"opaque")
    place.attrs["reference"] = place.file["tracings"].ref
    place.attrs["region"] = place.file["tracings"].regionref[0]
    sequences = np.empty(1, object)
    sequences[0] = np.array([1, 2], np.int32)
    place.attrs.create("sequence", sequences, dtype=h5py.vlen_dtype(np.int32))
    place.attrs.create("array", np.zeros((2, 3, 4), np.int32), dtype=np.dtype("(3,4)i4"))
    place.attrs["none"] = h5py.Empty("f")
    place.attrs["rate_hz"] = np.float32(250)
