"""Keeps a person's data in and a stranger's tricks out: files, paths, text, network, workers."""
