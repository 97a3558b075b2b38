"""A project's web site, as the folder of Markdown and data that it is made from."""
