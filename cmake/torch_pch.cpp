// Empty on purpose: the object that owns the precompiled header.
