"""Synthetic people: heads that belong to nobody, films of them, and sample exports made of them."""
