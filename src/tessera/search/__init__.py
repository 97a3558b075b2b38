"""The heart of the site: Explore, record pages, suggestions. No models."""
