"""What people say of themselves, who may see it, and what they agreed to."""
