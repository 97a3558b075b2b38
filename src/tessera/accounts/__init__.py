"""Accounts: who signs in, how, and what is asked again before something sensitive."""
