"""What the pages of a web site say of themselves in schema.org, found by its sitemap."""
